"""The cell protocol: one time step of recurrence that also says what happened inside it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Generator, Tensor, nn

from core.cells import cells as cells
from core.signals import Role as Role
from core.signals import Signal as Signal

Hold = Callable[[str, Tensor], Tensor]
"""What becomes of a signal, by its name, before anything is read from it. Shape: (example, unit) to the same."""


def free(name: str, signal: Tensor) -> Tensor:
    """The hold of a network that is left alone: every signal as it was computed."""
    return signal


class Step(NamedTuple):
    """What one time step gives back.

    output : (example, unit), what the next layer sees
    state : named tuple of (example, unit), what the next time step needs
    signals : by name, (example, unit) each, what a person wants to see
    """

    output: Tensor
    state: Any
    signals: Mapping[str, Tensor]


class Cell(nn.Module, ABC):
    """One layer at one time step, with torch's parameter names, shapes and block order.

    title, source : name for the reader; author, year and equation numbers
    signals : every quantity inside, by name, in the order in which they are computed
    blocks : the signals whose weights are stacked in one matrix, in order
    fused : torch's module with the same equations, if it has one; training uses it

    weight_ih : (block * unit, feature);  weight_hh : (block * unit, unit);  bias_ih, bias_hh : (block * unit,)
    """

    title: ClassVar[str]
    source: ClassVar[str]
    signals: ClassVar[Mapping[str, Signal]]
    blocks: ClassVar[tuple[str, ...]]
    fused: ClassVar[Callable[..., nn.RNNBase] | None] = None

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        rows = len(self.blocks) * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(rows, input_size))
        self.weight_hh = nn.Parameter(torch.empty(rows, hidden_size))
        self.bias_ih = nn.Parameter(torch.empty(rows))
        self.bias_hh = nn.Parameter(torch.empty(rows))
        self.kernel: Callable[..., Any] | None = self._kernel() if self.fused is not None else None

    def _kernel(self) -> Callable[..., Any]:
        """Torch's module for one layer, reading this cell's parameters; made without weights of its own."""
        module = type(self).fused(self.input_size, self.hidden_size, batch_first=True, device="meta")  # type: ignore[misc]
        for name, parameter in self.named_parameters():
            setattr(module, f"{name}_l0", parameter)
        return module.forward

    def initialise(self, generator: Generator) -> None:
        """Draw every parameter from U(-1/sqrt(unit count), 1/sqrt(unit count)), torch's default, in order."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    @abstractmethod
    def initial_state(self, batch_size: int) -> Any:
        """Zeros. Shape of each tensor: (example, unit)."""

    def project(self, inputs: Tensor) -> Tensor:
        """W_ih x + b_ih, of one time step or of all in one product. Shape: (..., feature) to (..., block * unit)."""
        return nn.functional.linear(inputs, self.weight_ih, self.bias_ih)

    def recur(self, hidden: Tensor) -> Tensor:
        """W_hh h + b_hh. Shape: (example, unit) to (example, block * unit)."""
        return nn.functional.linear(hidden, self.weight_hh, self.bias_hh)

    @abstractmethod
    def step(self, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """One time step, from what input and hidden state add to every pre-activation, and the state before it.

        from_input, from_hidden : (example, block * unit), as ``project`` and ``recur`` give them
        hold : every signal passes through it as soon as it is computed, so that any can be set from outside
        """

    def before(self, from_input: Tensor, from_hidden: Tensor, hidden: Tensor, state: Any) -> Any:
        """The state before every time step, if the hidden state before every time step is known.

        With it the readable ``step`` says what happened at all time steps at once. A cell with a fused kernel and more
        state than the hidden one says here how the rest follows.

        from_input, from_hidden : (example, time, block * unit);  hidden : (example, time, unit);
        state : before the first time step
        """
        return type(state)(hidden)

    def advance(self, from_input: Tensor, state: Any, hold: Hold = free) -> Step:
        """One time step from a projected input. Shape of ``from_input``: (example, block * unit)."""
        return self.step(from_input, self.recur(state.hidden), state, hold)

    def forward(self, x: Tensor, state: Any, hold: Hold = free) -> Step:
        """One time step. Shape of ``x``: (example, feature)."""
        return self.advance(self.project(x), state, hold)
