"""One file, one task: what goes in, what should come out, and how far the output is from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.choices.registry import Registry
from core.media import Medium, Spoken
from core.networks import Batch as Batch
from core.networks import Pattern as Pattern

if TYPE_CHECKING:
    from torch import Generator, Tensor

    Answer = Callable[[Batch, int], Tensor]

# torch is imported where it is used: naming a task in a spec, on a page or in a link must not cost its import.

tasks: Registry[type[Task]] = Registry("task", __name__)


@dataclass(frozen=True)
class Task(ABC):
    """What a network learns: batches to train on, a loss, and the score that needs no memory.

    Its fields are its options.

    Attributes
    ----------
    pattern
        How what is said stands to what is read.
    network
        The name of the arrangement that fits it, if no other is chosen.
    reads
        The kind of medium that its inputs are.
    says
        The kind of medium that its outputs are.
    foretells
        Whether what it asks is what is read next: a network that reads backward as well would have read it.
    windowed
        Whether its examples are windows of a longer sequence, as long as the truncation length says. Otherwise the
        window changes neither ``lengths`` nor the examples, and ``lengths`` needs nothing that may be unavailable.
    unit
        Of the loss, as it is written on an axis. It is also the key of its label.
    """

    pattern: ClassVar[Pattern]
    network: ClassVar[str]
    reads: ClassVar[str]
    says: ClassVar[str]
    unit: ClassVar[str]
    foretells: ClassVar[bool] = False
    windowed: ClassVar[bool] = True

    @property
    @abstractmethod
    def inputs(self) -> Medium:
        """What the inputs are made of."""

    @property
    @abstractmethod
    def outputs(self) -> Spoken:
        """What the outputs are made of."""

    @abstractmethod
    def lengths(self, window: int) -> tuple[int, int]:
        """Time steps that an example of ``batches(..., window, ...)`` reads, and that are said to it."""

    @abstractmethod
    def held_out_steps(self) -> int:
        """Time steps of all examples in one batch of ``held_out``, at most."""

    @abstractmethod
    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Endless batches of ``size`` examples; a text comes in windows of ``window`` time steps."""

    @abstractmethod
    def held_out(self, window: int) -> Iterator[Batch]:
        """Batches that are never trained on, the same at every call."""

    def unseen(self, window: int, generator: Generator) -> Batch:
        """One example that training has not met, to look at. Here: drawn anew, as those of ``batches`` are."""
        return next(self.batches(1, window, generator))

    @abstractmethod
    def baseline(self) -> float:
        """Best loss on held-out examples without any memory: what a network must beat to have remembered anything."""

    def loss(self, predictions: Tensor, batch: Batch) -> Tensor:
        """Mean loss of ``predictions``, a scalar in ``unit``."""
        if batch.targets is None:
            raise ValueError("nothing is asked")
        return self.outputs.loss(predictions, batch.targets, batch.target_mask)

    def other_units(self, loss: float) -> dict[str, float]:
        """Return a held-out loss in other units, by name."""
        return {}

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return what counts beside the loss on held-out examples, by name.

        It is for what a network that writes, or says one symbol to a whole example, must get right.

        Parameters
        ----------
        answer
            Gives what the network says to a batch in a number of time steps, always taking the likeliest. Its result
            holds indices, of the shape (example, time).
        """
        return {}

    @classmethod
    def reading(cls, text: str, inputs: Medium) -> Batch:
        """Return a text as one example to read, for a network whose inputs are ``inputs``.

        Nothing is asked, unless the text itself says what comes next.

        Raises
        ------
        ValueError
            If the text is empty, or the network does not read symbols.
        """
        import torch

        if not text:
            raise ValueError("an empty text has no time steps")
        if not inputs.symbols:
            raise ValueError("a network that reads no symbols cannot read a text")
        index = torch.tensor([indices(text, inputs.symbols)])
        return Batch(index, None, torch.ones(1, dtype=torch.bool))


def indices(text: str, symbols: tuple[str, ...]) -> list[int]:
    """Index of each character of ``text`` among ``symbols``, 0 (unknown) where it is none."""
    index = {symbol: position for position, symbol in enumerate(symbols)}
    return [index.get(character, 0) for character in text]
