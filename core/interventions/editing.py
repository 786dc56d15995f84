"""A state set once: how long the change lives."""

from dataclasses import dataclass

import numpy as np
import xarray

from core.interventions.clamp import Clamp
from core.measures.squashed import squashed
from core.run import Run
from core.tracing import compare

RETURNED = 0.1
SMALLEST = 1e-5  # single precision tells no smaller edit from none


@dataclass(frozen=True, eq=False)
class Edit:
    """What became of a change of one unit at one time step.

    difference : (time,) of the edited signal, as looked at, edited - learned; 0 before the edit
    life : time steps from the edit until |difference| is within 10 % of the edit for good; 0 without a change, None if
        that has not come by the end of the text
    """

    difference: xarray.DataArray
    life: int | None


def edit(run: Run, text: str, clamp: Clamp) -> Edit:
    """Set one unit at one time step, and read on.

    clamp : of one unit at one time step of ``text``

    Raises ValueError for another clamp, and as ``core.tracing.compare`` does.
    """
    if clamp.units is None or len(clamp.units) != 1 or clamp.time is None or clamp.time >= len(text):
        raise ValueError("an edit is of one unit at one time step of the text")
    traced = compare(run, text, [(), (clamp,)])
    seen = squashed(traced[clamp.signal]).isel(layer=clamp.layer, unit=clamp.units[0])
    difference = seen.isel(example=1) - seen.isel(example=0)
    return Edit(difference, life(difference.to_numpy()[clamp.time :]))


def life(difference: np.ndarray) -> int | None:
    """Time steps until |difference| is within 10 % of its first value for good. Shape of ``difference``: (time,)."""
    size = abs(difference[0])
    if size < SMALLEST:
        return 0
    last = int(np.flatnonzero(~(np.abs(difference) <= RETURNED * size))[-1])  # a NaN has not returned
    return None if last == len(difference) - 1 else last + 1
