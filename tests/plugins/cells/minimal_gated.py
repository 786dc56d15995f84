"""Minimal gated unit: one gate forgets, writes and resets.

Source: Zhou et al. (2016), Minimal gated unit for recurrent neural networks, Int. J. Automation and Computing 13; here
the gate acts after the matrix product, as in torch's GRU.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Role, Signal, Step, Weights, cells
from core.choices.allowed import Range
from core.choices.options import option

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from core.cells import Hold


class State(NamedTuple):
    hidden: Tensor  # (example, unit)


@cells.register
@dataclass(frozen=True)
class MinimalGated(Cell):
    """slope_scale : of the slopes before training; they are learned, one for each unit."""

    slope_scale: float = option(1.0, Range(0, 4, whole=False))

    title = "Minimal gated unit"
    source = "Zhou et al. 2016"
    state = State
    blocks = ("forget_gate", "candidate")
    own = {"slope": "a"}
    signals = {
        "forget_gate": Signal(
            "f_t",
            r"\sigma(W_{xf} x_t + b_{xf} + W_{hf} h_{t-1} + b_{hf} + a \odot h_{t-1})",
            Role.GATE,
            "sigma({forget_gate.x} + {forget_gate.h} + {slope} * {hidden_state.previous})",
        ),
        "candidate": Signal(
            r"\tilde h_t",
            r"\tanh(W_{xh} x_t + b_{xh} + f_t \odot (W_{hh} h_{t-1} + b_{hh}))",
            Role.CANDIDATE,
            "tanh({candidate.x} + {forget_gate} * {candidate.h})",
        ),
        "hidden_state": Signal(
            "h_t",
            r"(1 - f_t) \odot h_{t-1} + f_t \odot \tilde h_t",
            Role.STATE,
            "(1 - {forget_gate}) * {hidden_state.previous} + {forget_gate} * {candidate}",
        ),
    }

    def initialise(self, weights: Weights, generator: Generator) -> None:
        super().initialise(weights, generator)
        weights["slope"].mul_(self.slope_scale)

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        x_f, x_n = from_input.chunk(2, dim=1)
        h_f, h_n = from_hidden.chunk(2, dim=1)
        f = hold("forget_gate", (x_f + h_f + weights["slope"] * state.hidden).sigmoid())
        n = hold("candidate", (x_n + f * h_n).tanh())
        h = hold("hidden_state", (1 - f) * state.hidden + f * n)
        return Step(h, State(h), {"forget_gate": f, "candidate": n, "hidden_state": h})
