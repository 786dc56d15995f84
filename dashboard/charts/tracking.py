"""How well each unit of a network goes with something known, above those of the same network before training."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
import xarray

from dashboard.theme import ROLE_COLOURS

QUIET = "#808894"
BINS = 50
ROW = 7
"""Pixels from one dot of a pile to the next."""


def correlations(
    trained: xarray.DataArray, untrained: xarray.DataArray, unit: int, signal: str, words: Mapping[str, str]
) -> alt.LayerChart:
    """One dot per unit at its |r|: the trained network piled up above the line, the untrained one hanging below.

    trained, untrained : (unit,) r of every unit; a unit without one (it stands still) is left out
    unit : of the trained network, named in the picture;  signal : which state, for its hue
    words : axis, trained, untrained, unit, r, named (what is written at the unit)
    """
    dots = pd.concat([_piled(trained, 1, "trained"), _piled(untrained, -1, "untrained")], ignore_index=True)
    dots["network"] = dots["of"].map({"trained": words["trained"], "untrained": words["untrained"]})
    high, low = max(3, dots["height"].max()), min(-3, dots["height"].min())
    across = alt.X(
        "bin:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            title=words["axis"],
            values=[0, 0.2, 0.4, 0.6, 0.8, 1],
            format="~g",
            grid=False,
            domain=False,
            ticks=False,
            labelColor=QUIET,
            titleColor=QUIET,
            titleFontWeight="normal",
        ),
    )
    up = alt.Y("height:Q", scale=alt.Scale(domain=[low - 1, high + 3], nice=False), axis=None)
    piles = (
        alt.Chart(dots)
        .mark_circle(size=30, opacity=0.85)
        .encode(
            x=across,
            y=up,
            color=alt.Color(
                "of:N",
                scale=alt.Scale(domain=["trained", "untrained"], range=[ROLE_COLOURS.get(signal, QUIET), QUIET]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("network:N", title=" "),
                alt.Tooltip("unit:Q", title=words["unit"]),
                alt.Tooltip("r:Q", title=words["r"], format=".2f"),
            ],
        )
    )
    zero = alt.Chart(pd.DataFrame({"height": [0]})).mark_rule(color=QUIET, opacity=0.5).encode(y=up)
    sides = pd.DataFrame(
        {"bin": [1.0, 1.0], "height": [high + 1.5, low], "side": [words["trained"], words["untrained"]]}
    )
    names = alt.Chart(sides).mark_text(align="right", color=QUIET, fontSize=12).encode(x=across, y=up, text="side:N")
    found = dots[(dots["of"] == "trained") & (dots["unit"] == unit)].assign(named=words["named"])
    mark = (
        alt.Chart(found)
        .mark_point(size=90, strokeWidth=2, color=ROLE_COLOURS.get(signal, QUIET))
        .encode(x=across, y=up)
    )
    text = (
        alt.Chart(found)
        .mark_text(align="center", dy=-13, fontSize=12, fontWeight="bold", color=ROLE_COLOURS.get(signal, QUIET))
        .encode(x=across, y=up, text="named:N")
    )
    return (
        alt.layer(zero, piles, names, mark, text)
        .properties(width="container", height=int(ROW * (high - low + 4)))
        .configure_view(stroke=None)
    )


def _piled(scores: xarray.DataArray, direction: int, of: str) -> pd.DataFrame:
    r = scores.to_numpy()
    table = pd.DataFrame({"unit": np.arange(len(r)), "r": r, "of": of}).dropna()
    table["bin"] = (np.floor(table["r"].abs().clip(upper=1 - 1e-9) * BINS) + 0.5) / BINS
    table["height"] = direction * (table.groupby("bin").cumcount() + 1)
    return table
