"""What it costs a network to hold units where a concept matters, compared with holding other units the same way."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.interventions.effects import Effect, by_value, effect
from core.interventions.outcomes import Cost
from core.interventions.stake import Stake
from core.interventions.targets import OwnPattern, at_stake
from core.runs.run import Run
from core.traces.clamp import Clamp
from core.traces.unseen import unseen

READ = 2_000


def unseen_for_clamps(run: Run) -> str:
    """Return up to 2,000 characters from the end of the held-out text, whose beginning is used to choose a unit.

    Raises
    ------
    core.texts.TextUnavailable
        If the text is not available here.
    """
    return unseen(run, READ, last=True)


def cost(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern) -> Cost:
    """Return what ``clamp`` costs where ``concept`` is at stake, by the concept's value, and at all other characters.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be read, or matches nothing or everything.
    ValueError
        As ``core.interventions.effects.effect`` raises it.
    """
    stake = at_stake(concept, text)
    return weigh(effect(run, text, clamp), stake.values, stake.scored)


def weigh(found: Effect, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> Cost:
    """Summarise an effect over the characters ``chosen``, by their ``values``. Shape of each: (time,)."""
    rest = _by_value(found, np.zeros(len(chosen)), ~chosen).assign(low=np.nan, high=np.nan)
    counted = int(chosen[1:].sum())  # nothing predicts the first character
    return Cost(
        classes=pd.concat([_by_value(found, values, chosen), rest], ignore_index=True),
        stake=Stake(counted, found.mean(chosen), found.control(chosen)) if counted else None,
    )


def _by_value(found: Effect, values: NDArray[np.floating], chosen: NDArray[np.bool_]) -> pd.DataFrame:
    surprise = found.surprise.to_numpy()
    table, *others = (by_value(one - surprise[0], values, chosen) for one in surprise[1:])
    changes = np.array([one["change"] for one in others])
    return table.assign(median=np.median(changes, axis=0), least=changes.min(axis=0), most=changes.max(axis=0))
