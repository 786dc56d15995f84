"""The score of a unit beside its controls."""

from collections.abc import Mapping
from typing import NamedTuple

import altair as alt
import pandas as pd

QUIET = "#808894"
ROW = 44
"""Pixels for a row: its words above its mark."""
BELOW = 0.4
"""Room below the mark of the last row, in rows."""


class Row(NamedTuple):
    """One strength with what it is called; ``low`` and ``high`` are the ends of its range, equal where it has none."""

    words: str
    value: float
    low: float
    high: float


def beside_controls(
    found: Row, *controls: Row, least: float, needed: float, colour: str, words: Mapping[str, str]
) -> alt.LayerChart:
    """The unit that was found in its colour, and what it is compared with in grey below it, on one axis.

    least : the strength that says nothing, 0 of |r| and 0.5 of AUROC; the other end is 1
    needed : what a detector has to reach, as a dashed line
    words : axis, needed
    """
    rows = pd.DataFrame([found, *controls])
    rows[["value", "low", "high"]] = rows[["value", "low", "high"]].clip(lower=least)
    rows["row"] = -rows.index
    rows["least"] = least
    scale = alt.Scale(domain=[least, 1], nice=False)
    quiet = {"grid": False, "domain": False, "ticks": False, "labelColor": QUIET, "titleColor": QUIET}
    x = alt.X("value:Q", scale=scale, axis=alt.Axis(title=words["axis"], titleFontWeight="normal", **quiet))
    y = alt.Y("row:Q", scale=alt.Scale(domain=[BELOW - len(rows), 1 - BELOW], nice=False), axis=None)
    colours = alt.condition("datum.row === 0", alt.value(colour), alt.value(QUIET))
    row = alt.Chart(rows).encode(y=y, color=colours)
    ranges = row.mark_rule(strokeWidth=4, opacity=0.5).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = row.mark_point(size=90, strokeWidth=2, opacity=1).encode(
        x=x,
        fill=alt.condition("datum.row === 0", alt.value(colour), alt.value("transparent")),
        tooltip=[alt.Tooltip("words:N", title=" "), alt.Tooltip("value:Q", title=words["axis"], format=".2f")],
    )
    names = row.mark_text(align="left", dy=-16, fontSize=12).encode(x=alt.X("least:Q", scale=scale), text="words:N")
    align, away = ("right", -5) if needed > (1 + least) / 2 else ("left", 5)
    limit = alt.Chart(pd.DataFrame({"needed": [needed], "row": BELOW - len(rows), "words": words["needed"]}))
    limit = limit.encode(x=alt.X("needed:Q", scale=scale))
    line = limit.mark_rule(color=QUIET, strokeDash=[4, 3])
    named = limit.mark_text(align=align, dx=away, dy=-6, color=QUIET, fontSize=11).encode(y=y, text="words:N")
    return (
        alt.layer(line, ranges, points, names, named)
        .properties(width="container", height=ROW * len(rows))
        .configure_view(stroke=None)
    )
