"""What a training curve did: its level, its steps, and whether it settled.

Everything here reads a finished or growing curve; nothing trains. Losses go in as nats per character, as the trainer
records them, and come out as bits per character, the unit that the page shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

JUMP = 0.15
"""An upward jump is a loss more than this share above that of the update before."""
TAIL = 0.10
"""The final level is read from this last share of the updates."""
STRETCHES = 40
"""A running level is the median of each of so many equal stretches of updates: it leaves out the noise of batches."""
SHORTEST_STRETCH = 5
"""Updates of a stretch at least, and of a fifth: with fewer there is no verdict."""
CLIMBS = 1.0
"""A curve oscillates if all climbs of its running level come to more than so many times the first level,"""
SWINGS = 0.1
"""or if half of its updates lie further than this share of the first level from their running level."""
FALLING_ALL_ALONG = 0.01
"""It does not if the median of each fifth of it is lower than that of the fifth before by more than this share."""
STILL_FALLING = 0.03
"""A curve still falls if the median of its last fifth is lower than that of the fifth before by more than that.

It must also be a difference that is printed."""
BY_HEART = 0.1
"""A run learns its training text by heart if its held-out loss ends more than this share above its lowest."""
LEARNT = 0.02
"""A curve that ends less than this share below its first level has learnt nothing."""
RACE_DIGITS = 2
"""Decimals to which a level, in bits per character, is printed and a lead is judged."""


class Behaviour(StrEnum):
    """How a curve ended, in the order in which ``judge`` asks."""

    DIVERGES = "diverges"
    OSCILLATES = "oscillates"
    RISES = "rises"
    STALLS = "stalls"
    FALLS = "falls"
    SETTLES = "settles"
    UNDECIDED = "undecided"


CALM = (Behaviour.FALLS, Behaviour.SETTLES)
"""What a curve does whose network learns."""


@dataclass(frozen=True)
class Curve:
    """One run's training curve, whole or as far as it has come.

    All arrays have the shape (point,).

    Parameters
    ----------
    update
        Counts from 1 and may skip numbers, since a live curve is thinned.
    loss
        Nats per character.
    gradient_norm
        The global norm before clipping.
    clipped
        1 where the gradient was scaled down.
    held_out
        The loss on held-out examples at each evaluation, nats per character. Shape: (evaluation,); empty if unknown.
    """

    cell: str
    seed: int
    update: NDArray[np.int64]
    loss: Floats
    gradient_norm: Floats
    clipped: Floats
    diverged_at: int | None = None
    held_out: Floats = field(default_factory=lambda: np.empty(0))

    @classmethod
    def of(
        cls,
        cell: str,
        seed: int,
        loss: ArrayLike,
        gradient_norm: ArrayLike,
        clipped: ArrayLike,
        update: ArrayLike | None = None,
        diverged_at: int | None = None,
        held_out: ArrayLike = (),
    ) -> Curve:
        """Return the curve with floats in double precision; if `update` is None, it is 1, 2, 3 and so on."""
        losses = np.asarray(loss, dtype=np.float64)
        return cls(
            cell,
            seed,
            np.arange(1, losses.size + 1) if update is None else np.asarray(update, dtype=np.int64),
            losses,
            np.asarray(gradient_norm, dtype=np.float64),
            np.asarray(clipped, dtype=np.float64),
            diverged_at,
            np.asarray(held_out, dtype=np.float64),
        )


@dataclass(frozen=True)
class RaceVerdict:
    """One run, in numbers; levels and deviation in bits per character.

    Attributes
    ----------
    first_level
        The loss of the first update, which is that of the untrained network.
    final_level
        The median of the last tenth of the updates.
    final_low, final_high
        The quartiles of the last tenth of the updates.
    step_deviation
        The standard deviation of the change from one update to the next.
    upward_jumps
        How many updates have a loss more than 15 % above that of the update before.
    clip_share
        The share of updates whose gradient was clipped, 0 to 1.
    climbs, swings
        As ``climbs_and_swings`` gives them; NaN with fewer than 5 updates.
    held_out, held_out_lowest
        The loss on held-out examples at the last evaluation, and at the lowest of all; NaN if there was none.
    """

    behaviour: Behaviour
    updates: int
    first_level: float
    final_level: float
    final_low: float
    final_high: float
    step_deviation: float
    upward_jumps: int
    clip_share: float
    climbs: float
    swings: float
    diverged_at: int | None = None
    held_out: float = math.nan
    held_out_lowest: float = math.nan

    @property
    def is_by_heart(self) -> bool:
        """Whether the loss falls on the training text alone: on held-out text it has risen again."""
        return self.behaviour in CALM and self.held_out > (1 + BY_HEART) * self.held_out_lowest


@dataclass(frozen=True)
class Spread:
    """A number over several seeds: median, lowest and highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of one or more values.

        Raises
        ------
        ValueError
            If there are no values.
        """
        if not values:
            raise ValueError("a spread needs at least one value")
        return cls(float(np.median(values)), float(np.min(values)), float(np.max(values)))


@dataclass(frozen=True)
class Summary:
    """One competitor over its seeds: the spread of its numbers, and the most common behaviour of its runs.

    Attributes
    ----------
    interval
        Where the competitor ended: from the lowest to the highest final level over its seeds. With one seed alone, from
        the lower to the upper quartile of the last tenth.
    diverged_at
        The first update at which any of the runs diverged.
    held_out, held_out_lowest
        As for one run.
    by_heart
        The share of runs that learn their training text by heart, 0 to 1.
    """

    behaviour: Behaviour
    share: float
    seeds: int
    updates: int
    first_level: Spread
    final_level: Spread
    interval: tuple[float, float]
    step_deviation: Spread
    upward_jumps: Spread
    clip_share: Spread
    climbs: Spread
    swings: Spread
    diverged_at: int | None
    held_out: Spread
    held_out_lowest: Spread
    by_heart: float


@dataclass(frozen=True)
class Lead:
    """Who ended lowest, by how many bits per character, and whether that is more than scatter.

    Attributes
    ----------
    leader
        None if every competitor diverged.
    runner_up
        The next lowest. If the lead is not clear, the next lowest of those whose interval overlaps the leader's. None
        if no other competitor finished.
    gap
        Bits per character between the two. NaN without a runner-up.
    clear
        Whether the leader's interval lies wholly below those of all others that finished. False if it ran alone.
    """

    leader: str | None
    runner_up: str | None
    gap: float
    clear: bool


@dataclass(frozen=True)
class Outline:
    """One competitor's curves on a common grid of buckets of updates.

    Every array has the shape (bucket,). Losses are in bits per character. No spike is lost: the extremes are over all
    updates of the bucket and all seeds.

    Attributes
    ----------
    low, high
        The extremes of the loss.
    middle
        The running median of the median loss over seeds.
    gradient_norm
        The median gradient norm over seeds.
    norm_high
        The largest gradient norm.
    """

    cell: str
    update: Floats
    low: Floats
    middle: Floats
    high: Floats
    gradient_norm: Floats
    norm_high: Floats
    clip_share: Floats


def bits(nats: ArrayLike) -> Floats:
    """Return nats per character as bits per character: x / ln 2."""
    return np.asarray(nats, dtype=np.float64) / math.log(2)


def upward_jumps(loss: ArrayLike) -> NDArray[np.int64]:
    """Positions (from 0) of the updates whose loss is more than 15 % above that of the update before."""
    values = np.asarray(loss, dtype=np.float64)
    return np.flatnonzero(values[1:] > (1 + JUMP) * values[:-1]) + 1


def judge(curve: Curve) -> RaceVerdict:
    """Return what one curve did.

    The questions are asked in this order. Is a loss or gradient not finite? The run *diverges*. Are there fewer than 25
    updates? It is *undecided*. Does its running level climb again and again, or do single updates swing far around it,
    and is not each fifth of it lower than the one before? It *oscillates*. Does it end within 2 % of where it began, or
    above? It *stalls*. Does its last fifth differ from the fifth before by more than 3 % and 0.01 bits? It *rises*
    again, or still *falls*. Otherwise it *settles*. Where the noise of its updates is larger than that difference and
    that bound, it is *undecided*.

    Raises
    ------
    ValueError
        If the curve holds no finite loss.
    """
    finite = np.isfinite(curve.loss)
    loss = bits(curve.loss[finite])
    if loss.size == 0:
        raise ValueError(f"the curve of {curve.cell}, seed {curve.seed}, holds no finite loss")
    tail = loss[-max(1, round(TAIL * loss.size)) :]
    low, level, high = (float(value) for value in np.quantile(tail, (0.25, 0.5, 0.75)))
    steps = np.diff(loss)
    jumps = int(upward_jumps(loss).size)
    climbs, swings = climbs_and_swings(loss) if loss.size >= SHORTEST_STRETCH else (math.nan, math.nan)
    if curve.diverged_at is not None or not finite.all():
        behaviour = Behaviour.DIVERGES
    elif loss.size < 5 * SHORTEST_STRETCH:
        behaviour = Behaviour.UNDECIDED
    else:
        behaviour = _ended(loss, level)
    held_out = bits(curve.held_out[np.isfinite(curve.held_out)])
    diverged_at = curve.diverged_at
    if diverged_at is None and not finite.all():
        diverged_at = int(curve.update[np.argmin(finite)])
    return RaceVerdict(
        behaviour=behaviour,
        updates=int(loss.size),
        first_level=float(loss[0]),
        final_level=level,
        final_low=low,
        final_high=high,
        step_deviation=float(steps.std()) if steps.size else 0.0,
        upward_jumps=jumps,
        clip_share=float(np.mean(curve.clipped[finite])),
        climbs=climbs,
        swings=swings,
        diverged_at=diverged_at,
        held_out=float(held_out[-1]) if held_out.size else math.nan,
        held_out_lowest=float(held_out.min()) if held_out.size else math.nan,
    )


def climbs_and_swings(loss: ArrayLike) -> tuple[float, float]:
    """Return how restless a curve is, both in multiples of its first level.

    The running level is the median of each of at most 40 stretches of 5 updates or more. The first number is the sum of
    all its climbs from one stretch to the next. The second is the median distance of single updates from it.

    Parameters
    ----------
    loss
        At least 5 finite losses. Shape: (update,).
    """
    values = np.asarray(loss, dtype=np.float64)
    stretches = np.array_split(values, min(STRETCHES, values.size // SHORTEST_STRETCH))
    level = np.array([np.median(one) for one in stretches])
    climbs = np.diff(level).clip(min=0).sum()
    swings = np.median(np.concatenate([np.abs(one - middle) for one, middle in zip(stretches, level, strict=True)]))
    return float(climbs / values[0]), float(swings / values[0])


def _ended(loss: Floats, level: float) -> Behaviour:
    """Return what became of a curve that has enough updates, all of them finite."""
    fifths = np.array([np.median(fifth) for fifth in np.array_split(loss, 5)])
    climbs, swings = climbs_and_swings(loss)
    if (climbs > CLIMBS or swings > SWINGS) and (fifths[1:] > (1 - FALLING_ALL_ALONG) * fifths[:-1]).any():
        return Behaviour.OSCILLATES
    if level > (1 - LEARNT) * loss[0]:
        return Behaviour.STALLS
    fallen, least = fifths[3] - fifths[4], max(STILL_FALLING * fifths[3], 10**-RACE_DIGITS)
    doubt = _doubt(*np.array_split(loss, 5)[3:])
    if abs(fallen) > max(least, doubt):
        return Behaviour.FALLS if fallen > 0 else Behaviour.RISES
    return Behaviour.SETTLES if doubt <= least else Behaviour.UNDECIDED


def _doubt(before: Floats, last: Floats) -> float:
    """Return two standard errors of the difference of two medians, of values that are scattered normally."""
    errors = [1.25 * 1.48 * np.median(np.abs(one - np.median(one))) / math.sqrt(one.size) for one in (before, last)]
    return 2 * math.hypot(*errors)


def summarise(verdicts: Sequence[RaceVerdict]) -> Summary:
    """Return one competitor over its seeds.

    If two behaviours are equally common, the worse one is named.

    Raises
    ------
    ValueError
        If there are no verdicts.
    """
    if not verdicts:
        raise ValueError("a summary needs at least one verdict")
    found = [verdict.behaviour for verdict in verdicts]
    behaviour = max(Behaviour, key=found.count)  # max returns the first of equals, and the worst comes first
    levels = Spread.of([verdict.final_level for verdict in verdicts])
    return Summary(
        behaviour=behaviour,
        share=found.count(behaviour) / len(found),
        seeds=len(found),
        updates=max(verdict.updates for verdict in verdicts),
        first_level=Spread.of([verdict.first_level for verdict in verdicts]),
        final_level=levels,
        interval=(levels.low, levels.high) if len(verdicts) > 1 else (verdicts[0].final_low, verdicts[0].final_high),
        step_deviation=Spread.of([verdict.step_deviation for verdict in verdicts]),
        upward_jumps=Spread.of([verdict.upward_jumps for verdict in verdicts]),
        clip_share=Spread.of([verdict.clip_share for verdict in verdicts]),
        climbs=Spread.of([verdict.climbs for verdict in verdicts]),
        swings=Spread.of([verdict.swings for verdict in verdicts]),
        diverged_at=min((verdict.diverged_at for verdict in verdicts if verdict.diverged_at), default=None),
        held_out=Spread.of([verdict.held_out for verdict in verdicts]),
        held_out_lowest=Spread.of([verdict.held_out_lowest for verdict in verdicts]),
        by_heart=sum(verdict.is_by_heart for verdict in verdicts) / len(verdicts),
    )


def lead(summaries: Mapping[str, Summary]) -> Lead:
    """Return who ended lowest among those that did not diverge; see `Lead`.

    The gap and whether the lead is clear are judged by the levels as printed.
    """
    finished = {name: summary for name, summary in summaries.items() if summary.behaviour is not Behaviour.DIVERGES}
    order = sorted(finished, key=lambda name: finished[name].final_level.median)
    if not order:
        return Lead(None, None, math.nan, False)
    if len(order) == 1:
        return Lead(order[0], None, math.nan, len(summaries) > 1)
    leader, *others = order
    reach = round(finished[leader].interval[1], RACE_DIGITS)
    near = [name for name in others if round(finished[name].interval[0], RACE_DIGITS) <= reach]
    runner_up = (near or others)[0]
    low, high = (round(finished[name].final_level.median, RACE_DIGITS) for name in (leader, runner_up))
    return Lead(leader, runner_up, high - low, not near)


def running_median(values: ArrayLike, window: int) -> Floats:
    """Median over a centred window of an odd number of points, narrower at both ends, missing values left out."""
    series = np.asarray(values, dtype=np.float64)
    if not series.size:
        return series
    half = window // 2
    padded = np.concatenate([np.full(half, np.nan), series, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return _middles(windows)


def thin(update: ArrayLike, value: ArrayLike, points: int) -> tuple[Floats, Floats]:
    """Return at most `points` points of a curve that still reach every extreme.

    The curve is cut into at most `points // 2` stretches of equal length. Of each stretch, the lowest and the highest
    point stay, in their order in time. A curve that is short enough is returned whole.
    """
    updates, values = np.asarray(update, dtype=np.float64), np.asarray(value, dtype=np.float64)
    if updates.size <= points:
        return updates, values
    length = -(-updates.size // (points // 2))
    rows = np.pad(values, (0, -updates.size % length), mode="edge").reshape(-1, length)
    starts = np.arange(rows.shape[0]) * length
    extremes = np.concatenate([starts + rows.argmin(axis=1), starts + rows.argmax(axis=1)])
    kept = np.unique(np.minimum(extremes, updates.size - 1))
    return updates[kept], values[kept]


def outline(curves: Sequence[Curve], updates: int, buckets: int = 150, window: int = 7) -> Outline:
    """Return one competitor's curves, one per seed, on a common grid.

    The grid divides the updates 1 .. `updates` into at most `buckets` stretches. While the runs grow, a bucket covers
    the seeds that have reached it. A run that diverged counts as infinitely bad from there on, so that losing it cannot
    improve the median over seeds. Where the median itself is not finite, the line ends.

    Raises
    ------
    ValueError
        If there are no curves.
    """
    if not curves:
        raise ValueError("an outline needs at least one curve")
    count = min(buckets, updates)
    shape = (len(curves), count)
    low, high, middle, norm, norm_high, clipped = (np.full(shape, np.nan) for _ in range(6))
    for row, curve in enumerate(curves):
        finite = np.isfinite(curve.loss)
        if not finite.any():
            continue
        loss, place = bits(curve.loss[finite]), _bucket(curve.update[finite], updates, count)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        here = place[starts]
        low[row, here] = np.minimum.reduceat(loss, starts)
        high[row, here] = np.maximum.reduceat(loss, starts)
        middle[row, here] = _medians(loss, place, starts)
        norm[row, here] = _medians(curve.gradient_norm[finite], place, starts)
        norm_high[row, here] = np.maximum.reduceat(curve.gradient_norm[finite], starts)
        clipped[row, here] = np.add.reduceat(curve.clipped[finite], starts) / np.diff(starts, append=place.size)
        if curve.diverged_at is not None:
            after = np.arange(count) >= _bucket(np.array([curve.diverged_at]), updates, count)[0]
            middle[row, after & np.isnan(middle[row])] = np.inf
    seen = ~np.isnan(middle).all(axis=0)
    line = _middles(middle[:, seen].T)
    line[np.isinf(line)] = np.nan
    return Outline(
        cell=curves[0].cell,
        update=((np.arange(count) + 0.5) * updates / count + 0.5)[seen],
        low=np.fmin.reduce(low[:, seen], axis=0),
        middle=np.where(np.isnan(line), np.nan, running_median(line, window)),
        high=np.fmax.reduce(high[:, seen], axis=0),
        gradient_norm=_middles(norm[:, seen].T),
        norm_high=np.fmax.reduce(norm_high[:, seen], axis=0),
        clip_share=_means(clipped[:, seen]),
    )


def _bucket(update: NDArray[np.int64], updates: int, count: int) -> NDArray[np.int64]:
    return np.clip((update - 1) * count // updates, 0, count - 1)


def _medians(values: Floats, place: NDArray[np.int64], starts: NDArray[np.int64]) -> Floats:
    """Median of each stretch of equal `place`; `starts` are the stretches' first positions."""
    ordered = values[np.lexsort((values, place))]
    lengths = np.diff(starts, append=place.size)
    return np.asarray((ordered[starts + (lengths - 1) // 2] + ordered[starts + lengths // 2]) / 2)


def _middles(rows: Floats) -> Floats:
    """Median of each row, missing values left out; NaN for a row that has none."""
    ordered = np.sort(rows, axis=1)  # missing values sort to the end
    last = np.maximum((~np.isnan(rows)).sum(axis=1) - 1, 0)
    each = np.arange(rows.shape[0])
    return np.asarray((ordered[each, last // 2] + ordered[each, (last + 1) // 2]) / 2)


def _means(columns: Floats) -> Floats:
    """Mean of each column, missing values left out; NaN for a column that has none."""
    counts = (~np.isnan(columns)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(columns, axis=0) / counts)
