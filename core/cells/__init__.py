"""One file, one cell: its source, its signals with their equations, and one time step.

A cell is a description and a step; it holds no weights. They are passed to it, so that one step serves a stored run, a
training, and every transformation of ``torch.func``. Naming a cell, or asking for the shapes of its weights, does not
import torch.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from core.choices.registry import Registry
from core.signals import Role as Role
from core.signals import Signal as Signal

if TYPE_CHECKING:
    from torch import Generator, Tensor

    Hold = Callable[[str, Tensor], Tensor]

Shapes = dict[str, tuple[int, ...]]
Weights = Mapping[str, "Tensor"]

cells: Registry[type[Cell]] = Registry("cell", __name__)


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


@dataclass(frozen=True)
class Cell(ABC):
    """One layer at one time step, with torch's parameter names, shapes and block order. Its fields are its options.

    title, source : name for the reader; author, year and equation numbers
    signals : every quantity inside, by name, in the order in which they are computed
    blocks : the signals whose weights are stacked in one matrix, in order
    state : named tuple of what one time step hands to the next; ``hidden`` is its first part
    own : parameters beside torch's four, one number for each unit, with their LaTeX symbols
    fused : name of the module of ``torch.nn`` with the same equations, if there is one; training uses its kernel

    weight_ih : (block * unit, feature);  weight_hh : (block * unit, unit);  bias_ih, bias_hh : (block * unit,)
    """

    title: ClassVar[str]
    source: ClassVar[str]
    signals: ClassVar[Mapping[str, Signal]]
    blocks: ClassVar[tuple[str, ...]]
    state: ClassVar[Callable[..., Any]]
    own: ClassVar[Mapping[str, str]] = {}
    fused: ClassVar[str | None] = None

    def shapes(self, input_size: int, hidden_size: int) -> Shapes:
        """Shape of every parameter by name, in the order in which they are drawn."""
        rows = len(self.blocks) * hidden_size
        fours = {"weight_ih": (rows, input_size), "weight_hh": (rows, hidden_size), "bias_ih": (rows,)}
        return {**fours, "bias_hh": (rows,), **dict.fromkeys(self.own, (hidden_size,))}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every parameter from U(-1/sqrt(unit count), 1/sqrt(unit count)), torch's default, in order."""
        bound = 1 / math.sqrt(weights["weight_hh"].shape[1])
        for parameter in weights.values():
            parameter.uniform_(-bound, bound, generator=generator)

    def initial_state(self, zeros: Tensor) -> Any:
        """The state before the first time step. Shape of ``zeros`` and of each part: (example, unit)."""
        parts: tuple[str, ...] = self.state._fields  # type: ignore[attr-defined]
        return self.state(*(zeros for _ in parts))

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """W_ih x + b_ih, of one time step or of all in one product. Shape: (..., feature) to (..., block * unit)."""
        from torch.nn.functional import linear

        return linear(inputs, weights["weight_ih"], weights["bias_ih"])

    def recur(self, weights: Weights, hidden: Tensor) -> Tensor:
        """W_hh h + b_hh. Shape: (example, unit) to (example, block * unit)."""
        from torch.nn.functional import linear

        return linear(hidden, weights["weight_hh"], weights["bias_hh"])

    @abstractmethod
    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """One time step, from what input and hidden state add to every pre-activation, and the state before it.

        weights : by name; only a cell with parameters of its own needs them here
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

    def advance(self, weights: Weights, from_input: Tensor, state: Any, hold: Hold = free) -> Step:
        """One time step from a projected input. Shape of ``from_input``: (example, block * unit)."""
        return self.step(weights, from_input, self.recur(weights, state.hidden), state, hold)
