"""A small eye: convolutions that turn a picture into a grid of places, each with its features and its coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.cells import Shapes, Weights
from core.layers import Part, draw

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Kernel(NamedTuple):
    """One convolution: its output channels, the side of its kernel, and its stride, both in pixels of its input."""

    channels: int
    side: int
    stride: int


CONVOLUTIONS = (Kernel(16, 5, 2), Kernel(32, 3, 2), Kernel(32, 3, 1))
"""With the last one, each place has a receptive field of 17 pixels, more than the 11 of the largest shape."""

COORDINATES = 2


@dataclass(frozen=True)
class Eye(Part):
    """v = LayerNorm([ReLU(conv(ReLU(conv(ReLU(conv(x)))))), row, column]).

    Parameters
    ----------
    name
        The name of the part in the network.
    channels, rows, columns
        The size of the picture.
    """

    name: str
    channels: int
    rows: int
    columns: int

    @property
    def grid(self) -> tuple[int, int]:
        """How many rows and columns of places there are."""
        rows, columns = self.rows, self.columns
        for _, _, stride in CONVOLUTIONS:
            rows, columns = -(-rows // stride), -(-columns // stride)
        return rows, columns

    @property
    def features(self) -> int:
        """How many numbers each place has, including its coordinates."""
        return CONVOLUTIONS[-1].channels + COORDINATES

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        inputs = (self.channels, *(kernel.channels for kernel in CONVOLUTIONS))
        found: Shapes = {}
        for number, (before, kernel) in enumerate(zip(inputs, CONVOLUTIONS, strict=False)):
            found[f"{self.name}.conv{number}.weight"] = (kernel.channels, before, kernel.side, kernel.side)
            found[f"{self.name}.conv{number}.bias"] = (kernel.channels,)
        found[f"{self.name}.norm.weight"] = (self.features,)
        found[f"{self.name}.norm.bias"] = (self.features,)
        return found

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        for number in range(len(CONVOLUTIONS)):
            kernel = weights[f"{self.name}.conv{number}.weight"]
            names = (f"{self.name}.conv{number}.weight", f"{self.name}.conv{number}.bias")
            draw(weights, names, kernel[0].numel(), generator)
        weights[f"{self.name}.norm.weight"].fill_(1)
        weights[f"{self.name}.norm.bias"].zero_()

    def __call__(self, weights: Weights, pictures: Tensor) -> Tensor:
        """Return the features of every place. Shape: (example, channel, row, column) to (example, place, feature)."""
        import torch
        from torch.nn.functional import conv2d, layer_norm

        seen = pictures
        for number, kernel in enumerate(CONVOLUTIONS):
            weight, bias = (weights[f"{self.name}.conv{number}.{part}"] for part in ("weight", "bias"))
            seen = conv2d(seen, weight, bias, stride=kernel.stride, padding=kernel.side // 2).relu()
        rows, columns = self.grid
        down, across = torch.linspace(-1, 1, rows), torch.linspace(-1, 1, columns)
        where = torch.stack(torch.meshgrid(down, across, indexing="ij")).expand(len(seen), -1, -1, -1)
        places = torch.cat([seen, where.to(seen.dtype)], dim=1).flatten(2).transpose(1, 2)
        scale, shift = weights[f"{self.name}.norm.weight"], weights[f"{self.name}.norm.bias"]
        return layer_norm(places, (self.features,), scale, shift)

    def multiplications(self) -> float:
        """Return how many multiplications the convolutions take for one picture."""
        rows, columns = self.rows, self.columns
        total = 0.0
        for kernel, shape in zip(CONVOLUTIONS, [one for one in self.shapes().values() if len(one) == 4], strict=True):
            rows, columns = -(-rows // kernel.stride), -(-columns // kernel.stride)
            total += rows * columns * shape[0] * shape[1] * shape[2] * shape[3]
        return total
