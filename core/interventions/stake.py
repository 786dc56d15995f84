"""Whether units cost more than others do where a concept is at stake."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

STAKE_DIGITS = 3
"""Decimals of a change of the loss, in nats, that are printed and that all verdicts are made of."""

CLEAR_COST = 0.01
"""Nats: of a smaller change only one digit is printed, of which nobody can tell a multiple."""

FEWEST = 6
"""Draws; fewer are too few to compare with: each is told, none is summed up."""

RARE = 0.05
"""A chance up to which units are said to cost more than others; 19 draws are the fewest that can tell it."""


class StakeVerdict(StrEnum):
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
    """All characters at stake together; there is at least one.

    Attributes
    ----------
    characters
        How many they are.
    change
        What the clamp adds to their mean loss, nats per character.
    others
        What the same clamp of others adds, at least one of them. Shape: (draw,).
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
        """How many of the others cost at least as much, by the numbers as printed."""
        return int((np.round(self.others, STAKE_DIGITS) >= round(self.change, STAKE_DIGITS)).sum())

    @property
    def chance(self) -> float:
        """That one like the others has no more of them above it: (as_much + 1) / (draws + 1)."""
        return (self.as_much + 1) / (len(self.others) + 1)

    @property
    def times(self) -> float | None:
        """How many times the dearest of the others, by the numbers as printed; None unless clear and above 1."""
        change, dearest = round(self.change, STAKE_DIGITS), round(float(self.others.max()), STAKE_DIGITS)
        return change / dearest if dearest >= CLEAR_COST and round(change / dearest, 1) > 1 else None

    @property
    def verdict(self) -> StakeVerdict:
        """By how many of the others cost as much: one like them is called DEAREST or TIMES in 5 % of cases at most."""
        if not round(self.change, STAKE_DIGITS) > 0:
            return StakeVerdict.LOSES_NOTHING
        if len(self.others) < FEWEST:
            return StakeVerdict.TOO_FEW
        if self.as_much:
            return StakeVerdict.REDUNDANT if self.as_much == len(self.others) else StakeVerdict.SOME
        if self.chance > RARE:
            return StakeVerdict.FIRST_OF_FEW
        return StakeVerdict.TIMES if self.times else StakeVerdict.DEAREST
