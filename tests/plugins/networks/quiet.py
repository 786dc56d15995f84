"""A stack of cells whose readout hears only a part of each state: a new network may begin from one that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cells import Weights
from core.choices.allowed import Range
from core.choices.options import option
from core.networks import networks
from core.networks.recurrent import Recurrent

if TYPE_CHECKING:
    from torch import Tensor


@networks.register
@dataclass(frozen=True)
class Quiet(Recurrent):
    """y_t = W_hy (volume h_t) + b_y."""

    volume: float = option(0.5, Range(0.1, 1, whole=False))

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        return self.readout(weights, self.volume * outputs)
