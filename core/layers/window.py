"""A weighted sum of the latest inputs: the memory of a network without recurrence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cells import Shapes, Weights
from core.layers import Part, draw

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Window(Part):
    """y_t = sum_k W_k x_{t-k} + b,  k = 0 ... taps - 1.

    The last ``taps`` - 1 inputs are carried along in a delay line, which is zeros at first. Its shape is
    (example, ``taps`` - 1, feature).

    Parameters
    ----------
    name
        The name of the part in the network. Its weight has the shape (output, feature, tap), with the latest tap last.
    taps
        How many inputs are seen, including the present one.
    inputs, outputs
        How many features are read and returned.
    """

    name: str
    taps: int
    inputs: int
    outputs: int

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {f"{self.name}.weight": (self.outputs, self.inputs, self.taps), f"{self.name}.bias": (self.outputs,)}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        draw(weights, self.shapes(), self.inputs * self.taps, generator)

    def empty(self, weights: Weights, examples: int) -> Tensor:
        """Return the delay line before the first input."""
        return weights[f"{self.name}.bias"].new_zeros(examples, self.taps - 1, self.inputs)

    def __call__(self, weights: Weights, x: Tensor, line: Tensor) -> tuple[Tensor, Tensor]:
        """Return the sums at every time step, and the delay line after the last.

        Parameters
        ----------
        x
            Shape: (example, time, feature).

        Returns
        -------
        tuple
            The sums, of the shape (example, time, output), and the delay line.
        """
        import torch
        from torch.nn.functional import conv1d

        whole = torch.cat([line, x], dim=1)
        sums = conv1d(whole.transpose(1, 2), weights[f"{self.name}.weight"], weights[f"{self.name}.bias"])
        return sums.transpose(1, 2), whole[:, whole.shape[1] - (self.taps - 1) :]
