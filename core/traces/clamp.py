"""What is set in a network while it reads: which signal of which units, when, and to what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import xarray

from core.traces.squashed import squashed


@dataclass(frozen=True)
class Clamp:
    """One signal of some units of one layer, set before anything is read from it.

    signal : any signal of the cell. A unit as such is what it remembers: ``core.traces.squashed.memory``
    value : as the signal is looked at: a gate in [0, 1], all else in [-1, 1], a state without a bound (c of an LSTM)
        as its tanh, which tells nothing beyond c = 8.7 apart. One number for all units, one for each, or "mean": each
        unit's own, over the text and as looked at
    units : all if None
    time : the one time step at which it is set; every one if None. The zero state before the first is never set
    direction : 0 forward, 1 backward
    """

    signal: str
    value: float | tuple[float, ...] | Literal["mean"]
    units: tuple[int, ...] | None = None
    layer: int = 0
    time: int | None = None
    direction: int = 0


Alternative = tuple[Clamp, ...]
"""What is set together; nothing in an empty one."""


def settle(clamps: Iterable[Clamp], learned: xarray.Dataset) -> Alternative:
    """``clamps`` with numbers for "mean".

    learned : a trace of the text with nothing set
    """
    return tuple(replace(one, value=_mean(one, learned)) if one.value == "mean" else one for one in clamps)


def _mean(clamp: Clamp, learned: xarray.Dataset) -> tuple[float, ...]:
    seen = squashed(learned[clamp.signal].isel(layer=clamp.layer, direction=clamp.direction))
    means = seen.mean(("example", "time"), dtype=np.float64).to_numpy()
    return tuple(means[slice(None) if clamp.units is None else list(clamp.units)].tolist())
