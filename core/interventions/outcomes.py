"""The results of interventions, as numbers and tables that can be shown without torch."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.interventions.stake import Stake

CLEAR_RANK = 0.5
"""The least |rank correlation| that is called a movement."""

Life = int | None
"""Time steps from an edit until |difference| stays within 10 % of the edit's size. 0 without a change; None if that has
not happened when the text ends."""


@dataclass(frozen=True, eq=False)
class Cost:
    """What a clamp adds to the loss, in nats per character, compared with the same clamp of other units.

    Attributes
    ----------
    classes
        One row for each value of the concept among the characters at stake, and a last row, without a value, for all
        other characters. Columns: low, high, characters, change; median, least and most of the changes by the other
        clamps.
    stake
        All characters at stake together. None if there are none: then nothing can be said of the units.
    """

    classes: pd.DataFrame
    stake: Stake | None


@dataclass(frozen=True, eq=False)
class Gated:
    """A passage read twice: as learned, and with a signal held.

    Attributes
    ----------
    moments
        One row for each time step and reading. Columns: time; of (learned or held); state, of the unit that is looked
        at, in [-1, 1]; probability of the true next character; loss, nats. The last two are NaN at the last time step.
    others
        Change of the mean loss if the same gate of as many other units is held instead, as
        ``core.interventions.effects.effect`` draws them. Empty if the gate is held for more than half of the units.
        Shape: (draw,).
    """

    moments: pd.DataFrame
    others: NDArray[np.floating]

    def mean(self, of: str, field: str) -> float:
        """Return the mean of a column over one of the readings; for the state, the mean of its absolute value."""
        column = self.moments.loc[self.moments["of"] == of, field]
        return float((column.abs() if field == "state" else column).mean())

    @property
    def change(self) -> float:
        """Change of the mean loss, in nats per character."""
        return self.mean("held", "loss") - self.mean("learned", "loss")


@dataclass(frozen=True, eq=False)
class Sweep:
    """Samples written while a unit is held, with one value after another.

    Attributes
    ----------
    samples
        One row for each sample. Columns: of (unit or other); value; seed; level, the mean of the concept over the
        characters at which it is scored, NaN where there are none.
    draws
        How many choices of other units take turns in the control, which holds one of them in each sample.
    """

    samples: pd.DataFrame
    draws: int

    def rank(self, of: str) -> float:
        """Spearman's coefficient of value and level, 0 where the level is always the same."""
        mine = self.samples[self.samples["of"] == of].dropna()
        if mine["level"].nunique() < 2:
            return 0.0
        from scipy.stats import spearmanr  # some 30 MB, so it is loaded only when the reader asks for this

        return float(spearmanr(mine["value"], mine["level"]).statistic)

    def ends(self, of: str) -> tuple[float, float]:
        """Median level at the lowest and at the highest value."""
        medians = self.samples[self.samples["of"] == of].groupby("value")["level"].median()
        return float(medians.iloc[0]), float(medians.iloc[-1])

    @property
    def verdict(self) -> str:
        """How the level moves as the value grows: "rises", "falls", or "unmoved" for |rank| < 0.5."""
        rank = self.rank("unit")
        if abs(rank) < CLEAR_RANK:
            return "unmoved"
        return "rises" if rank > 0 else "falls"


@dataclass(frozen=True, eq=False)
class Edit:
    """What became of a change in one unit at one time step, and of an equally large change in each of some others.

    Attributes
    ----------
    difference
        Edited minus learned signal, both within [-1, 1]; 0 before the edit. Shape: (time,).
    life
        How long that change lasts.
    units
        The other units. They are drawn from those that have room for an equally large change within [-1, 1], and of
        these from the ones whose signal varies about as much. Empty if no unit has room.
    differences
        Differences of the other units. Their sign is flipped where the edit went the opposite way. Shape: (draw, time).
    lives
        How long the changes of the other units last.
    """

    difference: NDArray[np.floating]
    life: Life
    units: tuple[int, ...]
    differences: NDArray[np.floating]
    lives: tuple[Life, ...]

    @property
    def median(self) -> Life:
        """The median life of the other units; of two in the middle, the shorter.

        A change that outlasts the text counts as longer than any other.

        Raises
        ------
        ValueError
            If there are no others.
        """
        return self._in_order[(len(self.lives) - 1) // 2]

    @property
    def reach(self) -> tuple[Life, Life]:
        """The shortest and the longest life of the other units.

        Raises
        ------
        ValueError
            If there are no others.
        """
        return self._in_order[0], self._in_order[-1]

    @property
    def longer(self) -> int:
        """How many of the other units have a longer life."""
        return sum(_long(one) > _long(self.life) for one in self.lives)

    @property
    def _in_order(self) -> list[Life]:
        if not self.lives:
            raise ValueError("no other unit had room for the edit")
        return sorted(self.lives, key=_long)


def _long(lives: Life) -> float:
    return float("inf") if lives is None else lives
