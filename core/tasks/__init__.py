"""Each file defines one task: its inputs, its targets, and how far an output is from its target."""

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

# Torch is imported only where it is used: naming a task in a spec, on a page or in a link must not import it.

tasks: Registry[type[Task]] = Registry("task", __name__)


@dataclass(frozen=True)
class Task(ABC):
    """What a network learns: batches to train on, a loss, and the score that can be reached without memory.

    Its fields are its options.

    Attributes
    ----------
    pattern
        How the outputs relate to the inputs.
    network
        The name of the arrangement that it uses if no other is chosen.
    reads
        The kind of medium of its inputs.
    says
        The kind of medium of its outputs.
    foretells
        Whether its targets are the next inputs. A network that reads backward too would already have read them.
    windowed
        Whether its examples are windows of a longer sequence, as long as the truncation length. Otherwise the window
        changes neither ``lengths`` nor the examples, and ``lengths`` needs nothing that may be unavailable.
    unit
        The unit of the loss, as it is written on an axis. It is also the key of its label.
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
        """Return how many time steps of input and of output an example of ``batches(..., window, ...)`` has."""

    @abstractmethod
    def held_out_steps(self) -> int:
        """Return how many time steps all examples in one batch of ``held_out`` have together, at most."""

    @abstractmethod
    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield endless batches of ``size`` examples; those of a windowed task have up to ``window`` time steps."""

    @abstractmethod
    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield batches that are never trained on, the same at every call."""

    def unseen(self, window: int, generator: Generator) -> Batch:
        """Return one example to look at that training has not met; by default it is drawn as in ``batches``."""
        return next(self.batches(1, window, generator))

    @abstractmethod
    def baseline(self) -> float:
        """Return the best held-out loss without any memory: only a network that beats it has remembered anything."""

    def loss(self, predictions: Tensor, batch: Batch) -> Tensor:
        """Return the mean loss of ``predictions``, a scalar in ``unit``."""
        if batch.targets is None:
            raise ValueError("nothing is asked")
        return self.outputs.loss(predictions, batch.targets, batch.target_mask)

    def other_units(self, loss: float) -> dict[str, float]:
        """Return a held-out loss in other units, by name."""
        return {}

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return the scores on held-out examples other than the loss, by name.

        They score a network that generates a sequence, or outputs one symbol for a whole example.

        Parameters
        ----------
        answer
            Returns the outputs of the network for a batch in a number of time steps, always the likeliest symbol. The
            result holds indices, of the shape (example, time).
        """
        return {}

    @classmethod
    def reading(cls, text: str, inputs: Medium) -> Batch:
        """Return a text as one example to read, for a network whose inputs are ``inputs``.

        By default it has no targets. A task that predicts the next character takes them from the text.

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
    """Return the index of each character of ``text`` among ``symbols``, 0 (unknown) if it is not one of them."""
    index = {symbol: position for position, symbol in enumerate(symbols)}
    return [index.get(character, 0) for character in text]
