"""Each file defines one arrangement: how cells and other parts are put together between inputs and outputs.

Every arrangement, recurrent or not, answers the same questions: which weights it needs, what it predicts, what happened
inside meanwhile, and how it generates a sequence, if it can. Like a cell, it holds no weights. Naming it, or asking for
the shapes of its weights, does not import torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from core.cells import Cell, Shapes, Step, Weights
from core.choices.registry import Registry
from core.layers import Linear, Part
from core.layers.stack import DIRECTIONS, NOTHING_HELD, Held, Site, Stack
from core.media import Medium, Spoken, Variables
from core.signals import Signal

if TYPE_CHECKING:
    import numpy as np
    import xarray
    from torch import Generator, Tensor

    from core.layers.layer import Hold, Layer

networks: Registry[type[Arrangement]] = Registry("network", __name__)


class Pattern(StrEnum):
    """How the outputs of a network relate to its inputs."""

    MANY_TO_MANY = "many_to_many"  # one output at every time step that is read
    MANY_TO_ONE = "many_to_one"  # one output after the last time step
    ONE_TO_MANY = "one_to_many"  # one thing is read, then a sequence is output
    SEQUENCE_TO_SEQUENCE = "sequence_to_sequence"  # a sequence is read to its end, then another one is output


class Batch(NamedTuple):
    """Examples for one update.

    Attributes
    ----------
    inputs
        Numbers (example, time, feature), symbol indices (example, time), or a picture (example, channel, row, column).
    targets
        Symbol indices (example, time), or (example,) where a whole example has one target. If the indices have fewer
        time steps than the inputs, they belong to the last ones. Or floats (example, time, feature), (example, feature)
        or (example,). None if there are no targets.
    fresh
        Whether the state starts from zero here. Otherwise it is carried over from the batch before. Shape: (example,),
        bool.
    input_mask
        False where a shorter example is padded; None if none is. Shape: (example, time), bool.
    target_mask
        False where a target does not count, as in padding; None if all count. Shape: (example, time), bool.
    """

    inputs: Tensor
    targets: Tensor | None
    fresh: Tensor
    input_mask: Tensor | None = None
    target_mask: Tensor | None = None


class Effort(NamedTuple):
    """The cost of one example, from which seconds and bytes are estimated.

    Attributes
    ----------
    steps
        How many operations wait for each other, such as layers times time steps.
    multiplications
        How many times a weight is multiplied by a number in the forward pass.
    numbers
        How many numbers are kept for the gradient.
    """

    steps: float
    multiplications: float
    numbers: float


class Traced(NamedTuple):
    """What happened while a batch was read.

    Attributes
    ----------
    predictions
        In the form that the medium of the outputs takes.
    state
        The state after the last time step.
    signals
        By name, with the axes that ``Arrangement.signals`` declares.
    """

    predictions: Tensor
    state: Any
    signals: Mapping[str, Tensor]


@dataclass(frozen=True)
class Plan:
    """What a network is built for.

    Parameters
    ----------
    inputs, outputs
        The media of its examples.
    pattern
        How the outputs relate to the inputs.
    cell, hidden_size, layer_count, direction
        The settings of the same names in a RunSpec.
    """

    inputs: Medium
    outputs: Spoken
    pattern: Pattern
    cell: Cell
    hidden_size: int = 64
    layer_count: int = 1
    direction: str = "forward"


RECURRENT = frozenset({"cell", "hidden_size", "layer_count", "direction", "recurrent_l1", "truncation_length"})
"""The settings that affect a network of cells. The truncation length does so only if the network reads forward."""


@dataclass(frozen=True)
class Arrangement(ABC):
    """A network without its weights.

    Its fields, except ``plan``, are its options.

    Attributes
    ----------
    patterns
        The patterns that it can be trained on.
    settings
        The fields of a RunSpec, out of ``RECURRENT``, that affect it. The others have no effect. Only the truncation
        length still has one for a task whose examples are windows.
    reads
        The kinds of media that it can read.
    shows_cells
        Whether ``layer`` and ``read_by`` give every cell inside. Only then are its equations shown with numbers.
    """

    plan: Plan

    patterns: ClassVar[frozenset[Pattern]]
    settings: ClassVar[frozenset[str]] = RECURRENT
    reads: ClassVar[frozenset[str]] = frozenset({"symbols", "numbers"})
    shows_cells: ClassVar[bool] = False

    @property
    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""

    @property
    @abstractmethod
    def signals(self) -> Mapping[str, Signal]:
        """Everything that a trace holds, in the order in which it is computed."""

    @abstractmethod
    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one example with ``read`` time steps of input and ``said`` time steps of output."""

    @abstractmethod
    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return what the readout reads, and the state after the last time step.

        Parameters
        ----------
        state
            The state before the first time step; zeros if None.
        window
            How many time steps the gradient travels back; all if None. If there is one output at the end of an example,
            the gradient reaches its last ``window`` time steps. If there is an output at every time step, a longer
            sequence is read in windows of that many. A network that reads in both directions ignores the window.

        Raises
        ------
        ValueError
            If something is held while a sequence is read in windows.
        """

    @abstractmethod
    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        """Return the predictions from the outputs of ``run``."""

    @abstractmethod
    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        """Return the predictions, the last state, and every signal that ``keep`` names; all signals if None."""

    def shapes(self) -> Shapes:
        """Return the shape of every weight by name."""
        return {name: shape for part in self.parts for name, shape in part.shapes().items()}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw all weights from ``generator``: threads share torch's global one, so its draws cannot be reproduced."""
        for part in self.parts:
            part.initialise(weights, generator)

    def predictions(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return the predictions for a batch and the state after its last time step; arguments as in ``run``."""
        outputs, state = self.run(weights, batch, state, held, window)
        return self.read(weights, outputs), state

    def initial_state(self, weights: Weights, examples: int | Mapping[int, int]) -> Any:
        """Return the state before the first time step; it is empty for a network without a state.

        ``examples`` says how many examples there are, or how many each layer has.
        """
        return ()

    def recurrent(self) -> tuple[str, ...]:
        """Return the names of the matrices that lead from one time step to the next."""
        return ()

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Its stacks of cells, by the part that a ``Site`` names, in the order in which they are computed."""
        return {}

    @property
    def bridge(self) -> Linear | None:
        """The layer that computes a decoder's initial states from what was read, if there is one."""
        return None

    # Looking at one cell inside

    def site(self, signal: str, layer: int, direction: int) -> tuple[Site, str]:
        """Return where a signal of ``signals`` is computed, and what it is called there."""
        return Site(layer, direction), signal

    def directions(self, signal: str) -> int:
        """Return in how many directions a signal of ``signals`` is computed: 1 or 2."""
        return len(DIRECTIONS[self.plan.direction])

    def layer(self, weights: Weights, site: Site) -> Layer:
        """Return the cell at ``site`` with its weights.

        Raises
        ------
        KeyError
            If there is no cell, or none whose equations can be worked out.
        """
        raise KeyError(f"a network of the kind {type(self).__name__} has no cell whose equations can be worked out")

    def read_by(self, trace: xarray.Dataset, site: Site, time: int, example: int) -> np.ndarray:
        """Return what the cell at ``site`` reads at a time step. Shape: (feature,).

        Raises
        ------
        KeyError
            If there is no cell, or none whose equations can be worked out.
        """
        raise KeyError(f"a network of the kind {type(self).__name__} has no cell whose equations can be worked out")

    # Writing

    @property
    def writes(self) -> bool:
        """Whether it can generate a sequence by itself, by reading each output as its next input."""
        return False

    def begin(self, weights: Weights, batch: Batch, examples: int, held: Held = NOTHING_HELD) -> Any:
        """Return the state from which ``examples`` sequences are generated.

        If the network reads something else first, it reads ``batch`` here.
        """
        raise TypeError(f"a network of the kind {type(self).__name__} does not write")

    def write(self, weights: Weights, x: Tensor, state: Any, holds: Mapping[Site, Hold]) -> Step:
        """Take one time step of generation, from the last output.

        Parameters
        ----------
        x
            The last output, encoded. If the network reads something else first, ``x`` is zeros before the first output.
            Shape: (example, feature).

        Returns
        -------
        Step
            Predictions, of the shape (example, output), the state, and signals without a time axis, examples first.
        """
        raise TypeError(f"a network of the kind {type(self).__name__} does not write")

    def answer(self, weights: Weights, batch: Batch, length: int, held: Held = NOTHING_HELD) -> Tensor:
        """Return the outputs for ``batch`` in ``length`` time steps, always the likeliest symbol.

        Returns
        -------
        Tensor
            Indices. Shape: (example, time), with one time step where a whole example has one output.

        Raises
        ------
        ValueError
            If the outputs are not symbols, or if they are a sequence that the network cannot generate.
        """
        import torch

        if not self.plan.outputs.symbols:
            raise ValueError("this network says no symbols")
        if self.plan.pattern is Pattern.MANY_TO_ONE:
            return self.predictions(weights, batch, held=held)[0].argmax(dim=1, keepdim=True)
        if not self.writes:
            raise ValueError("this network does not write")
        state, outputs = self.begin(weights, batch, len(batch.inputs), held), self.plan.outputs
        said, found = torch.zeros(len(batch.inputs), outputs.size), []
        for time in range(length):
            step = self.write(weights, said, state, {site: at(time) for site, at in held.items()})
            found.append(step.output.argmax(dim=1))
            said, state = outputs.encode(found[-1][:, None])[:, 0], step.state
        return torch.stack(found, dim=1)


def check_task(network: str, pattern: Pattern, inputs: str) -> str | None:
    """Return which networks can be trained on such examples, in words; None if this one can."""
    kind = networks[network]
    if pattern not in kind.patterns:
        return f"one of those for {pattern.replace('_', ' ')}: {', '.join(fitting(pattern, inputs))}"
    if inputs not in kind.reads:
        return f"one of those that read {inputs}: {', '.join(fitting(pattern, inputs))}"
    return None


def fitting(pattern: Pattern, inputs: str) -> tuple[str, ...]:
    """Return the names of the arrangements that can be trained on examples of this pattern and medium."""
    return tuple(name for name in networks if pattern in networks[name].patterns and inputs in networks[name].reads)


def named(signals: Mapping[str, Signal], prefix: str, axes: Mapping[str, str]) -> dict[str, Signal]:
    """Return the signals of a cell with other names and axes, so that an encoder's can stand beside a decoder's."""
    return {
        f"{prefix}{name}": replace(one, axes=tuple(axes.get(axis, axis) for axis in one.axes))
        for name, one in signals.items()
    }


__all__ = [
    "Arrangement",
    "Batch",
    "Effort",
    "Pattern",
    "Plan",
    "Traced",
    "Variables",
    "check_task",
    "fitting",
    "named",
    "networks",
]
