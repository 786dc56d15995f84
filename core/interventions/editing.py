"""A signal set at one time step: how long the change lasts, and how long an equal change lasts in other units."""

from dataclasses import replace

import numpy as np
import torch
import xarray
from numpy.typing import NDArray

from core.interventions.effects import DRAWS, drawn
from core.interventions.outcomes import Edit, Life
from core.pace import in_pieces
from core.runs.network import restore
from core.runs.run import Run
from core.traces.clamp import Alternative, Clamp
from core.traces.holding import check, examples_of, held
from core.traces.squashed import squashed
from core.traces.tracing import reading, trace

RETURNED = 0.1
EDITED_VALUES = 2_500_000
"""The most values of all units, at all characters, under the edits that are read in one batch."""

SMALLEST = 1e-5  # in single precision, a smaller edit cannot be told from none


def edit(run: Run, text: str, clamp: Clamp, *, draws: int = DRAWS, seed: int = 0) -> Edit:
    """Set one unit at one time step and read on; do the same with up to ``draws`` others.

    Each of the others is moved as far from its own value as the unit. It is moved in the same direction where [-1, 1]
    leaves room, else in the opposite one. A unit with no room either way is not drawn.

    Parameters
    ----------
    clamp
        Sets one unit at one time step of ``text`` to a number.

    Raises
    ------
    ValueError
        If the clamp is not of that kind, or as ``core.traces.tracing.compare`` raises it.
    """
    if clamp.units is None or len(clamp.units) != 1 or clamp.time is None or clamp.time >= len(text):
        raise ValueError("an edit is of one unit at one time step of the text")
    check(clamp, run)
    learned = squashed(
        trace(run, text)[clamp.signal].isel(layer=clamp.layer, direction=clamp.direction, example=0)
    ).astype(np.float64)
    now, (unit,) = learned.to_numpy()[clamp.time], clamp.units
    size = float(np.ravel(clamp.value)[0]) - now[unit]
    ways = np.where(np.abs(now + size) <= 1, 1, -1)
    room = np.flatnonzero(np.abs(now + ways * size) <= 1)
    spreads = learned.std("time").to_numpy()
    others = tuple(one for (one,) in drawn(spreads, (unit,), room[room != unit], draws, seed))
    values = [now[unit] + size, *(now[one] + ways[one] * size for one in others)]
    clamps = [
        Clamp(clamp.signal, value, (one,), clamp.layer, clamp.time)
        for value, one in zip(values, (unit, *others), strict=True)
    ]
    many = max(1, EDITED_VALUES // (len(text) * run.spec.hidden_size * run.spec.layer_count))
    some = [clamps[begin : begin + many] for begin in range(0, len(clamps), many)]
    found = (
        np.concatenate([_differences(run, text, one) for one in in_pieces(some)])
        * np.array([1, *ways[list(others)]])[:, None]
    )
    lives = [life(one[clamp.time :]) for one in found]
    return Edit(found[0], lives[0], others, found[1:], tuple(lives[1:]))


def life(difference: NDArray[np.floating]) -> Life:
    """Return how long a change lasts. ``difference``, of the shape (time,), begins at the edit."""
    size = abs(difference[0])
    if size < SMALLEST:
        return 0
    last = int(np.flatnonzero(~(np.abs(difference) <= RETURNED * size))[-1])  # NaN counts as not returned
    return None if last == len(difference) - 1 else last + 1


@torch.inference_mode()
def _differences(run: Run, text: str, clamps: list[Clamp]) -> NDArray[np.floating]:
    """Return the edited minus the learned signal of each clamp's own unit. Shape: (clamp, time).

    Up to the edit the text is read once. From the edit on it is read under all clamps, and only that signal is kept.
    """
    network, first = restore(run), clamps[0]
    weights, arrangement, time = network.weights(), network.arrangement, first.time or 0
    state = arrangement.initial_state(weights, 1)
    if time:
        _, state = arrangement.run(weights, reading(run, text[:time]), state)
    alternatives: list[Alternative] = [(), *((replace(clamp, time=0),) for clamp in clamps)]
    held_from_here = held(arrangement, alternatives)
    counts = examples_of(run.spec.layer_count, held_from_here, 1, len(alternatives))
    every = tuple(
        tuple(type(one)(*(part.expand(counts[layer], -1) for part in one)) for one in directions)
        for layer, directions in enumerate(state)
    )
    read = arrangement.trace(weights, reading(run, text[time:]), every, held_from_here, keep=(first.signal,))
    signal = xarray.DataArray(
        read.signals[first.signal][first.layer, first.direction].numpy(),
        name=first.signal,
        attrs={"role": arrangement.signals[first.signal].role},
    )
    seen = squashed(signal).to_numpy()
    units = [one for clamp in clamps for one in clamp.units or ()]
    since = np.stack([seen[row + 1, :, unit] - seen[0, :, unit] for row, unit in enumerate(units)])
    return np.pad(since, [(0, 0), (time, 0)])
