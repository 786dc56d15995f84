"""How much each unit varies: a unit that does not vary says nothing about the text."""

import numpy as np
import xarray


def variation(signal: xarray.DataArray) -> xarray.DataArray:
    """Variance of every unit over time, (1/T) sum_t (x_t - mean x)^2. Shape: (..., time, unit) to (..., unit)."""
    return signal.astype(np.float64).var("time")


def most_varying(variances: np.ndarray) -> tuple[int, ...]:
    """Return the units in falling order of variance, equal ones by their number. Shape of input: (unit,)."""
    return tuple(np.argsort(-np.asarray(variances), kind="stable").tolist())
