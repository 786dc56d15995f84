"""Predict the next character of a text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from core.choices.allowed import Choices, Range
from core.choices.options import option
from core.media import Medium, Symbols
from core.once import once
from core.tasks import Batch, Pattern, Task, tasks
from core.tasks import indices as index_of
from core.texts import own, texts

if TYPE_CHECKING:
    from torch import Generator

UNKNOWN = "\ufffd"
"""Stands for every character that the training text lacks, or that is not among its commonest ``SYMBOL_LIMIT`` - 1."""

SYMBOL_LIMIT = 4_096
"""The most symbols of a network. A book in Chinese has some 3,500; a text with all of Unicode has 150,000."""

FORGETS_EVERY = 32

HELD_OUT_SHARE = 0.1
HELD_OUT_STRETCHES = 32
HELD_OUT_STRETCH = 128
PAIR_PRIOR = 0.5


@tasks.register
@dataclass(frozen=True)
class Characters(Task):
    """Inputs and targets: (example, time) symbol indices; the target is the next input.

    Targets may be those of the last time steps only. What is read before them is context.

    Parameters
    ----------
    text
        The name of a registered text, or of a text of the reader's own.
    length
        How many of its characters are used. The last tenth is held out and never trained on.
    """

    text: str = option("tidy_code", Choices(texts.names, also=own.is_name))
    length: int = option(100_000, Range(200, 1_000_000))

    pattern = Pattern.MANY_TO_MANY
    network = "recurrent"
    reads = Symbols.kind
    says = Symbols.kind
    foretells = True
    unit = "nats per character"

    @property
    def corpus(self) -> str:
        """The first ``length`` characters of the text, or all of a shorter text."""
        return _read(self.text, self.length)

    @property
    def training_text(self) -> str:
        """The beginning of the corpus, which is trained on."""
        return self.corpus[: len(self.corpus) - self._held_out_length]

    @property
    def held_out_text(self) -> str:
        """The end of the corpus."""
        return self.corpus[len(self.corpus) - self._held_out_length :]

    @property
    def _held_out_length(self) -> int:
        return max(2, int(len(self.corpus) * HELD_OUT_SHARE))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The unknown symbol, then the commonest characters of the training text in the order of code points."""
        return (UNKNOWN, *_distinct(self.text, self.length))

    @property
    def inputs(self) -> Symbols:
        """The symbols, read one at a time."""
        return Symbols(self.symbols)

    @property
    def outputs(self) -> Symbols:
        """The same symbols, predicted one at a time."""
        return Symbols(self.symbols)

    def indices(self, text: str) -> np.ndarray:
        """Return the index of each character among the symbols, 0 where it is unknown. Shape: (time,)."""
        return indices(text, self.symbols)

    def lengths(self, window: int) -> tuple[int, int]:
        """Return the window twice: as many characters are predicted as are read."""
        return window, window

    def held_out_steps(self) -> int:
        """Return how many time steps all stretches have together, including the context before each."""
        return HELD_OUT_STRETCHES * 2 * HELD_OUT_STRETCH

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield batches whose examples each read on through the text from a starting point of their own.

        At the end of the text, an example goes on at its beginning. The state is carried over from batch to batch. Now
        and then the state of one example is set to zero, each in turn. A network begins to read with a zero state; if
        it met that state only at its first update, it might never learn to get out of it.
        """
        import torch

        text = torch.from_numpy(self.indices(self.training_text))
        start = torch.randint(len(text), (), generator=generator) + torch.arange(size) * len(text) // size
        window_positions = start[:, None] + torch.arange(window + 1)
        fresh = torch.ones(size, dtype=torch.bool)
        for number in count(1):
            stretch = text[window_positions % len(text)]
            yield Batch(stretch[:, :-1], stretch[:, 1:], fresh)
            window_positions += window
            fresh = torch.arange(size) == number % max(size, FORGETS_EVERY)

    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield one batch: the first characters of the held-out text, in up to 32 stretches of 128.

        Each stretch is read after the 128 characters before it. These do not count, so that the score is that of a
        network that has already read something.
        """
        import torch

        text = torch.from_numpy(self.indices(self.corpus))
        first = len(text) - self._held_out_length
        stretch = min(HELD_OUT_STRETCH, self._held_out_length)
        stretches = min(HELD_OUT_STRETCHES, self._held_out_length // stretch)
        positions = first + stretch * torch.arange(stretches)[:, None] + torch.arange(-HELD_OUT_STRETCH, stretch)
        fresh = torch.ones(stretches, dtype=torch.bool)
        yield Batch(text[positions - 1], text[positions[:, HELD_OUT_STRETCH:]], fresh)

    def other_units(self, loss: float) -> dict[str, float]:
        """Return ``bits_per_character``, loss / ln 2, and ``perplexity``, e^loss."""
        return {"bits_per_character": loss / math.log(2), "perplexity": math.exp(min(loss, 700.0))}

    @classmethod
    def reading(cls, text: str, inputs: Medium) -> Batch:
        """Return the text as one example in which the target of each character is the next one; the last has none."""
        import torch

        index = super().reading(text, inputs).inputs
        asked = torch.ones_like(index, dtype=torch.bool)
        asked[:, -1] = False
        return Batch(index, index.roll(-1, dims=1), torch.ones(1, dtype=torch.bool), target_mask=asked)

    def baseline(self) -> float:
        """Return the cross-entropy of the held-out text if only the present character is known, from counts of pairs.

        p(b | a) = (n_ab + 1/2) / (n_a + symbols / 2), counted in the training text.
        """
        size = len(self.symbols)
        training, unseen = self.indices(self.training_text), self.indices(self.held_out_text)
        pairs, counts = np.unique(training[:-1] * size + training[1:], return_counts=True)
        asked = unseen[:-1] * size + unseen[1:]
        place = np.searchsorted(pairs, asked).clip(max=len(pairs) - 1)
        together = np.where(pairs[place] == asked, counts[place], 0)
        first = np.bincount(training[:-1], minlength=size)[unseen[:-1]]
        return float(-np.log((together + PAIR_PRIOR) / (first + PAIR_PRIOR * size)).mean())


def indices(text: str, symbols: tuple[str, ...]) -> np.ndarray:
    """Return the index of each character among ``symbols``, 0 (unknown) if it is not one of them. Shape: (time,)."""
    return np.array(index_of(text, symbols), dtype=np.int64)


@once(megabytes=16)
def _read(text: str, length: int) -> str:
    if own.is_name(text):
        return own.load(text)[:length]
    return texts[text](length, 0)


@once(megabytes=4)
def _distinct(text: str, length: int) -> tuple[str, ...]:
    counted = Counter(Characters(text, length).training_text)
    counted.pop(UNKNOWN, None)
    commonest = sorted(counted, key=lambda character: (-counted[character], character))[: SYMBOL_LIMIT - 1]
    return tuple(sorted(commonest))
