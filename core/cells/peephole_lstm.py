"""An LSTM whose gates look at the cell state through peephole connections, one weight for each unit.

Source: Gers and Schmidhuber (2000), Recurrent nets that time and count, IJCNN; Gers, Schraudolph and Schmidhuber
(2002), Learning precise timing with LSTM recurrent networks, JMLR 3, equations 2 to 6: the input and forget gates see
c_{t-1}, the output gate sees c_t. This cell differs from them in one way: its peephole weights are drawn like all other
weights and do not begin at zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Role, Signal, Step, Weights, cells

if TYPE_CHECKING:
    from torch import Tensor

    from core.cells import Hold


class State(NamedTuple):
    """What a peephole LSTM hands from one time step to the next."""

    hidden: Tensor  # (example, unit)
    cell: Tensor  # (example, unit)


@cells.register
@dataclass(frozen=True)
class PeepholeLSTM(Cell):
    """An LSTM whose gates also look at the cell state, through one weight for each unit."""

    title = "Peephole LSTM"
    source = "Gers and Schmidhuber 2000"
    state = State
    blocks = ("input_gate", "forget_gate", "candidate", "output_gate")
    own = {"peephole_input": "w_{ci}", "peephole_forget": "w_{cf}", "peephole_output": "w_{co}"}
    signals = {
        "input_gate": Signal(
            "i_t",
            r"\sigma(W_{xi} x_t + b_{xi} + W_{hi} h_{t-1} + b_{hi} + w_{ci} \odot c_{t-1})",
            Role.GATE,
            "sigma({input_gate.x} + {input_gate.h} + {peephole_input} * {cell_state.previous})",
        ),
        "forget_gate": Signal(
            "f_t",
            r"\sigma(W_{xf} x_t + b_{xf} + W_{hf} h_{t-1} + b_{hf} + w_{cf} \odot c_{t-1})",
            Role.GATE,
            "sigma({forget_gate.x} + {forget_gate.h} + {peephole_forget} * {cell_state.previous})",
        ),
        "candidate": Signal(
            "g_t",
            r"\tanh(W_{xg} x_t + b_{xg} + W_{hg} h_{t-1} + b_{hg})",
            Role.CANDIDATE,
            "tanh({candidate.x} + {candidate.h})",
        ),
        "cell_state": Signal(
            "c_t",
            r"f_t \odot c_{t-1} + i_t \odot g_t",
            Role.STATE,
            "{forget_gate} * {cell_state.previous} + {input_gate} * {candidate}",
        ),
        "output_gate": Signal(
            "o_t",
            r"\sigma(W_{xo} x_t + b_{xo} + W_{ho} h_{t-1} + b_{ho} + w_{co} \odot c_t)",
            Role.GATE,
            "sigma({output_gate.x} + {output_gate.h} + {peephole_output} * {cell_state})",
        ),
        "hidden_state": Signal("h_t", r"o_t \odot \tanh(c_t)", Role.STATE, "{output_gate} * tanh({cell_state})"),
    }

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """Compute one time step from the equations of ``signals``."""
        i, f, g, o = (from_input + from_hidden).chunk(4, dim=1)
        i = hold("input_gate", (i + weights["peephole_input"] * state.cell).sigmoid())
        f = hold("forget_gate", (f + weights["peephole_forget"] * state.cell).sigmoid())
        g = hold("candidate", g.tanh())
        c = hold("cell_state", f * state.cell + i * g)
        o = hold("output_gate", (o + weights["peephole_output"] * c).sigmoid())
        h = hold("hidden_state", o * c.tanh())
        gates = {"input_gate": i, "forget_gate": f, "candidate": g, "cell_state": c, "output_gate": o}
        return Step(h, State(h, c), {**gates, "hidden_state": h})
