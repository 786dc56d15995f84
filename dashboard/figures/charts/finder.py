"""The score of a unit beside its controls, and the value of the unit against that of the concept."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.charts.plain import framed, layers, quiet_axis
from dashboard.shell.theme import GREY

ROW_HEIGHT = 44
"""Pixels of a row: its words above its mark."""
AGAINST_HEIGHT = 220
AXIS_HEIGHT = 64
"""Pixels below the rows, for the axis."""
BELOW_LAST_ROW = 0.35
"""Room below the mark of the last row, in rows."""
GOLDEN = 0.618034
"""Golden ratio: dots that are moved on by this share of a width, again and again, fill it evenly."""
SIDEWAYS = 0.5
TICKS = 6
"""Numbers below a scatter, at most: a phone has no room for more."""


class Row(NamedTuple):
    """One strength with its words. ``low`` and ``high`` are the ends of its range, equal if it has none."""

    words: str
    value: float
    low: float
    high: float


def beside_controls(
    found: Row, *controls: Row, least: float, needed: float, colour: str, words: Mapping[str, str]
) -> alt.LayerChart:
    """Draw the unit that was found in its colour, and its controls in grey below it, on one axis.

    Parameters
    ----------
    least
        The strength that says nothing: 0 for |r|, 0.5 for AUROC. The other end of the axis is 1.
    needed
        The strength that a detector has to reach, drawn as a dashed line.
    words
        Labels ``axis`` and ``needed``.
    """
    rows = pd.DataFrame([found, *controls])
    rows[["value", "low", "high"]] = rows[["value", "low", "high"]].clip(lower=least)
    rows["row"] = -rows.index
    rows["least"] = least
    scale = alt.Scale(domain=[least, 1], nice=False)
    x = alt.X("value:Q", scale=scale, axis=quiet_axis(words["axis"], tickCount=5))
    y = alt.Y("row:Q", scale=alt.Scale(domain=[BELOW_LAST_ROW - len(rows), 1 - BELOW_LAST_ROW], nice=False), axis=None)
    colours = alt.condition("datum.row === 0", alt.value(colour), alt.value(GREY))
    row = alt.Chart(rows).encode(y=y, color=colours)
    ranges = row.mark_rule(strokeWidth=4, opacity=0.5).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = row.mark_point(size=90, strokeWidth=2, opacity=1).encode(
        x=x,
        fill=alt.condition("datum.row === 0", alt.value(colour), alt.value("transparent")),
        tooltip=[alt.Tooltip("words:N", title=" "), alt.Tooltip("value:Q", title=words["axis"], format=".2f")],
    )
    names = row.mark_text(align="left", dy=-16, fontSize=12).encode(x=alt.X("least:Q", scale=scale), text="words:N")
    aside: dict[str, Any] = {"align": "left", "dx": 5}
    if needed > (1 + least) / 2:
        aside = {"align": "right", "dx": -5}
    limit = alt.Chart(pd.DataFrame({"needed": [needed], "row": BELOW_LAST_ROW - len(rows), "words": words["needed"]}))
    limit = limit.encode(x=alt.X("needed:Q", scale=scale))
    line = limit.mark_rule(color=GREY, strokeDash=[4, 3])
    named = limit.mark_text(**aside, dy=-6, color=GREY, fontSize=11).encode(y=y, text="words:N")
    return framed(layers(line, ranges, points, names, named), ROW_HEIGHT * len(rows) + AXIS_HEIGHT)


def points(known: np.ndarray, values: np.ndarray, *, spread: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of ``against``: a dot for each character, and the median for each value of the concept.

    Parameters
    ----------
    known, values
        Shape (time,).
    spread
        Whether dots of the same value stand side by side instead of on each other.
    """
    table = pd.DataFrame({"known": known, "value": values.astype(np.float64)})
    gaps = np.diff(np.unique(known))
    room = SIDEWAYS * gaps.min() if spread and len(gaps) else 0.0
    table["across"] = table["known"] + room * (GOLDEN * np.arange(len(table)) % 1 - 0.5)
    medians = table.groupby("known")["value"].median().reset_index()
    return {"dots": table, "medians": medians}


def against(
    high: float, domain: tuple[float, float], colour: str, binary: bool, words: Mapping[str, str]
) -> alt.LayerChart:
    """Draw the value of a unit (vertical) against the value of the concept (horizontal), with a bar at each median.

    Parameters
    ----------
    high
        The largest value of the concept.
    domain
        The lowest and the highest value of the unit.
    words
        Labels ``concept`` and ``unit`` of the axes; ``yes`` and ``no``, the two values of a binary concept.
    """
    named: dict[str, Any] = {
        "values": [0, 1],
        "labelExpr": f"datum.value ? {json.dumps(words['yes'])} : {json.dumps(words['no'])}",
    }
    bottom = quiet_axis(words["concept"], **(named if binary else {"tickMinStep": 1, "tickCount": TICKS}))
    margin = high / 2 if binary else high / 20
    scale = alt.Scale(domain=[-margin, high + margin], nice=False)
    y = alt.Y("value:Q", scale=alt.Scale(domain=domain, nice=False), axis=quiet_axis(words["unit"]))
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_circle(size=22, opacity=0.35, color=colour)
        .encode(x=alt.X("across:Q", scale=scale, axis=bottom), y=y)
    )
    medians = (
        alt.Chart(alt.NamedData("medians"))
        .mark_tick(orient="horizontal", thickness=3, size=60 if binary else 9, color=colour)
        .encode(
            x=alt.X("known:Q", scale=scale), y=y, tooltip=[alt.Tooltip("value:Q", title=words["unit"], format=".2f")]
        )
    )
    return framed(layers(dots, medians), AGAINST_HEIGHT)
