"""The simple recurrent network: the new hidden state is a squashed weighted sum of the input and the old hidden state.

Source: Elman (1990), Finding structure in time, Cognitive Science 14; here with tanh, as in torch.nn.RNN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Role, Signal, Step, Weights, cells

if TYPE_CHECKING:
    from torch import Tensor

    from core.cells import Hold


class State(NamedTuple):
    """What an Elman cell hands from one time step to the next."""

    hidden: Tensor  # (example, unit)


@cells.register
@dataclass(frozen=True)
class Elman(Cell):
    """A simple recurrent cell: its new hidden state is tanh of a weighted sum of the input and the old one."""

    title = "Elman RNN"
    source = "Elman 1990"
    fused = "RNN"
    state = State
    blocks = ("hidden_state",)
    signals = {
        "hidden_state": Signal(
            "h_t",
            r"\tanh(W_{xh} x_t + b_{xh} + W_{hh} h_{t-1} + b_{hh})",
            Role.STATE,
            "tanh({hidden_state.x} + {hidden_state.h})",
        ),
    }

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """Compute one time step from the equations of ``signals``."""
        h = hold("hidden_state", (from_input + from_hidden).tanh())
        return Step(h, State(h), {"hidden_state": h})
