"""Gated recurrent unit: one gate mixes the old state with a candidate, another decides what the candidate sees.

Source: Cho et al. (2014), Learning phrase representations using RNN encoder-decoder, section 2.3, in torch's
convention. An update gate z near 1 keeps the old state, as in the text of the paper; many other texts have it the other
way round. The reset gate acts after the matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Role, Signal, Step, Weights, cells

if TYPE_CHECKING:
    from torch import Tensor

    from core.cells import Hold


class State(NamedTuple):
    """What a GRU hands from one time step to the next."""

    hidden: Tensor  # (example, unit)


@cells.register
@dataclass(frozen=True)
class GRU(Cell):
    """A gated recurrent unit with a reset gate and an update gate."""

    title = "GRU"
    source = "Cho et al. 2014"
    fused = "GRU"
    state = State
    blocks = ("reset_gate", "update_gate", "candidate")
    signals = {
        "reset_gate": Signal(
            "r_t",
            r"\sigma(W_{xr} x_t + b_{xr} + W_{hr} h_{t-1} + b_{hr})",
            Role.GATE,
            "sigma({reset_gate.x} + {reset_gate.h})",
        ),
        "update_gate": Signal(
            "z_t",
            r"\sigma(W_{xz} x_t + b_{xz} + W_{hz} h_{t-1} + b_{hz})",
            Role.GATE,
            "sigma({update_gate.x} + {update_gate.h})",
        ),
        "candidate": Signal(
            "n_t",
            r"\tanh(W_{xn} x_t + b_{xn} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))",
            Role.CANDIDATE,
            "tanh({candidate.x} + {reset_gate} * {candidate.h})",
        ),
        "hidden_state": Signal(
            "h_t",
            r"(1 - z_t) \odot n_t + z_t \odot h_{t-1}",
            Role.STATE,
            "(1 - {update_gate}) * {candidate} + {update_gate} * {hidden_state.previous}",
        ),
    }

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """Compute one time step from the equations of ``signals``."""
        x_r, x_z, x_n = from_input.chunk(3, dim=1)
        h_r, h_z, h_n = from_hidden.chunk(3, dim=1)
        r = hold("reset_gate", (x_r + h_r).sigmoid())
        z = hold("update_gate", (x_z + h_z).sigmoid())
        n = hold("candidate", (x_n + r * h_n).tanh())
        h = hold("hidden_state", (1 - z) * n + z * state.hidden)
        return Step(h, State(h), {"reset_gate": r, "update_gate": z, "candidate": n, "hidden_state": h})
