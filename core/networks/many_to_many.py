"""A prediction at every time step."""

from torch import Tensor

from core.networks.network import Network, networks


@networks.register
class ManyToMany(Network):
    """y_t = W_hy h_t + b_y. Shape: (example, time, unit) to (example, time, output)."""

    def read(self, outputs: Tensor) -> Tensor:
        predictions: Tensor = self.readout(outputs)
        return predictions
