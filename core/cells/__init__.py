"""Each file defines one cell: its source, its signals with their equations, and one time step.

A cell is a description and a step. It holds no weights: they are passed to it, so that the same step serves stored
runs, training, and every transformation of ``torch.func``. Naming a cell, or asking for the shapes of its weights, does
not import torch.
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
    """Return every signal as it was computed: the hold that changes nothing."""
    return signal


class Step(NamedTuple):
    """The results of one time step.

    Attributes
    ----------
    output
        What the next layer reads. Shape: (example, unit).
    state
        What the next time step needs: a named tuple whose parts have the shape (example, unit).
    signals
        Every quantity that can be looked at, by name. Shape of each: (example, unit).
    """

    output: Tensor
    state: Any
    signals: Mapping[str, Tensor]


@dataclass(frozen=True)
class Cell(ABC):
    """The computation of one layer at one time step.

    Its fields are its options.

    Attributes
    ----------
    title
        The name that the reader sees.
    source
        Author, year and equation numbers.
    signals
        Every quantity inside, by name, in the order in which they are computed.
    blocks
        The signals whose weights are stacked in one matrix, in order.
    state
        A named tuple of what one time step hands to the next. ``hidden`` is its first part.
    own
        The parameters in addition to torch's four, with their LaTeX symbols. Each has one number for each unit.
    fused
        The name of the module of ``torch.nn`` with the same equations, if there is one. Training then uses its kernel.

    Notes
    -----
    The parameters have torch's names, shapes and block order:

    - ``weight_ih``: (block * unit, feature)
    - ``weight_hh``: (block * unit, unit)
    - ``bias_ih`` and ``bias_hh``: (block * unit,)
    """

    title: ClassVar[str]
    source: ClassVar[str]
    signals: ClassVar[Mapping[str, Signal]]
    blocks: ClassVar[tuple[str, ...]]
    state: ClassVar[Callable[..., Any]]
    own: ClassVar[Mapping[str, str]] = {}
    fused: ClassVar[str | None] = None

    def shapes(self, input_size: int, hidden_size: int) -> Shapes:
        """Return the shape of every parameter by name, in the order in which they are drawn."""
        rows = len(self.blocks) * hidden_size
        fours = {"weight_ih": (rows, input_size), "weight_hh": (rows, hidden_size), "bias_ih": (rows,)}
        return {**fours, "bias_hh": (rows,), **dict.fromkeys(self.own, (hidden_size,))}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every parameter, in order, from U(-1/sqrt(unit count), 1/sqrt(unit count)), as torch does by default."""
        bound = 1 / math.sqrt(weights["weight_hh"].shape[1])
        for parameter in weights.values():
            parameter.uniform_(-bound, bound, generator=generator)

    def initial_state(self, zeros: Tensor) -> Any:
        """Return the state before the first time step.

        ``zeros`` and each part of the state have the shape (example, unit).
        """
        parts: tuple[str, ...] = self.state._fields  # type: ignore[attr-defined]
        return self.state(*(zeros for _ in parts))

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """Return W_ih x + b_ih, for one time step or for all in one product.

        The shape goes from (..., feature) to (..., block * unit).
        """
        from torch.nn.functional import linear

        return linear(inputs, weights["weight_ih"], weights["bias_ih"])

    def recur(self, weights: Weights, hidden: Tensor) -> Tensor:
        """Return W_hh h + b_hh.

        The shape goes from (example, unit) to (example, block * unit).
        """
        from torch.nn.functional import linear

        return linear(hidden, weights["weight_hh"], weights["bias_hh"])

    @abstractmethod
    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        """Compute one time step.

        Parameters
        ----------
        weights
            The parameters by name. Only a cell with parameters of its own needs them here.
        from_input, from_hidden
            What the input and the hidden state add to every pre-activation, as ``project`` and ``recur`` give it.
            Shape of each: (example, block * unit).
        state
            The state before this time step.
        hold
            Every signal passes through it as soon as it is computed, so that any signal can be set from outside.
        """

    def before(self, from_input: Tensor, from_hidden: Tensor, hidden: Tensor, state: Any) -> Any:
        """Return the whole state before every time step, given the hidden state before every time step.

        From it, ``step`` can compute the signals of all time steps at once. A cell that has a fused kernel, and a state
        with more parts than the hidden state, computes the other parts here.

        Parameters
        ----------
        from_input, from_hidden
            What the input and the hidden state add to every pre-activation. Shape: (example, time, block * unit).
        hidden
            The hidden state before every time step. Shape: (example, time, unit).
        state
            The state before the first time step.
        """
        return type(state)(hidden)

    def advance(self, weights: Weights, from_input: Tensor, state: Any, hold: Hold = free) -> Step:
        """Compute one time step from a projected input.

        ``from_input`` has the shape (example, block * unit).
        """
        return self.step(weights, from_input, self.recur(weights, state.hidden), state, hold)
