"""Words for clamps, units and controls, as parts of a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.interventions.stake import FEWEST
from core.traces.clamp import Clamp
from dashboard.shell.words import label

NAMED = 4
"""The maximum number of units that are named one by one. An ellipsis stands for the rest."""


def value_words(clamp: Clamp) -> str:
    """Name the value that a clamp sets, as part of a sentence."""
    if clamp.value == "mean":
        return label(f"interventions.to_mean{'' if len(clamp.units or ()) == 1 else 's'}")
    return label("interventions.to_value", value=clamp.value)


def unit_words(units: tuple[int, ...] | None) -> str:
    """Name the units that are set, as part of a sentence."""
    if units is None:
        return label("interventions.every_unit")
    if len(units) == 1:
        return label("timeline.unit_number", unit=units[0])
    named = ", ".join(map(str, units[:NAMED])) + (", …" if len(units) > NAMED else "")
    return label("interventions.units", count=len(units), units=named)


def other_words(draws: int, count: int) -> str:
    """Name the control, as part of a sentence: ``draws`` draws of ``count`` other units each."""
    kind = "one" if count == 1 else "several" if draws > 1 else "draw"
    return label(f"interventions.others_{kind}", draws=draws, count=count)


def control_words(changes: NDArray[np.floating], count: int) -> str:
    """Say how setting ``count`` other units changes the loss. If there are too few draws, each change is listed.

    Parameters
    ----------
    changes
        One change of the loss for each draw of other units.
    """
    if len(changes) < FEWEST:
        each = ", ".join(f"{one:+.3f}" for one in changes)
        kind = "too_few" if count == 1 else "too_few_groups"
        return label(f"interventions.{kind}", draws=len(changes), count=count, each=each)
    least, median, most = (float(one(changes)) for one in (np.min, np.median, np.max))
    others = other_words(len(changes), count)
    return label("interventions.control", others=others, median=median, least=least, most=most)
