"""Which unit goes up and down with something known of the text."""

import numpy as np
import xarray


def correlation(signal: xarray.DataArray, known: np.ndarray, where: np.ndarray) -> xarray.DataArray:
    """Pearson's r of every unit with a number that is known at each time step.

    r = mean((x - mean x) (k - mean k)) / (std x  std k), over the time steps chosen by ``where``

    signal : (..., time, unit)
    known : (time,), finite
    where : (time,) bool

    Returns (..., unit), each in [-1, 1]; NaN for a unit that is constant there, and for all units if ``known`` is, or
    if fewer than two time steps are chosen.

    Raises ValueError if the lengths differ.

    Source: Pearson (1895), Notes on regression and inheritance in the case of two parents.
    """
    if not len(known) == len(where) == signal.sizes["time"]:
        raise ValueError(f"{signal.sizes['time']} time steps, {len(known)} known numbers, {len(where)} choices")
    units = signal.isel(time=0, drop=True)
    x = signal.transpose(*units.dims, "time").to_numpy().astype(np.float64)[..., where]
    k = np.asarray(known, dtype=np.float64)[where]
    r = np.full(units.shape, np.nan)
    if len(k) >= 2 and np.ptp(k) > 0:
        varies = np.ptp(x, axis=-1) > 0
        x = x[varies] - x[varies].mean(axis=-1, keepdims=True)
        k = k - k.mean()
        r[varies] = (x @ k) / np.sqrt((x**2).sum(axis=-1) * (k @ k))
    return units.copy(data=r)


def strongest(correlations: xarray.DataArray) -> int | None:
    """The unit whose |r| is largest, the first of equals; None if no unit has an r. Shape of input: (unit,)."""
    if bool(correlations.isnull().all()):
        return None
    return int(np.nanargmax(np.abs(correlations.to_numpy())))
