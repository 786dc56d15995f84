"""The training curves of an experiment, while they grow and after."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.runs.run import Run
from core.spec import RunSpec
from dashboard.experiment import jobs
from dashboard.figures import figure
from dashboard.shell import titles
from dashboard.shell.words import label

if TYPE_CHECKING:
    from dashboard.experiment.jobs import Status

POINTS_DRAWN = 300

ROOM = 275
"""Pixels that are reserved for the curve and its title, so that nothing below them moves."""


@dataclass(frozen=True)
class Watched:
    """One training as a page sees it, while it runs and after it.

    Attributes
    ----------
    update, loss, gradient_norm, clipped
        At most 300 points of the curve so far, shape (point,). The loss is in the task's unit. The gradient norm is
        taken before clipping.
    held_out_update, held_out_loss
        The evaluations on held-out examples: after which update, and the loss.
    updates
        How many updates the training has when it is complete.
    goes
        Whether the training waits or runs at this moment.
    run
        The result, once there is one.
    """

    spec: RunSpec
    update: np.ndarray
    loss: np.ndarray
    gradient_norm: np.ndarray
    clipped: np.ndarray
    held_out_update: np.ndarray
    held_out_loss: np.ndarray
    updates: int
    goes: bool
    run: Run | None

    @property
    def mark(self) -> Hashable:
        """Everything that decides how it is drawn, so that each new state is drawn once for all tabs together."""
        last = float(self.loss[-1]) if len(self.loss) else None
        return self.spec.key, len(self.update), last, len(self.held_out_update), self.goes, self.run is not None


DrawCurves = Callable[[Sequence[Watched]], None]


def draw_losses(watched: Sequence[Watched]) -> None:
    """Draw the loss of each training, and its loss on held-out examples."""
    from dashboard.figures.charts import training  # imports altair and pandas, which the first page does not need

    unit = watched[0].spec.task
    with st.container(height=ROOM, border=False):
        started = any(len(one.update) for one in watched)
        waiting = label("train.first_points") if not started and any(one.goes for one in watched) else None
        top = training.ceiling(watched, empty=5.0 if unit == "characters" else 0.5)
        updates = max(one.updates for one in watched)
        names = tuple(dict.fromkeys(one.spec.cell for one in watched))
        words = {
            "loss": label(f"train.axis_{unit}") if unit in ("characters", "adding") else label("train.axis"),
            "update": label("train.axis_update"),
            "held_out": label("train.held_out"),
            "training": label("train.training"),
        } | {name: titles.option("cell", name) for name in names}
        figure.show(
            lambda: training.losses(updates=updates, top=top, cells=names, words=words),
            name="losses",
            decided_by=(updates, top, names, unit),
            data=lambda: training.loss_frames(watched, waiting),
            data_decided_by=(tuple(one.mark for one in watched), waiting),
            title=label("train.losses"),
            alt=label("train.losses_alt", updates=updates),
        )


def draw_while_training(watched: Sequence[Watched]) -> None:
    """Draw the losses during training or after a stop. Once all are trained, the page shows the networks instead."""
    if any(one.goes or (one.run is None and len(one.update)) for one in watched):
        draw_losses(watched)


def watched(spec: RunSpec, run: Run | None, status: Status | None) -> Watched:
    """Return one training as a page sees it, from its result if there is one, else from its status in the engine."""
    if run:
        curves = run.curves
        kept = _thinned(len(curves["loss"]))
        update = kept + 1
        found = {name: curves[name][kept] for name in ("loss", "gradient_norm", "clipped")}
        found |= {name: curves[name] for name in ("held_out_update", "held_out_loss")}
    else:
        points: Any = status.points if status else None
        names = ("update", "loss", "gradient_norm", "clipped", "held_out_update", "held_out_loss")
        found = {name: np.asarray(getattr(points, name, ()), dtype=float) for name in names}
        update = found.pop("update")
    goes = bool(status and jobs.goes(status))
    return Watched(spec=spec, update=update, updates=spec.updates, goes=goes, run=run, **found)


def _thinned(count: int) -> np.ndarray:
    """Return at most 300 evenly spaced positions out of ``count``, including the first and the last."""
    if count <= POINTS_DRAWN:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, POINTS_DRAWN).round().astype(int))
