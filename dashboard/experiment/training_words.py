"""Sentences about trainings: how they proceed, how they ended, how long they will take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core import store as runs
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.experiment import jobs, time_left
from dashboard.experiment.removed_weights import nothing_left
from dashboard.shell import titles
from dashboard.shell.words import label

if TYPE_CHECKING:
    from dashboard.experiment.jobs import Status


def progress(
    specs: Sequence[RunSpec],
    results: Sequence[Run | None],
    statuses: Sequence[Status | None],
    side_by_side: int,
) -> tuple[float, str]:
    """Return the share that is done, from 0 to 1, and the line above the progress bar."""
    parts = [_part(*one) for one in zip(specs, results, statuses, strict=True)]
    asked, done = sum(part.updates for part in parts), sum(part.done for part in parts)
    going = [status for status in statuses if status and jobs.goes(status)]
    if not side_by_side:
        places = [status.place for status in going if status.place]
        if places:
            return done / asked, label("train.queued", place=min(places))
        starting = any(one.state == "starting" for one in going)
        return done / asked, label("train.starting" if starting else "train.handed_over")
    words = [label("train.progress", done=done, asked=asked)]
    if len(specs) > 1:
        words.append(label("train.several", count=len(specs), updates=specs[0].updates))
    elif going[0].points.loss:
        words.append(label("train.loss", loss=going[0].points.loss[-1]))
    left = time_left.seconds_left(parts, side_by_side)
    if left is not None:
        words.append(label("train.seconds_left", seconds=left))
    if any(jobs.trains(status) and status.attempt > 1 for status in going):
        words.append(label("train.repeated"))
    if all(status.declined for status in going):
        words.append(label("train.others_wait"))
    return min(1.0, done / asked), " · ".join(words)


def _part(spec: RunSpec, run: Run | None, status: Status | None) -> time_left.TrainingPart:
    part = time_left.TrainingPart(spec.cell, spec.cost, spec.updates)
    if run:
        here = runs.store().has(spec.key)  # a run that is saved with the app was trained on another machine
        return replace(part, done=spec.updates, seconds=run.metrics.get("seconds") if here else None)
    if not jobs.trains(status):
        return part
    left = spec.updates - status.update
    seconds = None
    if status.seconds_left is not None and left > 0:
        seconds = status.seconds_left / left * status.update
    return replace(part, done=status.update, seconds=seconds, trains=True)


def sentence(specs: Sequence[RunSpec], results: Sequence[Run | None], statuses: Sequence[Status | None]) -> str:
    """Say how the trainings ended, or how long they will take."""
    told: dict[str, list[str]] = {}  # the names that each sentence is about
    seeded = len({spec.seed for spec in specs}) > 1
    for spec, run, status in zip(specs, results, statuses, strict=True):
        name = titles.option("cell", spec.cell)
        if seeded:
            name = label("train.seeded", name=name, seed=spec.seed)
        for sentence in _sentences(spec, run, status, alone=len(specs) == 1):
            told.setdefault(sentence, []).append(name)
    lines = [
        sentence
        if len(names) == len(specs)
        else label("train.about", names=label("train.comma").join(names)) + sentence
        for sentence, names in told.items()
    ]
    settled = all(run or (status and status.state == "failed") for run, status in zip(results, statuses, strict=True))
    if not (lines and settled):
        lines.append(_tally(specs, results, statuses))
    return "  \n".join(lines)


def _sentences(spec: RunSpec, run: Run | None, status: Status | None, *, alone: bool) -> list[str]:
    """Return the sentences about one training. What several have in common is left to ``_tally``."""
    told = []
    if run and run.outcome == "diverged":
        advice = "clip" if spec.clip_norm is None else "slower"
        told.append(label("train.diverged", update=run.diverged_at) + " " + label(f"train.advice_{advice}"))
    elif run and alone:
        told.append(_score(run))
    elif status and status.state == "failed":
        told.append(label(f"train.failed_{status.error}"))
    if run and (nothing := nothing_left(run)):
        told.append(nothing)
    if run and runs.unsaved().has(spec.key):
        told.append(label("train.unsaved"))
    return told


def _tally(specs: Sequence[RunSpec], results: Sequence[Run | None], statuses: Sequence[Status | None]) -> str:
    """Say how many are trained, and how the others ended or how long they will take."""
    trained = [run for run in results if run]
    stopped = [status.update for status in statuses if status and status.state == "cancelled"]
    numbers = {"count": len(specs), "trained": len(trained), "missing": len(specs) - len(trained)}
    if len(trained) == len(specs):
        seconds = sum(run.metrics.get("seconds", 0.0) for run in trained)
        return label("train.all_finished", seconds=seconds, **numbers)
    if stopped and len(specs) == 1:
        return label("train.cancelled", update=stopped[0], updates=specs[0].updates)
    if stopped:
        begun = sum(update > 0 for update in stopped)
        return label("train.cancelled_several", begun=begun, untouched=numbers["missing"] - begun, **numbers)
    cost = sum(spec.cost for spec, run in zip(specs, results, strict=True) if run is None)
    return label("train.cost_of_rest" if trained else "train.cost", seconds=cost, **numbers)


def explained(run: Run | None) -> str | None:
    """Return an explanation of the terms in a score; None if there is no score."""
    if run is None or run.outcome == "diverged":
        return None
    return label("train.score_help" if "bits_per_character" in run.metrics else "train.held_out_help")


def _score(run: Run) -> str:
    facts = {name: run.metrics.get(name, float("nan")) for name in ("updates", "seconds", "held_out_loss")}
    bits = run.metrics.get("bits_per_character")
    if bits is None:
        return label("train.finished", **facts)
    return label("train.finished_text", bits=bits, perplexity=run.metrics.get("perplexity", float("nan")), **facts)
