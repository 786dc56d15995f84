"""How often the gates of a layer are nearly shut, and nearly open."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import xarray

from dashboard.figures.charts.plain import framed, layers, quiet_axis
from dashboard.shell.theme import GREY, signal_colour

SIZE = 220


def saturation_of_a_gate(shares: xarray.Dataset, gate: str, words: Mapping[str, str]) -> alt.LayerChart:
    """Draw one dot for each unit: across, how often its gate is left-saturated; up, how often right-saturated.

    The two shares cannot add up to more than 1, which is the sloping line. A unit on that line is always left- or
    right-saturated: a switch. A unit at the origin is never saturated.

    Parameters
    ----------
    shares
        What ``core.measures.saturation`` gives for one layer: ``left`` and ``right``, shape (gate, unit).
    words
        Labels ``left`` and ``right`` of the axes; ``open``, ``shut`` and ``between`` of the corners; ``unit``.
    """
    here = shares.sel(gate=gate)
    dots = pd.DataFrame(
        {
            "unit": here["unit"].to_numpy() if "unit" in here.coords else range(here.sizes["unit"]),
            "left": here["left"].to_numpy(),
            "right": here["right"].to_numpy(),
        }
    )
    share = alt.Scale(domain=[0, 1], nice=False)
    shown: dict[str, Any] = {"values": [0, 0.5, 1], "format": "%"}
    left = alt.X("left:Q", scale=share, axis=quiet_axis(words["left"], **shown))
    right = alt.Y("right:Q", scale=share, axis=quiet_axis(words["right"], **shown))
    limit = alt.Chart(pd.DataFrame({"left": [0, 1], "right": [1, 0]})).mark_line(color=GREY, strokeWidth=1, opacity=0.6)
    corners = pd.DataFrame(  # named beyond the sloping line, where no dot can hide the words
        {
            "left": [0.1, 1, 0.42],
            "right": [0.99, 0.38, 0.64],
            "align": ["left", "right", "left"],
            "corner": [f"← {words['open']}", f"{words['shut']} ↓", f"↙ {words['between']}"],
        }
    )
    names = [
        alt.Chart(corners[corners["align"] == align]).mark_text(
            align=align, color=GREY, fontSize=11, dx=4 if align == "left" else 0, dy=-6
        )
        for align in ("left", "right")
    ]
    units = (
        alt.Chart(dots)
        .mark_circle(size=46, opacity=0.55, color=signal_colour(gate))
        .encode(
            tooltip=[
                alt.Tooltip("unit:Q", title=words["unit"]),
                alt.Tooltip("left:Q", title=words["left"], format=".0%"),
                alt.Tooltip("right:Q", title=words["right"], format=".0%"),
            ]
        )
    )
    drawn = layers(
        limit.encode(x=left, y=right),
        *(one.encode(x=left, y=right, text="corner:N") for one in names),
        units.encode(x=left, y=right),
    )
    return framed(drawn, SIZE)
