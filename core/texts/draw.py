"""Random choices that are the same on every machine and under every Python version."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Draw:
    """A seeded source of random choices.

    Only ``random()`` is used. It is the only method whose numbers for a given seed Python promises not to change.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def one(self, items: Sequence[Item]) -> Item:
        """Return one of ``items``, each with the same probability."""
        return items[int(self._random() * len(items))]

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self._random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Return true with the probability ``share``, 0 to 1."""
        return self._random() < share

    def two(self, items: Sequence[Item]) -> tuple[Item, Item]:
        """Return two different ones of ``items``."""
        first = int(self._random() * len(items))
        second = int(self._random() * (len(items) - 1))
        return items[first], items[second + (second >= first)]
