"""What follows from setting something inside a network, beside the network left alone."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

QUIET = "#808894"
ROW = 34
"""Pixels for one class of characters."""
SWEPT = 220

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


def swept(samples: pd.DataFrame, colour: str, words: Mapping[str, str]) -> alt.LayerChart:
    """How the level of what is written moves with the value a unit is held at: dots, and a line of medians.

    samples : of (unit or other), value, level
    words : value and level, the axes; unit and other, the lines
    """
    samples = samples.dropna().assign(name=samples["of"].map({one: words[one] for one in ("unit", "other")}))
    medians = samples.groupby(["of", "name", "value"], as_index=False)["level"].median()
    top = float(samples["level"].max() or 1.0) if len(samples) else 1.0
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[-1.05, 1.05], nice=False),
        axis=alt.Axis(title=words["value"], values=[-1, -0.5, 0, 0.5, 1], format="~g", **PLAIN),
    )
    y = alt.Y(
        "level:Q",
        scale=alt.Scale(domain=[0, 1.15 * top], nice=False),
        axis=alt.Axis(title=words["level"], tickCount=4, **PLAIN),
    )
    hue = alt.Color("of:N", scale=alt.Scale(domain=["unit", "other"], range=[colour, QUIET]), legend=None)
    dash = alt.StrokeDash("of:N", scale=alt.Scale(domain=["unit", "other"], range=[[1, 0], [5, 3]]), legend=None)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("value:Q", title=words["value"], format="~g"),
        alt.Tooltip("level:Q", title=words["level"], format=".2f"),
    ]
    dots = alt.Chart(samples).mark_circle(size=28, opacity=0.45).encode(x=x, y=y, color=hue, tooltip=tooltip)
    lines = alt.Chart(medians).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=hue, strokeDash=dash)
    names = [
        alt.Chart(medians[(medians["of"] == of) & (medians["value"] == at)])
        .mark_text(align=align, dy=-12, fontSize=12, fontWeight="bold")
        .encode(x=x, y=y, color=hue, text="name:N")
        for of, at, align in (("unit", -1, "left"), ("other", 1, "right"))
    ]
    return alt.layer(dots, lines, *names).properties(width="container", height=SWEPT).configure_view(stroke=None)
