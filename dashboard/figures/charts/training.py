"""The loss of a training run, while it runs and afterwards."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.charts.plain import layers
from dashboard.shell.theme import DEEP_GREY, cell_colour, cell_dash

LOSS_CEILINGS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 50, 100, 200, 500, 1000)
"""Where the axis may end. It moves in steps, so that a growing curve seldom changes it."""

LOSSES_HEIGHT = 225
LINE_KINDS = ("training", "held_out")
THIN, BOLD = 1.3, 3.0
"""Widths in pixels: of the line of single updates, and of the line of held-out losses."""


class Experiment(Protocol):
    """What distinguishes one training run from another."""

    @property
    def cell(self) -> str:
        """Name of its cell type."""

    @property
    def seed(self) -> int:
        """Seed of its weights and its batches."""


class LossCurve(Protocol):
    """The loss of one training run, as far as it has come."""

    @property
    def spec(self) -> Experiment:
        """The experiment that it belongs to."""

    @property
    def update(self) -> np.ndarray:
        """Updates at which there is a loss, shape (point,)."""

    @property
    def loss(self) -> np.ndarray:
        """Loss of these updates, shape (point,)."""

    @property
    def held_out_update(self) -> np.ndarray:
        """Updates after which held-out examples were evaluated, shape (evaluation,)."""

    @property
    def held_out_loss(self) -> np.ndarray:
        """Loss on held-out examples after these updates, shape (evaluation,)."""


def losses(*, updates: int, top: float, cells: Sequence[str], words: Mapping[str, str]) -> alt.LayerChart:
    """Draw the loss of each update, thin, and the loss on held-out text, bold with points.

    A cell type has one hue and one dash pattern. A legend says which line is which, and which cell's if there are
    several. The data have the names ``points``, ``held_out`` and ``waiting`` (see ``loss_frames``), so that a growing
    curve changes nothing else.

    Parameters
    ----------
    updates, top
        Ends of the axes. Higher losses are drawn at the top edge.
    words
        Labels ``loss``, ``update``, ``training``, ``held_out``, and each cell's name.
    """
    whose = _key(cells, words, orient="top-right") if len(cells) > 1 else None
    colour = alt.Color("cell:N", scale=_scale(cells, map(cell_colour, cells)), legend=whose)
    dash = alt.StrokeDash("cell:N", scale=_scale(cells, map(cell_dash, cells)), legend=whose)
    ink = DEEP_GREY if len(cells) > 1 else cell_colour(cells[0])
    which = _key(LINE_KINDS, words, orient="top", symbolStrokeColor=ink)
    width = alt.StrokeWidth("kind:N", scale=_scale(LINE_KINDS, (THIN, BOLD)), legend=which)
    x, y = _axes(updates, top, words)
    points, held_out = alt.NamedData("points"), alt.NamedData("held_out")
    run = alt.Detail("series:N")
    return layers(
        alt.Chart(points)
        .transform_calculate(kind="'training'")
        .mark_line()
        .encode(x=x, y=y, color=colour, detail=run, strokeWidth=width),
        alt.Chart(held_out)
        .transform_calculate(kind="'held_out'")
        .mark_line(interpolate="monotone")
        .encode(x=x, y=y, color=colour, strokeDash=dash, detail=run, strokeWidth=width),
        alt.Chart(held_out)
        .mark_point(filled=True, size=30, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("update:Q", title=words["update"], format=",d"),
                alt.Tooltip("loss:Q", title=words["held_out"], format=".3f"),
            ],
        ),
        alt.Chart(alt.NamedData("waiting"))
        .mark_text(color=DEEP_GREY, fontSize=11.5)
        .encode(
            x=alt.value({"expr": "width / 2"}),
            y=alt.value({"expr": "height / 2"}),
            text="words:N",
        ),
        height=LOSSES_HEIGHT,
        padding={"bottom": 2},
    )


def _axes(updates: int, top: float, words: Mapping[str, str]) -> tuple[alt.X, alt.Y]:
    update = alt.Axis(title=words["update"], grid=False, domain=False, ticks=False, tickCount=5, titlePadding=4)
    loss = alt.Axis(title=words["loss"], domain=False, ticks=False, tickCount=4)
    return (
        alt.X("update:Q", scale=alt.Scale(domain=[0, updates], nice=False), axis=update),
        alt.Y("loss:Q", scale=alt.Scale(domain=[0, top], nice=False, clamp=True), axis=loss),
    )


def loss_frames(curves: Sequence[LossCurve], waiting: str | None = None) -> dict[str, pd.DataFrame]:
    """Return the data of ``losses``: points and held-out losses, each with update, loss, cell and series.

    Parameters
    ----------
    waiting
        Words between the axes while there is no curve yet.
    """
    return {
        "points": _frame(curves, "update", "loss"),
        "held_out": _frame(curves, "held_out_update", "held_out_loss"),
        "waiting": pd.DataFrame({"words": pd.Series([waiting] if waiting else [], dtype=object)}),
    }


def ceiling(curves: Sequence[LossCurve], empty: float) -> float:
    """Return the lowest end of the loss axis that lies above every curve.

    A spike may be cut off if it is more than twice as high as the 98th percentile of its curve.

    Parameters
    ----------
    empty
        The end while there is no curve.
    """
    losses = [one.loss for one in curves if len(one.loss)]
    highest = max((min(float(one.max()), 2 * float(np.quantile(one, 0.98))) for one in losses), default=empty)
    return next((one for one in LOSS_CEILINGS if one >= highest), LOSS_CEILINGS[-1])


def _key(names: Sequence[str], words: Mapping[str, str], **look: Any) -> alt.Legend:
    """Return a legend that names the lines, each name beside a piece of its line."""
    said = json.dumps({name: words[name] for name in names})
    return alt.Legend(
        title=None,
        offset=4,
        padding=0,
        labelExpr=f"{said}[datum.label]",
        labelLimit=260,
        symbolType="stroke",
        symbolSize=400,
        **look,
    )


def _scale(domain: Iterable[str], looks: Iterable[Any]) -> alt.Scale:
    return alt.Scale(domain=list(domain), range=list(looks))


def _frame(curves: Sequence[LossCurve], update: str, loss: str) -> pd.DataFrame:
    parts = {"update": [], "loss": [], "cell": [], "series": []}  # type: dict[str, list[Any]]
    for curve in curves:
        updates, values = getattr(curve, update), getattr(curve, loss)
        parts["update"].append(np.asarray(updates, dtype=float))
        parts["loss"].append(np.asarray(values, dtype=float))
        parts["cell"] += [curve.spec.cell] * len(values)
        parts["series"] += [f"{curve.spec.cell} {curve.spec.seed}"] * len(values)
    numbers = {name: np.concatenate(parts[name]) if parts[name] else np.zeros(0) for name in ("update", "loss")}
    return pd.DataFrame(numbers | {name: pd.Series(parts[name], dtype=object) for name in ("cell", "series")})
