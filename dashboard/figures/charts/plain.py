"""What the charts share: axes without needless lines and ticks, and layers as wide as the page allows."""

from collections.abc import Mapping
from typing import Any, cast

import altair as alt

from dashboard.shell.theme import GREY

QUIET_AXIS: Mapping[str, Any] = {
    "grid": False,
    "domain": False,
    "ticks": False,
    "labelColor": GREY,
    "titleColor": GREY,
    "titleFontWeight": "normal",
}


def quiet_axis(title: str | None, **looks: Any) -> alt.Axis:
    """Return an axis that is only its numbers and its title, in grey."""
    return alt.Axis(title=title, **{**QUIET_AXIS, **looks})


def layers(*parts: alt.Chart | alt.LayerChart, **properties: Any) -> alt.LayerChart:
    """Draw charts on top of each other. The type of Altair's own function allows facets, which are not used here."""
    return cast(alt.LayerChart, alt.layer(*parts, **properties))


def framed(chart: alt.LayerChart, height: float) -> alt.LayerChart:
    """Make a chart as wide as its place on the page, without a border."""
    whole: alt.LayerChart = chart.properties(width="container", height=height).configure_view(stroke=None)
    return whole
