"""The simple recurrent network: the new hidden state is a squashed sum of the input and the old one.

Source: Elman (1990), Finding structure in time, Cognitive Science 14; with tanh, as torch.nn.RNN has it.
"""

from typing import NamedTuple

from torch import Tensor, nn

from core.cells.cell import Cell, Hold, Role, Signal, Step, cells


class State(NamedTuple):
    hidden: Tensor  # (example, unit)


@cells.register
class Elman(Cell):
    title = "Elman RNN"
    source = "Elman 1990"
    fused = nn.RNN
    blocks = ("hidden_state",)
    signals = {
        "hidden_state": Signal(
            "h_t",
            r"\tanh(W_{xh} x_t + b_{xh} + W_{hh} h_{t-1} + b_{hh})",
            Role.STATE,
            "tanh({hidden_state.x} + {hidden_state.h})",
        ),
    }

    def initial_state(self, batch_size: int) -> State:
        return State(self.weight_hh.new_zeros(batch_size, self.hidden_size))

    def step(self, from_input: Tensor, from_hidden: Tensor, state: State, hold: Hold) -> Step:
        h = hold("hidden_state", (from_input + from_hidden).tanh())
        return Step(h, State(h), {"hidden_state": h})
