"""Whether units cost more than others do where a concept is at stake."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FEWEST = 6
"""Draws; fewer are too few to compare with: each is told, none is summed up."""

RARE = 0.05
"""A chance up to which units are said to cost more than others; 19 draws are the fewest that can tell it."""


class Verdict(StrEnum):
    """What the cost says about the units that are held."""

    LOSES_NOTHING = "loses_nothing"
    TOO_FEW = "too_few"
    REDUNDANT = "redundant"
    SOME = "some"
    FIRST_OF_FEW = "first_of_few"
    DEAREST = "dearest"
    TIMES = "times"


@dataclass(frozen=True, eq=False)
class Stake:
    """The characters at stake, one at least, all together: change of their mean loss, nats per character.

    change, others : by the clamp, and (draw,) by the same clamp of others, one at least
    """

    characters: int
    change: float
    others: NDArray[np.floating]

    @property
    def median(self) -> float:
        """Of the others."""
        return float(np.median(self.others))

    @property
    def as_much(self) -> int:
        """How many of the others cost at least as much."""
        return int((self.others >= self.change).sum())

    @property
    def chance(self) -> float:
        """That one like the others has no more of them above it: (as_much + 1) / (draws + 1)."""
        return (self.as_much + 1) / (len(self.others) + 1)

    @property
    def times(self) -> float | None:
        """How many times the dearest of the others, by the numbers as printed; None unless that prints as above 1."""
        change, dearest = round(self.change, 3), round(float(self.others.max()), 3)
        return change / dearest if dearest > 0 and round(change / dearest, 1) > 1 else None

    @property
    def verdict(self) -> Verdict:
        """By how many of the others cost as much: one like them is called DEAREST or TIMES in 5 % of cases at most."""
        if not self.change > 0:
            return Verdict.LOSES_NOTHING
        if len(self.others) < FEWEST:
            return Verdict.TOO_FEW
        if self.as_much:
            return Verdict.REDUNDANT if self.as_much == len(self.others) else Verdict.SOME
        if self.chance > RARE:
            return Verdict.FIRST_OF_FEW
        return Verdict.TIMES if self.times else Verdict.DEAREST
