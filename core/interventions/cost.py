"""What holding units still costs a network where it matters, beside units that vary as much."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import quantile_test

from core.interventions.clamp import Clamp
from core.interventions.effects import Effect, by_value, effect
from core.interventions.targets import Pattern, at_stake
from core.run import Run
from core.unseen import unseen

READ = 2_000
FEWEST = 6
"""Draws that have a 95 % interval: 2 * 0.5^6 < 0.05."""


class Verdict(StrEnum):
    """What the cost says about the units that are held."""

    LOSES_NOTHING = "loses_nothing"
    REDUNDANT = "redundant"
    TIMES = "times"
    NO_RATIO = "no_ratio"


@dataclass(frozen=True, eq=False)
class Stake:
    """The characters at stake, one at least, all together: change of their mean loss, nats per character.

    change, others : by the clamp, and (draw,) by the same clamp of others
    """

    characters: int
    change: float
    others: NDArray[np.floating]

    @property
    def median(self) -> float:
        """Of the others."""
        return float(np.median(self.others))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the median that they are drawn from, by their order alone; their range if under six."""
        found = quantile_test(self.others, p=0.5).confidence_interval(0.95)
        low, high = (found.low, found.high) if len(self.others) >= FEWEST else (self.others.min(), self.others.max())
        return float(low), float(high)

    @property
    def as_much(self) -> int:
        """How many of the others cost at least as much."""
        return int((self.others >= self.change).sum())

    @property
    def times(self) -> float | None:
        """How many times the others' median; None if that is not above 0. Of a median near 0 it says little."""
        return self.change / self.median if self.median > 0 else None

    @property
    def high(self) -> float:
        """Upper end of the interval, rounded up to a thousandth, as it is printed."""
        return math.ceil(round(self.interval[1] * 1000, 6)) / 1000

    @property
    def at_least(self) -> float | None:
        """How many times that, by the numbers as printed; None if it is not above 0, where a ratio means little."""
        return round(self.change, 3) / self.high if self.high > 0 else None

    @property
    def verdict(self) -> Verdict:
        """Others cost as much as long as the interval of their median reaches up to the change."""
        if not self.change > 0:
            return Verdict.LOSES_NOTHING
        if self.at_least is None:
            return Verdict.NO_RATIO
        return Verdict.TIMES if self.at_least > 1 else Verdict.REDUNDANT


@dataclass(frozen=True, eq=False)
class Cost:
    """What a clamp adds to the loss, nats per character, beside the same clamp of others.

    classes : one row per value of the concept among the characters at stake, and a last one, without a value, for all
        others: low, high, characters, change, and of the others median, least, most
    stake : all characters at stake together; None where there are none, for then nothing can be said of the units
    """

    classes: pd.DataFrame
    stake: Stake | None


def unseen_for_clamps(run: Run) -> str:
    """2,000 characters that took no part in choosing a unit. Raises core.texts.TextUnavailable."""
    return unseen(run, READ, last=True)


def cost(run: Run, text: str, clamp: Clamp, concept: str | Pattern) -> Cost:
    """What ``clamp`` costs on the characters of ``text`` that ask for ``concept``, by its value, and on all others.

    Raises UnknownName, core.concepts.own.BadConcept, and as ``core.interventions.effects.effect`` does.
    """
    stake = at_stake(concept, text)
    return weigh(effect(run, text, clamp), stake.values, stake.scored)


def weigh(found: Effect, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> Cost:
    """An effect, summed up over the characters ``chosen``, by their ``values``. Shapes: (time,)."""
    rest = _by_value(found, np.zeros(len(chosen)), ~chosen).assign(low=np.nan, high=np.nan)
    counted = int(chosen[1:].sum())  # nothing predicts the first
    return Cost(
        classes=pd.concat([_by_value(found, values, chosen), rest], ignore_index=True),
        stake=Stake(counted, found.mean(chosen), found.control(chosen)) if counted else None,
    )


def _by_value(found: Effect, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> pd.DataFrame:
    surprise = found.surprise.to_numpy()
    table, *others = (by_value(one - surprise[0], values, chosen) for one in surprise[1:])
    changes = np.array([one["change"] for one in others])
    return table.assign(median=np.median(changes, axis=0), least=changes.min(axis=0), most=changes.max(axis=0))
