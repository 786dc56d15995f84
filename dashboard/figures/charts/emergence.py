"""When a unit began to know something: its score against updates, above the loss over the same updates."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.charts.plain import quiet_axis
from dashboard.shell.theme import GREY, signal_colour

EMERGENCE_HEIGHT = 150


def emergence(
    scores: Mapping[str, np.ndarray],
    loss: Mapping[str, np.ndarray],
    *,
    state: str,
    least: float,
    words: Mapping[str, str],
) -> alt.VConcatChart:
    """Draw the unit's strength and the best unit's strength at each update, above the held-out loss.

    The unit's line is solid and in the colour of its signal. The best unit's line is dashed and grey.

    Parameters
    ----------
    scores
        Arrays ``update``, ``unit`` and ``best``, as ``core.units.emergence`` gives them.
    loss
        Arrays ``update`` and ``loss``, on held-out text.
    state
        The signal that the unit is part of, which gives its hue.
    least
        The strength of knowing nothing, 0 or 0.5, where the axis begins.
    words
        Labels ``strength``, ``update``, ``loss``, ``unit`` and ``best``.
    """
    table = pd.DataFrame({name: np.asarray(scores[name], dtype=float) for name in ("update", "unit", "best")})
    end = max(1.0, float(table["update"].max()))
    lines = table.melt("update", var_name="of", value_name="strength").dropna()
    lines["of"] = lines["of"].map({"unit": words["unit"], "best": words["best"]})
    named = [words["unit"], words["best"]]
    x = _across(end, None)
    above = (
        alt.Chart(lines)
        .mark_line(point=alt.OverlayMarkDef(size=36), strokeWidth=2)
        .encode(
            x=x,
            y=alt.Y(
                "strength:Q",
                scale=alt.Scale(domain=[least, 1], nice=False),
                axis=quiet_axis(words["strength"], tickCount=4),
            ),
            color=alt.Color("of:N", scale=alt.Scale(domain=named, range=[signal_colour(state), GREY]), legend=_LEGEND),
            strokeDash=alt.StrokeDash("of:N", scale=alt.Scale(domain=named, range=[[1, 0], [4, 3]]), legend=_LEGEND),
            tooltip=[
                alt.Tooltip("of:N", title=" "),
                alt.Tooltip("update:Q", title=words["update"]),
                alt.Tooltip("strength:Q", title=words["strength"], format=".2f"),
            ],
        )
        .properties(width="container", height=EMERGENCE_HEIGHT)
    )
    curve = pd.DataFrame({"update": np.asarray(loss["update"], float), "loss": np.asarray(loss["loss"], float)})
    top = float(curve["loss"].max()) if len(curve) else 1.0
    below = (
        alt.Chart(curve)
        .mark_line(color=GREY, strokeWidth=1.5)
        .encode(
            x=_across(end, words["update"]),
            y=alt.Y(
                "loss:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=quiet_axis(words["loss"], tickCount=4)
            ),
        )
        .properties(width="container", height=EMERGENCE_HEIGHT // 2)
    )
    both: alt.VConcatChart = alt.vconcat(above, below, spacing=8).configure_view(stroke=None)
    return both


_LEGEND = alt.Legend(  # one below the other: side by side they do not fit a phone
    title=None, orient="top", columns=1, symbolType="stroke", labelColor=GREY, labelLimit=400
)


def _across(end: float, title: str | None) -> alt.X:
    return alt.X("update:Q", scale=alt.Scale(domain=[0, end], nice=False), axis=quiet_axis(title, tickCount=5))
