"""What is set in a network while it reads: which signal of which units, when, and to what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import xarray

from core.traces.squashed import squashed


@dataclass(frozen=True)
class Clamp:
    """One signal of some units of one layer, set before anything else in the network reads it.

    Parameters
    ----------
    signal
        Name of any signal that has a value for each unit. To hold a unit as a whole, set the state that carries its
        memory, which ``core.traces.squashed.memory`` names.
    value
        In [0, 1] for a gate, in [-1, 1] for any other signal. An unbounded state (c of an LSTM) is given as its tanh,
        so values beyond |c| = 8.7 cannot be told apart. The value is one number for all units, one number for each
        unit, or "mean": each unit's own mean over the text, taken after tanh for an unbounded state.
    units
        All units if None.
    time
        The one time step at which the signal is set; every time step if None. The zero state before the first step is
        never set.
    direction
        0 is forward, 1 is backward.
    """

    signal: str
    value: float | tuple[float, ...] | Literal["mean"]
    units: tuple[int, ...] | None = None
    layer: int = 0
    time: int | None = None
    direction: int = 0


Alternative = tuple[Clamp, ...]
"""The clamps that apply together while a text is read. An empty tuple sets nothing."""


def settle(clamps: Iterable[Clamp], learned: xarray.Dataset, read: np.ndarray | None = None) -> Alternative:
    """Return ``clamps`` with each "mean" replaced by numbers.

    Parameters
    ----------
    learned
        A trace of the text with nothing set.
    read
        False after the end of a shorter example, at time steps that do not count in a mean. Shape: (example, time),
        bool.
    """
    return tuple(replace(one, value=_mean(one, learned, read)) if one.value == "mean" else one for one in clamps)


def _mean(clamp: Clamp, learned: xarray.Dataset, read: np.ndarray | None) -> tuple[float, ...]:
    signal = learned[clamp.signal]
    place = {"layer": clamp.layer, "direction": clamp.direction, "source_direction": clamp.direction}
    seen = squashed(signal.isel({axis: index for axis, index in place.items() if axis in signal.dims}))
    reading = "source_time" if "source_time" in learned.sizes else "time"
    if read is not None and reading in seen.dims:
        seen = seen.where(xarray.DataArray(read, dims=("example", reading)))
    means = seen.mean([axis for axis in seen.dims if axis != "unit"], dtype=np.float64).to_numpy()
    return tuple(means[slice(None) if clamp.units is None else list(clamp.units)].tolist())
