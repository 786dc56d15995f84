"""What follows from setting something inside a network, beside the network left alone."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

QUIET = "#808894"
ROW = 34
"""Pixels for one class of characters."""

PLAIN: Mapping[str, Any] = {
    "grid": False,
    "domain": False,
    "ticks": False,
    "labelColor": QUIET,
    "titleColor": QUIET,
    "titleFontWeight": "normal",
}


def costs(classes: pd.DataFrame, colour: str, words: Mapping[str, str]) -> alt.LayerChart:
    """One row per class of characters: a dot for what the clamp adds to the loss, a bar for the range of the others.

    classes : name, change, median, least, most
    words : axis, unit, others (what the bar and its tick are), change, median, least, most
    """
    low, high = min(0.0, classes[["change", "least"]].min().min()), max(0.0, classes[["change", "most"]].max().max())
    room = 0.06 * (high - low) or 1.0
    across = alt.Scale(domain=[low - room, high + 2 * room], nice=False)
    up = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, labelLimit=130, **PLAIN))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across, axis=alt.Axis(title=words["axis"], tickCount=5, format="+~g", **PLAIN))

    tooltip = [alt.Tooltip("name:N", title=" ")] + [
        alt.Tooltip(f"{one}:Q", title=words[one], format="+.3f") for one in ("change", "median", "least", "most")
    ]
    rows = alt.Chart(classes)
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=QUIET, opacity=0.6).encode(x=x("at"))
    reach = rows.mark_bar(color=QUIET, opacity=0.35, size=9).encode(x("least"), up, x2="most:Q", tooltip=tooltip)
    middle = rows.mark_tick(color=QUIET, thickness=3, size=17, opacity=1).encode(x("median"), up, tooltip=tooltip)
    dots = rows.mark_circle(color=colour, size=110, opacity=1).encode(x("change"), up, tooltip=tooltip)
    numbers = rows.mark_text(color=colour, dy=-12, fontSize=12, fontWeight="bold").encode(
        x("change"), up, text=alt.Text("change:Q", format="+.2f")
    )
    return (
        alt.layer(zero, reach, middle, dots, numbers)
        .properties(width="container", height=ROW * len(classes))
        .configure_view(stroke=None)
    )
