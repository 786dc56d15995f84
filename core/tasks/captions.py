"""Describe a picture in words: one shape, or two shapes and how they are placed relative to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.choices.allowed import Choices
from core.choices.options import option
from core.media import Picture, Symbols
from core.once import once
from core.pictures.shapes import COLOURS, SHAPES, SIDE, SIZES, Scenes, Shape, scenes
from core.tasks import Batch, Pattern, Task, tasks

if TYPE_CHECKING:
    from torch import Generator

    from core.tasks import Answer

TRAINING, HELD_OUT = 6_000, 600
TRAINING_SEED, HELD_OUT_SEED = 1, 2
END = "∎"
LONGEST_CAPTION = 11
"""How many words the longest caption has, including its end."""

IN_CHINESE = {
    "circle": "圆", "square": "方块", "triangle": "三角", "red": "红", "green": "绿", "blue": "蓝", "yellow": "黄",
    "small": "小", "big": "大",
}  # fmt: skip


def english(some: tuple[Shape, ...]) -> list[str]:
    """Return the words of an English caption, such as ``a small blue triangle left of a big red circle``."""
    named = [["a", one.size, one.colour, one.shape] for one in some]
    if len(named) == 1:
        return named[0]
    first, second, beside = _related(some)
    return [*named[first], *(("left", "of") if beside else ("above",)), *named[second]]


def chinese(some: tuple[Shape, ...]) -> list[str]:
    """Return a Chinese caption, such as ``大 红 圆 左边 有 一个 小 蓝 三角``, with the two shapes in reverse order."""
    named = [[IN_CHINESE[one.size], IN_CHINESE[one.colour], IN_CHINESE[one.shape]] for one in some]
    if len(named) == 1:
        return ["一个", *named[0]]
    first, second, beside = _related(some)
    return [*named[second], "左边" if beside else "上面", "有", "一个", *named[first]]


WORDS = {
    "english": (english, ("a", "left", "of", "above", *SIZES, *COLOURS, *SHAPES)),
    "chinese": (chinese, ("一个", "左边", "上面", "有", *IN_CHINESE.values())),
}


@tasks.register
@dataclass(frozen=True)
class Captions(Task):
    """Inputs: (example, 3, 24, 24), 0 to 1. Targets: (example, 11), indices of words and an end, then padding.

    Parameters
    ----------
    language
        The language of the words.
    """

    language: str = option("english", Choices(lambda: tuple(WORDS)))

    pattern = Pattern.ONE_TO_MANY
    network = "picture_to_words"
    reads = Picture.kind
    says = Symbols.kind
    windowed = False
    unit = "nats per word"

    inputs = Picture(3, SIDE, SIDE)

    @property
    def outputs(self) -> Symbols:
        """The words of the language, and the end, whose index is 0."""
        return Symbols((END, *WORDS[self.language][1]))

    def lengths(self, window: int) -> tuple[int, int]:
        """Return 1 for the one picture, and the length of the longest caption."""
        return 1, LONGEST_CAPTION

    def held_out_steps(self) -> int:
        """Return how many words all held-out captions have together, as if each were the longest."""
        return HELD_OUT * LONGEST_CAPTION

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield endless batches of ``size`` pictures, drawn from 6,000 with their captions."""
        import torch

        made, targets = self._made(held_out=False)
        while True:
            chosen = torch.randint(TRAINING, (size,), generator=generator).numpy()
            yield _batch(made.pictures[chosen], targets[chosen])

    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield one batch: the 600 held-out pictures, which are never trained on."""
        made, targets = self._made(held_out=True)
        yield _batch(made.pictures, targets)

    def unseen(self, window: int, generator: Generator) -> Batch:
        """Draw one picture that is never trained on, with its caption."""
        import torch

        made, targets = self._made(held_out=True)
        chosen = torch.randint(len(targets), (1,), generator=generator).numpy()
        return _batch(made.pictures[chosen], targets[chosen])

    def baseline(self) -> float:
        """Return the cross-entropy without the picture, from how often each word follows the two words before it.

        p(c | place, a, b) = (n_abc + 1/2) / (n_ab + words / 2), counted at each place in the training captions. The
        mean is over all held-out targets that count.
        """
        size, (_, training), (_, unseen) = self.outputs.size, self._made(held_out=False), self._made(held_out=True)
        counts = np.full((LONGEST_CAPTION, size, size, size), 0.5)
        np.add.at(counts, (np.arange(LONGEST_CAPTION), *_said_before(training), training), _counted(training))
        chance = counts / counts.sum(axis=3, keepdims=True)
        each = -np.log(chance[(np.arange(LONGEST_CAPTION), *_said_before(unseen), unseen)])
        return float(each[_counted(unseen)].mean())

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return ``exact_match``: the share of the held-out pictures that are described without a mistake."""
        made, targets = self._made(held_out=True)
        said = answer(_batch(made.pictures, targets), LONGEST_CAPTION).numpy()
        return {"exact_match": float(((said == targets) | ~_counted(targets)).all(axis=1).mean())}

    def scenes(self, *, held_out: bool) -> Scenes:
        """Return the pictures and the shapes in them."""
        return _scenes(held_out)

    def _made(self, *, held_out: bool) -> tuple[Scenes, NDArray[np.int64]]:
        return _scenes(held_out), _targets(self.language, held_out)


@once(megabytes=64)
def _scenes(held_out: bool) -> Scenes:
    return scenes(HELD_OUT, HELD_OUT_SEED) if held_out else scenes(TRAINING, TRAINING_SEED)


@once(megabytes=8)
def _targets(language: str, held_out: bool) -> NDArray[np.int64]:
    """Return the captions as indices, with 0, the end, after every caption. Shape: (example, 11)."""
    say, words = WORDS[language]
    index = {word: 1 + place for place, word in enumerate(words)}
    targets = np.zeros((HELD_OUT if held_out else TRAINING, LONGEST_CAPTION), dtype=np.int64)
    for row, some in zip(targets, _scenes(held_out).shapes, strict=True):
        said = [index[word] for word in say(some)]
        row[: len(said)] = said
    return targets


def _batch(pictures: NDArray[np.float32], targets: NDArray[np.int64]) -> Batch:
    import torch

    fresh, mask = torch.ones(len(targets), dtype=torch.bool), torch.from_numpy(_counted(targets))
    return Batch(torch.tensor(pictures), torch.tensor(targets), fresh, target_mask=mask)  # copies of cached arrays


def _counted(targets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which targets count: the words and one end after them."""
    words = (targets > 0).sum(axis=1, keepdims=True)
    return np.asarray(np.arange(targets.shape[1]) <= words)


def _said_before(targets: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the second-to-last and the last word before each target; the end stands for a missing word."""
    padded = np.pad(targets, ((0, 0), (2, 0)))
    return padded[:, :-2], padded[:, 1:-1]


def _related(some: tuple[Shape, ...]) -> tuple[int, int, bool]:
    """Return which of two shapes is left of or above the other, the other, and whether they are side by side."""
    first, second = some
    beside = abs(first.column - second.column) > abs(first.row - second.row)
    before = first.column < second.column if beside else first.row < second.row
    return (0, 1, beside) if before else (1, 0, beside)
