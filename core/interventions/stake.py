"""Whether holding some units costs more than holding others, where a concept is at stake."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

STAKE_DIGITS = 3
"""Decimals of a change of the loss, in nats, as it is printed. All verdicts are based on the printed numbers."""

CLEAR_COST = 0.01
"""Nats. A smaller change is printed with one digit only, too few to say how many times as large another is."""

FEWEST = 6
"""The fewest draws for a comparison. If there are fewer, each is named, and no summary is given."""

RARE = 0.05
"""Units are said to cost more than others up to this chance. It takes at least 19 draws to reach it."""


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
    """What a clamp costs at all characters at stake together, of which there is at least one.

    Attributes
    ----------
    characters
        How many characters are at stake.
    change
        What the clamp adds to their mean loss, nats per character.
    others
        What the same clamp of other units adds, for each of at least one draw. Shape: (draw,).
    """

    characters: int
    change: float
    others: NDArray[np.floating]

    @property
    def median(self) -> float:
        """Median change by the others."""
        return float(np.median(self.others))

    @property
    def as_much(self) -> int:
        """How many of the others cost at least as much, by the numbers as printed."""
        return int((np.round(self.others, STAKE_DIGITS) >= round(self.change, STAKE_DIGITS)).sum())

    @property
    def chance(self) -> float:
        """Chance that units like the others would rank this high among them: (as_much + 1) / (draws + 1)."""
        return (self.as_much + 1) / (len(self.others) + 1)

    @property
    def times(self) -> float | None:
        """How many times as much as the dearest of the others, as printed; None unless clear and above 1."""
        change, dearest = round(self.change, STAKE_DIGITS), round(float(self.others.max()), STAKE_DIGITS)
        return change / dearest if dearest >= CLEAR_COST and round(change / dearest, 1) > 1 else None

    @property
    def verdict(self) -> StakeVerdict:
        """Verdict by how many others cost as much; units like them get DEAREST or TIMES in at most 5 % of cases."""
        if not round(self.change, STAKE_DIGITS) > 0:
            return StakeVerdict.LOSES_NOTHING
        if len(self.others) < FEWEST:
            return StakeVerdict.TOO_FEW
        if self.as_much:
            return StakeVerdict.REDUNDANT if self.as_much == len(self.others) else StakeVerdict.SOME
        if self.chance > RARE:
            return StakeVerdict.FIRST_OF_FEW
        return StakeVerdict.TIMES if self.times else StakeVerdict.DEAREST
