"""How often a gate is as good as shut, and as good as open."""

import xarray

from core.signals import Role

SHUT, OPEN = 0.1, 0.9


def saturation(trace: xarray.Dataset) -> xarray.Dataset:
    """Return how often each gate of each unit is left-saturated (< 0.1) and right-saturated (> 0.9).

    Returns
    -------
    xarray.Dataset
        ``left`` and ``right`` are shares of the time steps, averaged over examples, with left + right <= 1. Shape of
        each: (gate, layer, direction, unit). ``gate`` holds the names of the signals with the role of a gate, in the
        order in which the cell computes them.

    Raises
    ------
    ValueError
        If the cell has no gates.

    Notes
    -----
    Source: the measure of Karpathy, Johnson and Fei-Fei (2015), Visualizing and understanding recurrent networks,
    section 4.2.
    """
    names = [str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.GATE]
    if not names:
        raise ValueError(f"a cell of type {trace.attrs.get('cell')} has no gates")
    gates = trace[names].to_dataarray("gate")
    steps = ("example", "time")
    return xarray.Dataset({"left": (gates < SHUT).mean(steps), "right": (gates > OPEN).mean(steps)})
