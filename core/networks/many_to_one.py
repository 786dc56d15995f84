"""One prediction after the last time step."""

from torch import Tensor

from core.networks.network import Network, networks


@networks.register
class ManyToOne(Network):
    """y = W_hy h_T + b_y. Shape: (example, time, unit) to (example, output)."""

    def read(self, outputs: Tensor) -> Tensor:
        predictions: Tensor = self.readout(outputs[:, -1])
        return predictions
