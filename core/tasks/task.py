"""A task: its fields are its options, each with a declared range."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from core.choices.allowed import Allowed, Value

if TYPE_CHECKING:
    from torch import Generator, Tensor

# torch is imported where it is used: naming a task in a spec, on a page or in a link must not cost its import.


class Batch(NamedTuple):
    """Examples for one update.

    inputs : (example, time, feature) float, or (example, time) symbol indices
    targets : (example, time) symbol indices, of the last time steps if they are fewer; or (example,) floats
    fresh : (example,) bool, whether the state starts from zero here; otherwise it is carried over from the batch before
    """

    inputs: Tensor
    targets: Tensor
    fresh: Tensor


def option(default: Value, allowed: Allowed) -> Any:
    """A field of a task with the range that a spec checks it against."""
    return field(default=default, metadata={"allowed": allowed})


@dataclass(frozen=True)
class Task(ABC):
    """What a network learns: batches to train on, a loss, and the score that needs no memory.

    pattern : name of the network (core.networks) that fits its inputs and targets
    unit : of the loss, as it is written on an axis
    """

    pattern: ClassVar[str]
    unit: ClassVar[str]

    @classmethod
    def options(cls) -> Mapping[str, tuple[Value, Allowed]]:
        """Default and allowed values of every option."""
        return {one.name: (cast(Value, one.default), one.metadata["allowed"]) for one in fields(cls)}

    @property
    @abstractmethod
    def input_size(self) -> int:
        """Features per time step."""

    @property
    @abstractmethod
    def output_size(self) -> int:
        """Numbers that the readout gives."""

    @property
    @abstractmethod
    def symbols(self) -> tuple[str, ...]:
        """What the inputs and outputs stand for, by index; empty where they are numbers."""

    @abstractmethod
    def time_steps(self, window: int) -> int:
        """How many an example of ``batches(..., window, ...)`` has."""

    @abstractmethod
    def held_out_steps(self) -> int:
        """Time steps of all examples in one batch of ``held_out``, at most."""

    @abstractmethod
    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Endless batches of ``size`` examples; a text comes in windows of ``window`` time steps."""

    @abstractmethod
    def held_out(self, window: int) -> Iterator[Batch]:
        """Batches that are never trained on, the same at every call."""

    @abstractmethod
    def encode(self, inputs: Tensor) -> Tensor:
        """Inputs as the network sees them. Shape: (example, time, feature)."""

    @abstractmethod
    def loss(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Mean loss of ``predictions``, a scalar in ``unit``."""

    @abstractmethod
    def baseline(self) -> float:
        """Best loss on held-out examples without any memory: what a network must beat to have remembered anything."""
