"""The runs of one experiment side by side, finished or still training."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.measures.race import (
    Curve,
    Outline,
    Summary,
    judge,
    outline,
    summarise,
)
from core.once import once
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.experiment import curves, results
from dashboard.figures import figure


@dataclass(frozen=True)
class Race:
    """The runs of one experiment, finished or still training. ``summaries`` is empty until all of them have ended.

    Attributes
    ----------
    blind
        Bits per character of a guess that gives every symbol the same probability; None if unknown.
    unfinished
        The cells that have a run without a result. Empty while any training waits or runs.
    trained
        How many of the runs were trained to the end.
    levels
        The final level of each cell's finished runs, by cell. A cell is left out while a run of it waits or trains.
    mark
        Everything that decides how the race is drawn.
    """

    specs: tuple[RunSpec, ...]
    curves: tuple[Curve, ...]
    outlines: tuple[Outline, ...]
    summaries: Mapping[str, Summary]
    blind: float | None
    unfinished: tuple[str, ...] = ()
    trained: int = 0
    levels: Mapping[str, float] = field(default_factory=dict)
    mark: Hashable = None

    @property
    def updates(self) -> int:
        """The largest number of updates of any run."""
        return max(spec.updates for spec in self.specs)

    @property
    def clip_norm(self) -> float | None:
        """The norm to which gradients are clipped; None if they are not clipped."""
        return self.specs[0].clip_norm

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells in the order in which they race."""
        return tuple(dict.fromkeys(spec.cell for spec in self.specs))


def finished_race(specs: Sequence[RunSpec]) -> Race | None:
    """Return the race of these runs if all of them have ended, else None."""
    runs = [results.finished(spec) for spec in specs]
    return _finished(tuple(specs)) if runs and all(runs) else None


def growing_race(watched: Sequence[curves.Watched], like: Race | None = None) -> Race:
    """Return the race in its present state, computed once for all readers who watch it.

    Until one of its runs has ended, the race takes ``blind`` from ``like`` if both have the same task options.
    """
    mark = tuple(one.mark for one in watched), like.mark if like else None
    return figure.once("growing race", mark, lambda: _growing(watched, like, mark))


def _growing(watched: Sequence[curves.Watched], like: Race | None, mark: Hashable) -> Race:
    specs = tuple(one.spec for one in watched)
    curves = tuple(
        _curve(one.run)
        if one.run
        else Curve.of(one.spec.cell, one.spec.seed, one.loss, one.gradient_norm, one.clipped, update=one.update)
        for one in watched
    )
    alike = like is not None and like.specs[0].options == specs[0].options
    blind = _blind([one.run for one in watched if one.run]) or (like.blind if like and alike else None)
    going = {one.spec.cell for one in watched if one.goes}
    unfinished = _names([one.spec for one in watched if not going and one.run is None])
    ended = [curve for curve, one in zip(curves, watched, strict=True) if one.run]
    levels = _levels(_summaries([curve for curve in ended if curve.cell not in going]))
    return Race(specs, curves, _outlines(specs, curves), {}, blind, unfinished, len(ended), levels, mark)


@once(megabytes=16)
def _finished(specs: tuple[RunSpec, ...]) -> Race | None:
    runs = [results.finished(spec) for spec in specs]
    curves = tuple(_curve(run) for run in runs if run)
    summaries = _summaries(curves)
    return Race(
        specs=specs,
        curves=curves,
        outlines=_outlines(specs, curves),
        summaries=summaries,
        blind=_blind([run for run in runs if run]),
        trained=len(curves),
        levels=_levels(summaries),
        mark=(specs, bool(summaries)),
    )


def _names(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec.cell for spec in specs))


def _curve(run: Run) -> Curve:
    curves = run.curves
    return Curve.of(
        run.spec.cell,
        run.spec.seed,
        curves["loss"],
        curves["gradient_norm"],
        curves["clipped"],
        diverged_at=run.diverged_at,
        held_out=curves.get("held_out_loss", ()),
    )


def _summaries(curves: Sequence[Curve]) -> dict[str, Summary]:
    names = dict.fromkeys(curve.cell for curve in curves)
    return {name: summarise([judge(curve) for curve in curves if curve.cell == name]) for name in names}


def _levels(summaries: Mapping[str, Summary]) -> dict[str, float]:
    return {cell: one.final_level.median for cell, one in summaries.items()}


def _outlines(specs: Sequence[RunSpec], curves: Sequence[Curve]) -> tuple[Outline, ...]:
    updates = max(spec.updates for spec in specs)
    return tuple(outline([curve for curve in curves if curve.cell == cell], updates) for cell in _names(specs))


def _blind(runs: Sequence[Run]) -> float | None:
    """Return the bits per character of a guess that gives every symbol the same probability: log2 of their number."""
    return float(np.log2(len(runs[0].symbols))) if runs and runs[0].symbols else None
