"""Parts from which networks are built.

A part holds no weights: it says which weights it needs, and they are passed to it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cells import Shapes, Weights

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Part(ABC):
    """A part of a network that needs weights; asking for their shapes does not import torch."""

    @abstractmethod
    def shapes(self) -> Shapes:
        """Shape of every weight by its name in the network, in the order in which they are drawn."""

    @abstractmethod
    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight. ``weights`` are those of the whole network."""


@dataclass(frozen=True)
class Linear(Part):
    """y = W x + b, with weights drawn from U(-1/sqrt(inputs), 1/sqrt(inputs)), torch's default.

    Parameters
    ----------
    name
        The name of the part in the network.
    inputs, outputs
        How many features are read and returned.
    """

    name: str
    inputs: int
    outputs: int

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {f"{self.name}.weight": (self.outputs, self.inputs), f"{self.name}.bias": (self.outputs,)}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        draw(weights, self.shapes(), self.inputs, generator)

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        """Return W x + b. Shape: (..., inputs) to (..., outputs)."""
        from torch.nn.functional import linear

        return linear(x, weights[f"{self.name}.weight"], weights[f"{self.name}.bias"])


def draw(weights: Weights, names: Iterable[str], inputs: int, generator: Generator) -> None:
    """Draw the named weights from U(-1/sqrt(inputs), 1/sqrt(inputs)), in order."""
    bound = 1 / math.sqrt(inputs)
    for name in names:
        weights[name].uniform_(-bound, bound, generator=generator)
