"""What follows from setting something inside a network, compared with the network left as it is."""

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.charts.plain import framed, layers, quiet_axis
from dashboard.shell.theme import GREY

CLASS_HEIGHT = 44
"""Pixels of one class of characters."""
SWEEP_HEIGHT = 260
READINGS_HEIGHT = 420
LANE = 0.78
"""Share of a lane's height that its lines take; the rest is for its name."""


def costs(classes: pd.DataFrame, colour: str, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw one row for each class of characters: a dot for the clamp's cost, a bar and a tick for those of others.

    Parameters
    ----------
    classes
        Columns ``name``, ``change``, ``median``, ``least`` and ``most``.
    words
        Labels ``axis``, ``change``, ``median``, ``least`` and ``most``.
    """
    low, high = min(0.0, classes[["change", "least"]].min().min()), max(0.0, classes[["change", "most"]].max().max())
    room = 0.06 * (high - low) or 1.0
    across = alt.Scale(domain=[low - room, high + 4 * room], nice=False)
    up = alt.Y("name:N", sort=None, axis=quiet_axis(None, labelLimit=130, labelOverlap=False))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across, axis=quiet_axis(words["axis"], tickCount=5, format="+~f"))

    tooltip = [alt.Tooltip("name:N", title=" ")] + [
        alt.Tooltip(f"{one}:Q", title=words[one], format="+.3f") for one in ("change", "median", "least", "most")
    ]
    rows = alt.Chart(classes)
    zero = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=GREY, opacity=0.6).encode(x=x("at"))
    reach = rows.mark_bar(color=GREY, opacity=0.35, size=9).encode(x("least"), up, x2="most:Q", tooltip=tooltip)
    middle = rows.mark_tick(color=GREY, thickness=3, size=17, opacity=1).encode(x("median"), up, tooltip=tooltip)
    dots = rows.mark_circle(color=colour, size=110, opacity=1).encode(x("change"), up, tooltip=tooltip)
    numbers = rows.mark_text(color=colour, align="left", dx=9, fontSize=12, fontWeight="bold").encode(
        x("change"), up, text=alt.Text("change:Q", format="+.2f")
    )
    return framed(layers(zero, reach, middle, dots, numbers), CLASS_HEIGHT * len(classes))


def swept(samples: pd.DataFrame, colour: str, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw how the level of what is written changes with the value that a unit is held at: dots, and lines of medians.

    Parameters
    ----------
    samples
        Columns ``of`` ("unit" or "other"), ``value`` and ``level``.
    words
        Labels ``value`` and ``level`` of the axes, ``unit`` and ``other`` of the lines.
    """
    samples = samples.dropna().assign(name=samples["of"].map({one: words[one] for one in ("unit", "other")}))
    medians = samples.groupby(["of", "name", "value"], as_index=False)["level"].median()
    top = float(samples["level"].max() or 1.0) if len(samples) else 1.0
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[-1.05, 1.05], nice=False),
        axis=quiet_axis(words["value"], values=[-1, -0.5, 0, 0.5, 1], format="~g"),
    )
    y = alt.Y(
        "level:Q",
        scale=alt.Scale(domain=[0, 1.15 * top], nice=False),
        axis=quiet_axis(words["level"], tickCount=4),
    )
    hue = alt.Color("of:N", scale=alt.Scale(domain=["unit", "other"], range=[colour, GREY]), legend=None)
    dash = alt.StrokeDash("of:N", scale=alt.Scale(domain=["unit", "other"], range=[[1, 0], [5, 3]]), legend=None)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("value:Q", title=words["value"], format="~g"),
        alt.Tooltip("level:Q", title=words["level"], format=".2f"),
    ]
    dots = alt.Chart(samples).mark_circle(size=28, opacity=0.45).encode(x=x, y=y, color=hue, tooltip=tooltip)
    lines = alt.Chart(medians).mark_line(strokeWidth=2.5).encode(x=x, y=y, color=hue, strokeDash=dash)
    at_ends: tuple[tuple[str, int, Literal["left", "right"]], ...] = (("unit", -1, "left"), ("other", 1, "right"))
    names = [
        alt.Chart(medians[(medians["of"] == of) & (medians["value"] == at)])
        .mark_text(align=align, dy=-12, fontSize=12, fontWeight="bold")
        .encode(x=x, y=y, color=hue, text="name:N")
        for of, at, align in at_ends
    ]
    return framed(layers(dots, lines, *names), SWEEP_HEIGHT)


def readings(moments: pd.DataFrame, colour: str, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw state, probability of the true next character and loss along a passage, as learned and held.

    Parameters
    ----------
    moments
        Columns ``time``, ``character``, ``of`` ("learned" or "held"), ``state``, ``probability`` and ``loss``; one
        row for each time step and reading.
    words
        Labels of ``state``, ``probability``, ``loss``, ``learned``, ``held``, ``character``, and of the axis
        ``time``.
    """
    top = float(moments["loss"].max())
    spans = {"state": (-1.0, 1.0), "probability": (0.0, 1.0), "loss": (0.0, top if top > 0 else 1.0)}
    lines = pd.concat([_lane(moments, field, place, span) for place, (field, span) in enumerate(spans.items())])
    last = max(1, int(moments["time"].max()) + 1)
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[1, last + 0.5], nice=False),
        axis=quiet_axis(words["time"], tickCount=6, format="d"),
    )
    up = alt.Scale(domain=[-len(spans) + 1 - 0.02, 1], nice=False)
    y = alt.Y("height:Q", scale=up, axis=None)
    both = ["learned", "held"]
    hue = alt.Color("of:N", scale=alt.Scale(domain=both, range=[GREY, colour]), legend=None)
    dash = alt.StrokeDash("of:N", scale=alt.Scale(domain=both, range=[[4, 3], [1, 0]]), legend=None)
    named = pd.DataFrame(
        [
            {"place": 1, "height": LANE - place, "text": f"{words[field]}  ({low:.3g} … {high:.3g})"}
            for place, (field, (low, high)) in enumerate(spans.items())
        ]
    )
    cursor = alt.selection_point(
        name="cursor", fields=["place"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    wide = moments.pivot(index="time", columns="of", values=list(spans))
    told = pd.DataFrame({f"{field}_{of}": wide[field][of].to_numpy() for field in spans for of in both})
    told["place"] = wide.index.to_numpy() + 1
    told["character"] = moments.loc[moments["of"] == "learned", "character"].to_numpy()
    tooltip = [alt.Tooltip("place:Q", title=words["time"]), alt.Tooltip("character:N", title=words["character"])] + [
        alt.Tooltip(f"{field}_{of}:Q", title=f"{words[field]}, {words[of]}", format=".3f")
        for field in spans
        for of in both
    ]
    rule = (
        alt.Chart(told)
        .mark_rule(color=GREY, strokeWidth=2)
        .encode(x=x, opacity=alt.when(cursor).then(alt.value(0.7)).otherwise(alt.value(0)), tooltip=tooltip)
        .add_params(cursor)
    )
    drawn = alt.Chart(lines).mark_line(strokeWidth=1.6).encode(x=x, y=y, color=hue, strokeDash=dash, detail="lane:N")
    names = alt.Chart(named).mark_text(align="left", dy=-8, fontSize=12, color=GREY).encode(x=x, y=y, text="text:N")
    return framed(layers(drawn, names, rule), READINGS_HEIGHT)


def _others(difference: pd.DataFrame, x: alt.X, up: alt.Scale, name: str) -> list[alt.Chart]:
    """Draw the range of equally large changes in other units, their median, and their name at the range's extreme."""
    rows = alt.Chart(difference)
    reach = rows.mark_area(color=GREY, opacity=0.22).encode(x=x, y=alt.Y("least:Q", scale=up), y2="most:Q")
    middle = rows.mark_line(color=GREY, strokeDash=[5, 3]).encode(x=x, y=alt.Y("median:Q", scale=up))
    above = difference["difference"].sum() < 0  # the line of the unit is below
    side, at = ("most", difference["most"].idxmax()) if above else ("least", difference["least"].idxmin())
    named = alt.Chart(difference.loc[[at]].assign(text=name)).mark_text(color=GREY, align="left", dx=8)
    return [reach, middle, named.encode(x=x, y=alt.Y(f"{side}:Q", scale=up), text="text:N")]


def gates(rows: pd.DataFrame, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw one bar for each gate and each value at which it is held: what that adds to the loss.

    Parameters
    ----------
    rows
        Columns ``name``, ``colour``, ``change``, and ``held``, which marks what the reader holds.
    words
        Label ``axis``.
    """
    low, high = min(0.0, rows["change"].min()), max(0.0, rows["change"].max())
    room = 0.06 * (high - low) or 1.0
    rows = rows.assign(name=np.where(rows["held"], "▸ " + rows["name"], rows["name"]))
    across = alt.Scale(domain=[low - (room if low < 0 else 0), high + 4 * room], nice=False)
    x = alt.X(
        "change:Q",
        scale=across,
        axis=quiet_axis(words["axis"], tickCount=4, format="+~f"),
    )
    y = alt.Y("name:N", sort=None, axis=quiet_axis(None, labelLimit=130, labelOverlap=False))
    strong = alt.Opacity("held:N", scale=alt.Scale(domain=[True, False], range=[1.0, 0.45]), legend=None)
    hue = alt.Color("colour:N", scale=None)
    bars = alt.Chart(rows).mark_bar(size=13).encode(x=x, x2=alt.datum(0.0), y=y, color=hue, opacity=strong)
    end = alt.expr.max(alt.datum.change, 0)
    numbers = (
        alt.Chart(rows)
        .transform_calculate(end=end)
        .mark_text(color=GREY, align="left", dx=5, fontSize=12, fontWeight="bold")
        .encode(x=alt.X("end:Q", scale=across), y=y, text=alt.Text("change:Q", format="+.3f"))
    )
    zero = alt.Chart(pd.DataFrame({"change": [0.0]})).mark_rule(color=GREY, opacity=0.6).encode(x=x)
    return framed(layers(zero, bars, numbers), CLASS_HEIGHT * len(rows) * 0.7)


def _lane(moments: pd.DataFrame, field: str, place: int, span: tuple[float, float]) -> pd.DataFrame:
    """Return one quantity scaled into its own third of the height."""
    low, high = span
    height = (moments[field] - low) / (high - low) * LANE - place
    return pd.DataFrame({"place": moments["time"] + 1, "of": moments["of"], "lane": place, "height": height}).dropna()


def faded(
    difference: pd.DataFrame, place: int, back: int | None, colour: str, words: Mapping[str, str]
) -> alt.LayerChart:
    """Draw what one edit changed over time, the band of a tenth that counts as returned, and changes in other units.

    Parameters
    ----------
    difference
        Columns ``place``, ``difference`` and ``character`` from a little before the edit on; ``median``, ``least``
        and ``most`` of the other units, if there are any.
    place
        Where the edit was made.
    back
        The place from which the difference stays within a tenth; None if it never does.
    words
        Labels ``place`` and ``difference`` of the axes, ``back`` of the line, ``others`` of the band,
        ``character``.
    """
    numbers = difference[[one for one in ("difference", "least", "most") if one in difference]]
    edge = max(float(np.nanmax(np.abs(numbers.to_numpy(dtype=float)))), 1e-6) * 1.1
    here = (difference["place"] == place).to_numpy()
    tenth = 0.1 * abs(float(difference["difference"].to_numpy(dtype=float)[here][0]))
    first, last = int(difference["place"].min()), int(difference["place"].max())
    x = alt.X(
        "place:Q",
        scale=alt.Scale(domain=[first, max(last, first + 1)], nice=False),
        axis=quiet_axis(words["place"], tickCount=6, format="d"),
    )
    up = alt.Scale(domain=[-edge, edge], nice=False)
    y = alt.Y(
        "difference:Q",
        scale=up,
        axis=quiet_axis(words["difference"], tickCount=5, format="+~f"),
    )
    band = (
        alt.Chart(pd.DataFrame({"place": [first], "end": [last], "difference": [-tenth], "high": [tenth]}))
        .mark_rect(fillOpacity=0, stroke=GREY, strokeDash=[2, 3])
        .encode(x=x, x2="end:Q", y=y, y2="high:Q")
    )
    drawn: list[alt.Chart] = [band]
    if "median" in difference:
        drawn += _others(difference, x, up, words["others"])
    line = (
        alt.Chart(difference)
        .mark_line(color=colour, strokeWidth=2, point=alt.OverlayMarkDef(color=colour, size=14))
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("place:Q", title=words["place"]),
                alt.Tooltip("character:N", title=words["character"]),
                alt.Tooltip("difference:Q", title=words["difference"], format="+.3f"),
            ],
        )
    )
    drawn.append(line)
    if back is not None:
        drawn += _returned(back, edge, words["back"], x, y, right_half=back > (first + last) / 2)
    return framed(layers(*drawn), SWEEP_HEIGHT)


def _returned(back: int, edge: float, name: str, x: alt.X, y: alt.Y, *, right_half: bool) -> list[alt.Chart]:
    """Draw the line where a difference has returned, with its name where there is room."""
    at = alt.Chart(pd.DataFrame({"place": [back], "text": [name], "difference": [edge]}))
    aside: dict[str, Any] = {"align": "right", "dx": -5} if right_half else {"align": "left", "dx": 5}
    return [
        at.mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x),
        at.mark_text(color=GREY, dy=8, **aside).encode(x=x, y=y, text="text:N"),
    ]
