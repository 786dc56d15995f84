"""What a clamp costs: the surprise at each character with and without it, and with other units clamped instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
import xarray
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from core.pace import in_pieces
from core.runs.network import restore
from core.runs.run import Run
from core.traces.clamp import Alternative, Clamp
from core.traces.holding import check, examples_of, held
from core.traces.squashed import squashed
from core.traces.tracing import reading, settled, trace

DRAWS = 20
NEAREST = 2  # draws come from this many times as many units: those that are nearest in spread
READ_VALUES = 2_500_000
"""The most values of a layer's units, at all characters, under the alternatives that are read at once."""

FEW_VALUES = 8
GROUPS = 5


@torch.inference_mode()
def surprise(run: Run, text: str, alternatives: Sequence[Alternative]) -> xarray.DataArray:
    """Return the surprise at each character under each alternative, read in batches that fit in memory.

    surprise_t = -ln p(character_t | characters before it), nats

    Returns
    -------
    xarray.DataArray
        Shape: (alternative, time). NaN at the first character, which nothing predicts. It is the loss of
        ``core.traces.tracing.trace``, moved one time step later, to the character that is predicted.

    Raises
    ------
    ValueError
        If the text is empty, or as ``core.traces.tracing.compare`` raises it.
    """
    if not text:
        raise ValueError("an empty text has no characters")
    numbers = settled(run, text, alternatives)
    values = np.full((len(alternatives), len(text)), np.nan, dtype=np.float32)
    if len(text) > 1:
        network, batch = restore(run), reading(run, text[:-1])
        weights, arrangement = network.weights(), network.arrangement
        following = reading(run, text[1:]).inputs[0]
        many = max(1, READ_VALUES // (len(text) * run.spec.hidden_size))
        for begin in in_pieces(range(0, len(numbers), many)):
            some = numbers[begin : begin + many]
            holds = held(arrangement, some)
            counts = examples_of(run.spec.layer_count, holds, 1, len(some))
            outputs, _ = arrangement.run(weights, batch, arrangement.initial_state(weights, counts), holds)
            # One by one: with the many symbols of a Chinese text, all scores at once would not fit in a small machine.
            for row, one in enumerate(outputs.expand(len(some), -1, -1), start=begin):
                values[row, 1:] = cross_entropy(arrangement.read(weights, one), following, reduction="none").numpy()
    return xarray.DataArray(values, dims=("alternative", "time"), coords={"time": np.arange(len(text))})


def by_value(change: NDArray[np.floating], values: NDArray[np.floating], scored: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the mean change for each value of a concept, or for fifths of the characters in the order of their values.

    Fifths are taken if the concept has more than eight values. Characters that have no change (NaN) or are not scored
    are left out.

    Parameters
    ----------
    change, values, scored
        Shape of each: (time,).

    Returns
    -------
    pandas.DataFrame
        One row for each class, in rising order. Columns: low and high, the lowest and the highest value in it; change;
        and characters, their count.
    """
    kept = scored & np.isfinite(change) & np.isfinite(values)
    table = pd.DataFrame({"value": values[kept], "change": change[kept]})
    classes = (
        table["value"] if table["value"].nunique() <= FEW_VALUES else pd.qcut(table["value"], GROUPS, duplicates="drop")
    )
    return (
        table.groupby(classes.rename("class"), observed=True)
        .agg(low=("value", "min"), high=("value", "max"), change=("change", "mean"), characters=("change", "count"))
        .reset_index(drop=True)
    )


@dataclass(frozen=True, eq=False)
class Effect:
    """The effect of a clamp, compared with the same clamp of other units whose signal varies about as much.

    Attributes
    ----------
    surprise
        In nats: of the network as learned, with the clamp, and with each of the other clamps. Shape: (alternative,
        time).
    units
        For each of the other clamps, the units that stand in for those of the clamp. No unit appears twice.
    spreads
        Standard deviation over the text of each clamped unit's signal, within [-1, 1]. The units of the clamp itself
        come first. Shape: (1 + draw, unit).
    """

    surprise: xarray.DataArray
    units: tuple[tuple[int, ...], ...]
    spreads: NDArray[np.floating]

    @property
    def change(self) -> NDArray[np.floating]:
        """What the clamp adds to the surprise at each character. Shape: (time,), NaN at the first."""
        values = self.surprise.to_numpy()
        return np.asarray(values[1] - values[0])

    def mean(self, characters: NDArray[np.bool_]) -> float:
        """Mean change over ``characters`` (time,), nats; NaN if there are none. The first of the text never counts."""
        return float(self._means(characters)[0])

    def control(self, characters: NDArray[np.bool_]) -> NDArray[np.floating]:
        """Return the mean change over ``characters`` for each of the other clamps. Shape: (draw,)."""
        return self._means(characters)[1:]

    def _means(self, characters: NDArray[np.bool_]) -> NDArray[np.floating]:
        values = self.surprise.to_numpy().astype(np.float64)[:, 1:][:, characters[1:]]
        if not values.shape[1]:
            return np.full(len(values) - 1, np.nan)
        return np.asarray((values[1:] - values[0]).mean(axis=1))


def effect(run: Run, text: str, clamp: Clamp, *, draws: int = DRAWS, seed: int = 0) -> Effect:
    """Return what ``clamp`` does at every character of ``text``, compared with up to ``draws`` other choices of units.

    Parameters
    ----------
    clamp
        Sets one unit or several. The other units are set to the same numbers, or each to its own mean.
    draws
        How many other choices, at most. No two share a unit, so a layer with few units gives fewer.

    Raises
    ------
    ValueError
        If the clamp is of all units, or of more units than there are others, or as ``core.traces.tracing.compare``
        raises it.

    Notes
    -----
    With n draws, the stand-ins of a unit are drawn at random from the 2 n units whose spread is nearest to its own.
    Units that are already taken are passed over.
    """
    others, spreads = stand_ins(run, text, clamp, draws, seed)
    alternatives: list[Alternative] = [(), (clamp,), *((replace(clamp, units=units),) for units in others)]
    return Effect(surprise(run, text, alternatives), others, spreads)


def stand_ins(
    run: Run, text: str, clamp: Clamp, draws: int = DRAWS, seed: int = 0
) -> tuple[tuple[tuple[int, ...], ...], NDArray[np.floating]]:
    """Return ``units`` and ``spreads`` of ``Effect``: the units to clamp instead, and how much all of them vary.

    Raises
    ------
    ValueError
        As ``effect`` raises it.
    """
    check(clamp, run)
    if not clamp.units or 2 * len(clamp.units) > run.spec.hidden_size:
        raise ValueError("a control needs as many other units")
    signal = squashed(trace(run, text)[clamp.signal].isel(layer=clamp.layer, direction=clamp.direction, example=0))
    spreads = signal.std("time", dtype=np.float64).to_numpy()
    others = drawn(spreads, clamp.units, np.setdiff1d(np.arange(len(spreads)), clamp.units), draws, seed)
    return others, spreads[np.array((clamp.units, *others))]


def drawn(
    spreads: NDArray[np.floating], units: tuple[int, ...], others: NDArray[np.integer], draws: int, seed: int
) -> tuple[tuple[int, ...], ...]:
    """Return, for each draw, one of ``others`` for each of ``units``, drawn from those nearest to it in spread.

    No unit is drawn twice. Draws that shared units would have similar costs. It would then mean little that none of
    them costs as much as the clamp.

    Parameters
    ----------
    spreads
        Spread of every unit of the layer. It decides which units are near.
    draws
        How many draws, at most. There are fewer if ``others`` are too few.
    """
    generator = np.random.default_rng(seed)
    count = min(draws, len(others) // len(units))
    chosen = {}
    for unit in sorted(units):  # so that the draws do not depend on the order in which units are named
        by_distance = others[np.argsort(np.abs(spreads[others] - spreads[unit]), kind="stable")]
        chosen[unit] = generator.permutation(by_distance[: NEAREST * count])[:count]
        others = np.setdiff1d(others, chosen[unit])
    return tuple(tuple(int(one) for one in draw) for draw in zip(*(chosen[unit] for unit in units), strict=True))
