"""Long short-term memory: an additive cell state behind three gates.

Source: Hochreiter and Schmidhuber (1997), Long short-term memory, Neural Computation 9, with the forget gate of
Gers, Schmidhuber and Cummins (2000), Learning to forget, Neural Computation 12. As in these and in torch.nn.LSTM,
no gate looks at the cell state; ``peephole_lstm`` is the later cell whose gates do.
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
    """What an LSTM hands from one time step to the next."""

    hidden: Tensor  # (example, unit)
    cell: Tensor  # (example, unit)


@cells.register
@dataclass(frozen=True)
class LSTM(Cell):
    """A long short-term memory cell with input, forget and output gates.

    Parameters
    ----------
    forget_bias
        The bias of the forget gate before training, from -5 to 5. None leaves it as drawn.
    """

    title = "LSTM"
    source = "Hochreiter and Schmidhuber 1997; Gers et al. 2000"
    fused = "LSTM"
    state = State
    blocks = ("input_gate", "forget_gate", "candidate", "output_gate")
    signals = {
        "input_gate": Signal(
            "i_t",
            r"\sigma(W_{xi} x_t + b_{xi} + W_{hi} h_{t-1} + b_{hi})",
            Role.GATE,
            "sigma({input_gate.x} + {input_gate.h})",
        ),
        "forget_gate": Signal(
            "f_t",
            r"\sigma(W_{xf} x_t + b_{xf} + W_{hf} h_{t-1} + b_{hf})",
            Role.GATE,
            "sigma({forget_gate.x} + {forget_gate.h})",
        ),
        "candidate": Signal(
            "g_t",
            r"\tanh(W_{xg} x_t + b_{xg} + W_{hg} h_{t-1} + b_{hg})",
            Role.CANDIDATE,
            "tanh({candidate.x} + {candidate.h})",
        ),
        "output_gate": Signal(
            "o_t",
            r"\sigma(W_{xo} x_t + b_{xo} + W_{ho} h_{t-1} + b_{ho})",
            Role.GATE,
            "sigma({output_gate.x} + {output_gate.h})",
        ),
        "cell_state": Signal(
            "c_t",
            r"f_t \odot c_{t-1} + i_t \odot g_t",
            Role.STATE,
            "{forget_gate} * {cell_state.previous} + {input_gate} * {candidate}",
        ),
        "hidden_state": Signal("h_t", r"o_t \odot \tanh(c_t)", Role.STATE, "{output_gate} * tanh({cell_state})"),
    }

    forget_bias: float | None = option(None, Range(-5, 5, whole=False, optional=True))

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every parameter, then set both biases of the forget gate so that their sum is ``forget_bias``.

        Notes
        -----
        A gate that begins open lets the gradient through from the first update on. Source: Jozefowicz, Zaremba and
        Sutskever (2015), An empirical exploration of recurrent network architectures.
        """
        super().initialise(weights, generator)
        if self.forget_bias is not None:
            weights["bias_ih"].chunk(4)[1].fill_(self.forget_bias)
            weights["bias_hh"].chunk(4)[1].zero_()

    def before(self, from_input: Tensor, from_hidden: Tensor, hidden: Tensor, state: Any) -> State:
        """Return the hidden and the cell state before every time step, given the hidden state."""
        import torch

        from core.recurrence import linear_recurrence

        i, f, g, _ = (from_input + from_hidden).chunk(4, dim=2)
        cell = linear_recurrence(f.sigmoid(), i.sigmoid() * g.tanh(), state.cell)
        return State(hidden, torch.cat([state.cell[:, None], cell[:, :-1]], dim=1))

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """Compute one time step from the equations of ``signals``."""
        i, f, g, o = (from_input + from_hidden).chunk(4, dim=1)
        i = hold("input_gate", i.sigmoid())
        f = hold("forget_gate", f.sigmoid())
        g = hold("candidate", g.tanh())
        o = hold("output_gate", o.sigmoid())
        c = hold("cell_state", f * state.cell + i * g)
        h = hold("hidden_state", o * c.tanh())
        signals = {
            "input_gate": i,
            "forget_gate": f,
            "candidate": g,
            "output_gate": o,
            "cell_state": c,
            "hidden_state": h,
        }
        return Step(h, State(h, c), signals)
