"""What came of an intervention, as numbers and tables: whoever shows it needs no torch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.interventions.stake import Stake

CLEAR_RANK = 0.5
"""Of |rank correlation|: less is not called a movement."""

Life = int | None
"""Time steps from an edit until |difference| is within 10 % of the edit for good; 0 without a change, None if that has
not come by the end of the text."""


@dataclass(frozen=True, eq=False)
class Cost:
    """What a clamp adds to the loss, in nats per character, beside the same clamp of others.

    Attributes
    ----------
    classes
        One row for each value of the concept among the characters at stake, and a last row, without a value, for all
        other characters. Columns: low, high, characters, change; median, least and most of the changes by the others.
    stake
        All characters at stake together. None where there are none: then nothing can be said of the units.
    """

    classes: pd.DataFrame
    stake: Stake | None


@dataclass(frozen=True, eq=False)
class Gated:
    """A passage read twice.

    Attributes
    ----------
    moments
        One row for each time step and reading. Columns: time; of (learned or held); state, of the unit that is looked
        at, in [-1, 1]; probability of the true next character; loss, nats. The last two are NaN at the last time step.
    others
        Change of the mean loss with the same gate of as many other units held instead, as
        ``core.interventions.effects.effect`` draws them. Empty where the gate is held for more than half of the units.
        Shape: (draw,).
    """

    moments: pd.DataFrame
    others: NDArray[np.floating]

    def mean(self, of: str, field: str) -> float:
        """Mean of a column over one of the readings; of the state, of its distance from 0."""
        column = self.moments.loc[self.moments["of"] == of, field]
        return float((column.abs() if field == "state" else column).mean())

    @property
    def change(self) -> float:
        """Of the mean loss, nats per character."""
        return self.mean("held", "loss") - self.mean("learned", "loss")


@dataclass(frozen=True, eq=False)
class Sweep:
    """Samples written with a unit held at one value after the other.

    Attributes
    ----------
    samples
        One row for each sample. Columns: of (unit or other); value; seed; level, the mean of the concept over the
        characters at which it is scored, NaN where there are none.
    draws
        How many choices of other units take turns in the control, one for each sample.
    """

    samples: pd.DataFrame
    draws: int

    def rank(self, of: str) -> float:
        """Spearman's coefficient of value and level, 0 where the level is always the same."""
        mine = self.samples[self.samples["of"] == of].dropna()
        if mine["level"].nunique() < 2:
            return 0.0
        from scipy.stats import spearmanr  # some 30 MB, which a small host has only for what the reader asks

        return float(spearmanr(mine["value"], mine["level"]).statistic)

    def ends(self, of: str) -> tuple[float, float]:
        """Median level at the lowest and at the highest value."""
        medians = self.samples[self.samples["of"] == of].groupby("value")["level"].median()
        return float(medians.iloc[0]), float(medians.iloc[-1])

    @property
    def verdict(self) -> str:
        """Whether the level rises or falls with the value, unmoved for |rank| < 0.5."""
        rank = self.rank("unit")
        if abs(rank) < CLEAR_RANK:
            return "unmoved"
        return "rises" if rank > 0 else "falls"


@dataclass(frozen=True, eq=False)
class Edit:
    """What became of a change of one unit at one time step, and of a change as large in each of some others.

    Attributes
    ----------
    difference
        Edited minus learned signal, as looked at; 0 before the edit. Shape: (time,).
    life
        How long that change lives.
    units
        The others. They have room for as large a change within [-1, 1]. Of these, they are drawn from those whose
        signal varies most nearly as much. Empty where no unit has room.
    differences
        Those of the others, with the sign that makes their edits go the same way. Shape: (draw, time).
    lives
        How long the changes of the others live.
    """

    difference: NDArray[np.floating]
    life: Life
    units: tuple[int, ...]
    differences: NDArray[np.floating]
    lives: tuple[Life, ...]

    @property
    def median(self) -> Life:
        """The life of the middle one of the others; of two in the middle, the shorter.

        A change that outlives the text counts as longer than all else.

        Raises
        ------
        ValueError
            If there are no others.
        """
        return self._in_order[(len(self.lives) - 1) // 2]

    @property
    def reach(self) -> tuple[Life, Life]:
        """The shortest and the longest life of the others.

        Raises
        ------
        ValueError
            If there are no others.
        """
        return self._in_order[0], self._in_order[-1]

    @property
    def longer(self) -> int:
        """How many of the others live longer."""
        return sum(_long(one) > _long(self.life) for one in self.lives)

    @property
    def _in_order(self) -> list[Life]:
        if not self.lives:
            raise ValueError("no other unit had room for the edit")
        return sorted(self.lives, key=_long)


def _long(lives: Life) -> float:
    return float("inf") if lives is None else lives
