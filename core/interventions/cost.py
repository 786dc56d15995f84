"""What switching one unit off costs a network where it matters, beside units that vary as much."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.interventions.clamp import Clamp
from core.interventions.effects import Effect, by_value, effect
from core.interventions.targets import Pattern, at_stake
from core.run import Run
from core.unseen import unseen

READ = 2_000


class Verdict(StrEnum):
    """What the cost says about the unit."""

    LOSES_NOTHING = "loses_nothing"
    REDUNDANT = "redundant"
    TIMES = "times"
    NO_RATIO = "no_ratio"


@dataclass(frozen=True, eq=False)
class Cost:
    """Change of the mean loss, nats per character, by a clamp and by the same clamp of others.

    classes : one row per value of the concept among the characters at stake, and a last one, without a value, for all
        others: low, high, characters, change, and of the others median, least, most
    change, others : over all characters at stake: of the clamp, and (draw,) of each of the others
    times : how many times the others' median; None if that is not above 0
    characters : at stake
    """

    classes: pd.DataFrame
    change: float
    others: NDArray[np.floating]
    times: float | None
    characters: int

    @property
    def as_much(self) -> int:
        """How many of the others cost at least as much."""
        return int((self.others >= self.change).sum())

    @property
    def verdict(self) -> Verdict:
        if not self.change > 0:
            return Verdict.LOSES_NOTHING
        if self.change <= np.median(self.others):
            return Verdict.REDUNDANT
        return Verdict.NO_RATIO if self.times is None else Verdict.TIMES


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
        change=found.mean(chosen),
        others=found.control(chosen),
        times=found.times(chosen) if counted else None,
        characters=counted,
    )


def _by_value(found: Effect, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> pd.DataFrame:
    surprise = found.surprise.to_numpy()
    table, *others = (by_value(one - surprise[0], values, chosen) for one in surprise[1:])
    changes = np.array([one["change"] for one in others])
    return table.assign(median=np.median(changes, axis=0), least=changes.min(axis=0), most=changes.max(axis=0))
