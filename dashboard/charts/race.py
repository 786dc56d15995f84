"""The race: every competitor's loss and, under it on the same updates, the size of its gradient.

There is one drawing (`loss_race`) for every race. What differs from race to race comes beside it: axes as parameters
(`Axes`), numbers and words as tables (`race_tables`) under the names that the drawing refers to. While curves grow only
the tables change, and the browser redraws in place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.measures.race import Curve, Outline, bits, thin
from dashboard.theme import cell_colour, cell_dash

QUIET = "#737b89"
"""Grey that reads on white and on near-black."""
HEIGHT = 400
LOSS_SHARE, NORM_FROM = 0.64, 0.78
"""Parts of the height: the loss ends at the first, the gradient norm begins at the second."""
STRIP = 5
"""Pixels for one competitor's clip events."""
LABEL_HEIGHT = 16
"""Pixels that two labels at the line ends lie apart."""
RAW_POINTS = 300
FLOORS = (0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
CEILINGS = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 4096, 65536)


@dataclass(frozen=True)
class Axes:
    """How far the axes reach.

    updates : the last update, whatever has been reached yet
    levels : bits per character at the bottom and at the top of the upper part
    decades : powers of ten at the bottom and at the top of the lower part
    """

    updates: int
    levels: tuple[float, float]
    decades: tuple[int, int]

    @classmethod
    def around(cls, curves: Sequence[Curve], updates: int, clip_norm: float | None) -> "Axes":
        """Round bounds of all these curves; they move in steps, so that growing curves seldom change them."""
        loss = bits(np.concatenate([curve.loss for curve in curves] or [np.zeros(0)]))
        norm = np.concatenate([curve.gradient_norm for curve in curves] or [np.zeros(0)])
        loss, norm = loss[np.isfinite(loss)], norm[np.isfinite(norm) & (norm > 0)]
        least, most = (loss.min(), loss.max()) if loss.size else (FLOORS[-1], CEILINGS[0])
        floor = max((level for level in FLOORS if level <= least), default=FLOORS[0])
        ceiling = min((level for level in CEILINGS if level >= most), default=CEILINGS[-1])
        edges = [
            0.1,
            10.0,
            *(np.quantile(norm, (0.01, 0.99)) if norm.size else ()),
            *([clip_norm] if clip_norm else []),
        ]
        decades = int(np.floor(np.log10(min(edges)))), int(np.ceil(np.log10(max(edges))))
        return cls(updates, (float(floor), float(ceiling)), decades)

    def parameters(self) -> dict[str, Any]:
        """Values of the drawing's parameters."""
        low, high = self.decades
        return {
            "updates": self.updates,
            "floor": self.levels[0],
            "ceiling": self.levels[1],
            "levels": [2.0**power for power in range(-3, 17) if self.levels[0] <= 2.0**power <= self.levels[1]],
            "least": 10.0**low,
            "most": 10.0**high,
            "decades": [10.0**decade for decade in range(low, high + 1, 1 + (high - low) // 4)],
        }


def race_spec(axes: Axes, cells: tuple[str, ...], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """The drawing with its axes and numbers filled in, as Vega-Lite.

    cells : every cell type there is, so that each keeps its hue and dash pattern from race to race
    tables : see `race_tables`
    """
    values = axes.parameters()
    design = _design(cells)
    parameters = [{**one, "value": values.get(one["name"], one.get("value"))} for one in design["params"]]
    return {**design, "params": parameters, "datasets": dict(tables)}


def race_tables(
    axes: Axes,
    outlines: Sequence[Outline],
    curves: Sequence[Curve],
    *,
    words: Mapping[str, str],
    clip_norm: float | None = None,
    blind: float | None = None,
) -> dict[str, pd.DataFrame]:
    """The numbers and words in the drawing.

    outlines : one per competitor, over its seeds
    curves : the runs behind them
    words : loss, gradient_norm, update, clip_norm, blind and each cell's name
    clip_norm : where gradients are scaled down to; None where they are not
    blind : bits per character of a guess in which every symbol is equally likely; None if unknown
    """
    several = len({curve.seed for curve in curves}) > 1
    strips = STRIP * len(outlines) if clip_norm is not None else 0
    return {
        "lines": _line_table(outlines, words, several),
        "runs": _run_table(curves, several),
        "ends": _end_table(axes, outlines, words, blind),
        "levels": pd.DataFrame({"blind": [] if blind is None else [blind]}, dtype=float),
        "thresholds": pd.DataFrame(
            [] if clip_norm is None else [(clip_norm, f"{words['clip_norm']} {clip_norm:g}")], columns=["norm", "label"]
        ),
        "headings": pd.DataFrame(
            {"text": [words["loss"], words["gradient_norm"]], "part": ["loss", "norm"], "lift": [12, 13 + strips]}
        ),
    }


def loss_race(cells: tuple[str, ...]) -> alt.LayerChart:
    """Loss in bits per character (log) over gradient norm (log), one hue and one dash pattern per cell type.

    Thin lines are single runs, each extreme kept; the bold line is the running median of the median over seeds, the
    area reaches from the lowest to the highest seed. Under the loss a strip per competitor darkens where gradients were
    clipped. Pointing at an update reads every line there, in the browser. The data are named, see `race_tables`.
    """
    cursor = alt.selection_point(
        name="cursor", fields=["update"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    # The headings give way to what the cursor reads; both stand above the strips of clip events.
    rule = (
        _table("lines")
        .transform_filter(alt.datum.row == 0)
        .mark_rule(color=QUIET, tooltip=False)
        .encode(x=_update(), opacity=alt.when(cursor).then(alt.value(0.6)).otherwise(alt.value(0)))
        .add_params(cursor)
    )
    heading = _table("headings").mark_text(
        align="left", fontSize=11.5, color=QUIET, opacity={"expr": "isDefined(cursor.update) ? 0 : 1"}
    )
    overlay = [
        _clip_events(cells),
        heading.encode(x=alt.value(0), y=_heading("datum.lift", "datum.part == 'loss'"), text="text:N"),
        *_readings(cells, cursor),
        rule,
    ]
    parameters = [
        alt.param(name=name, value=value) for name, value in Axes(400, (2.0, 8.0), (-1, 1)).parameters().items()
    ]
    return (
        alt.layer(_loss_part(cells, cursor), _norm_part(cells, cursor), alt.layer(*overlay))
        .resolve_scale(y="independent")
        .add_params(*parameters)
        .properties(width="container", height=HEIGHT)
        .configure_view(stroke=None)
    )


@lru_cache(maxsize=2)
def _design(cells: tuple[str, ...]) -> dict[str, Any]:
    return loss_race(cells).to_dict()


def _loss_part(cells: tuple[str, ...], cursor: alt.Parameter) -> alt.LayerChart:
    scale = alt.Scale(
        type="log",
        domain=[{"expr": "floor"}, {"expr": "ceiling"}],
        range=[{"expr": f"{LOSS_SHARE} * height"}, 0],
        nice=False,
    )
    axis = _axis("levels")

    def level(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", scale=scale, axis=axis)

    x, colour, dash = _update(), _colour(cells), _dash(cells)
    text = _table("ends").mark_text(align="left", dx=8, fontSize=13, fontWeight="bold")
    return alt.layer(
        _table("levels").mark_rule(color=QUIET, strokeDash=[1, 3], tooltip=False).encode(y=level("blind")),
        _table("lines").mark_area(opacity=0.13, tooltip=False).encode(x=x, y=level("low"), y2="high:Q", color=colour),
        _table("runs")
        .mark_line(strokeWidth=0.8, opacity=0.4, tooltip=False)
        .encode(x=x, y=level("loss"), detail="run:N", color=colour),
        _table("lines")
        .mark_line(strokeWidth=2.6, tooltip=False)
        .encode(x=x, y=level("middle"), color=colour, strokeDash=dash),
        _dot(50, cursor).encode(x=x, y=level("middle"), color=colour),
        text.encode(
            x=x,
            y=level("place"),
            text="label:N",
            color=alt.when(alt.datum.cell == "").then(alt.value(QUIET)).otherwise(colour),
            size=alt.when(alt.datum.cell == "").then(alt.value(11)).otherwise(alt.value(13)),
        ),
    )


def _norm_part(cells: tuple[str, ...], cursor: alt.Parameter) -> alt.LayerChart:
    scale = alt.Scale(
        type="log",
        domain=[{"expr": "least"}, {"expr": "most"}],
        range=[{"expr": "height"}, {"expr": f"{NORM_FROM} * height"}],
        nice=False,
        clamp=True,
    )
    axis = _axis("decades")

    def norm(field: str) -> alt.Y:
        return alt.Y(field, type="quantitative", scale=scale, axis=axis)

    x, colour, dash = _update(), _colour(cells), _dash(cells)
    threshold = _table("thresholds")
    return alt.layer(
        _table("lines")
        .mark_line(strokeWidth=1.4, tooltip=False)
        .encode(x=x, y=norm("gradient_norm"), color=colour, strokeDash=dash),
        _dot(36, cursor).encode(x=x, y=norm("gradient_norm"), color=colour),
        threshold.mark_rule(strokeDash=[4, 3], color=QUIET, tooltip=False).encode(y=norm("norm")),
        threshold.mark_text(align="left", dx=8, color=QUIET, fontSize=11, tooltip=False).encode(
            x=alt.value({"expr": "width"}), y=norm("norm"), text="label:N"
        ),
    )


def _clip_events(cells: tuple[str, ...]) -> alt.Chart:
    """A strip per competitor: the darker, the larger the share of updates that were clipped."""
    return (
        _table("lines")
        .transform_filter(alt.datum.clip_share > 0)
        .mark_rect(height=STRIP - 1.5, tooltip=False)
        .encode(
            x=_update("start"),
            x2="stop:Q",
            y=alt.value({"expr": f"{NORM_FROM} * height - {STRIP} * (datum.rows - datum.row) - 2"}),
            opacity=alt.Opacity("clip_share:Q", scale=alt.Scale(domain=[0, 1], range=[0.15, 1]), legend=None),
            color=_colour(cells),
        )
    )


def _readings(cells: tuple[str, ...], cursor: alt.Parameter) -> list[alt.Chart]:
    """The update under the cursor, and each competitor's loss and gradient norm there."""
    text = {"align": "left", "fontSize": 11.5, "tooltip": False}
    here = _table("lines").transform_filter(cursor)
    shown = [("middle", "12", "true"), ("gradient_norm", "datum.lift", "false")]
    return [
        here.transform_filter(alt.datum.row == 0)
        .transform_calculate(reading="datum.time + ' ' + round(datum.update)")
        .mark_text(color=QUIET, **text)
        .encode(x=alt.value(0), y=alt.value(-12), text="reading:N"),
        *(
            here.transform_calculate(reading=f"datum.name + ' ' + format(datum.{column}, '.3~r')")
            .mark_text(dx={"expr": "datum.indent"}, fontWeight="bold", **text)
            .encode(x=alt.value(0), y=_heading(lift, top), text="reading:N", color=_colour(cells))
            for column, lift, top in shown
        ),
    ]


def _heading(lift: str, top: str) -> Any:
    """Vertical place of a line of text over one of the two parts; both arguments are Vega expressions."""
    return alt.value({"expr": f"({top} ? 0 : {NORM_FROM} * height) - {lift}"})


def _dot(size: int, cursor: alt.Parameter) -> alt.Chart:
    return _table("lines").transform_filter(cursor).mark_point(filled=True, size=size, opacity=1, tooltip=False)


def _table(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=name))


def _update(field: str = "update") -> alt.X:
    axis = alt.Axis(title=None, grid=False, domain=False, ticks=False, tickCount=5, labelColor=QUIET, labelPadding=4)
    return alt.X(field, type="quantitative", scale=alt.Scale(domain=[0, {"expr": "updates"}], nice=False), axis=axis)


def _colour(cells: tuple[str, ...]) -> alt.Color:
    return alt.Color("cell:N", scale=_scale(cells, cell_colour), legend=None)


def _dash(cells: tuple[str, ...]) -> alt.StrokeDash:
    return alt.StrokeDash("cell:N", scale=_scale(cells, cell_dash), legend=None)


def _scale(cells: tuple[str, ...], look: Callable[[str, tuple[str, ...]], Any]) -> alt.Scale:
    return alt.Scale(domain=cells, range=[look(cell, cells) for cell in cells])


def _axis(ticks: str) -> alt.Axis:
    return alt.Axis(
        title=None,
        values={"expr": ticks},
        format="~g",
        orient="left",
        domain=False,
        ticks=False,
        grid=True,
        gridColor=QUIET,
        gridOpacity=0.16,
        labelColor=QUIET,
        labelPadding=8,
        labelBaseline="middle",
        labelFlush=False,
    )


def _line_table(outlines: Sequence[Outline], words: Mapping[str, str], several: bool) -> pd.DataFrame:
    sizes = [one.update.size for one in outlines]

    def joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
        return np.concatenate(arrays) if arrays else np.zeros(0)

    def repeated(values: Sequence[Any]) -> np.ndarray:
        return np.repeat(np.array(values), sizes)

    names = [words[one.cell] for one in outlines]
    width = [_width(words["update"]), *(_width(name) for name in names)]
    columns = {name: joined([getattr(one, name) for one in outlines]) for name in _MEASURED}
    half = joined([np.full(one.update.size, np.diff(one.update[:2]).sum() / 2 or 0.5) for one in outlines])
    if not several:  # the area is the range over seeds, and one seed has none
        columns |= {"low": np.full(half.size, np.nan), "high": np.full(half.size, np.nan)}
    return pd.DataFrame(
        columns
        | {
            "start": columns["update"] - half,
            "stop": columns["update"] + half,
            "cell": repeated([one.cell for one in outlines]),
            "name": repeated(names),
            "time": words["update"],
            "indent": repeated(np.cumsum(width)[:-1]),
            "row": repeated(range(len(outlines))),
            "rows": len(outlines),
            "lift": 13 + STRIP * len(outlines) * bool(np.nansum(columns["clip_share"]) > 0),
        }
    )


_MEASURED = ("update", "low", "middle", "high", "gradient_norm", "clip_share")


def _width(text: str) -> float:
    """Pixels that a name and its number take in a line of readings."""
    return 46 + sum(11.5 if ord(letter) > 0x2E7F else 6.6 for letter in text)


def _run_table(curves: Sequence[Curve], several: bool) -> pd.DataFrame:
    points = RAW_POINTS // 3 if several else RAW_POINTS
    finite = [np.isfinite(curve.loss) for curve in curves]
    thinned = [
        thin(curve.update[known], bits(curve.loss[known]), points) for curve, known in zip(curves, finite, strict=True)
    ]
    sizes = [update.size for update, _ in thinned]
    return pd.DataFrame(
        {
            "update": np.concatenate([update for update, _ in thinned] or [np.zeros(0)]),
            "loss": np.concatenate([loss for _, loss in thinned] or [np.zeros(0)]),
            "cell": np.repeat(np.array([curve.cell for curve in curves], dtype=str), sizes),
            "run": np.repeat(np.arange(len(curves)), sizes),
        }
    )


def _end_table(axes: Axes, outlines: Sequence[Outline], words: Mapping[str, str], blind: float | None) -> pd.DataFrame:
    """Labels at the ends of the lines, pushed apart where they would overlap; that of the blind guess has no cell."""
    rows = [] if blind is None else [("", float(axes.updates), blind)]
    for one in outlines:
        known = np.flatnonzero(~np.isnan(one.middle))
        if known.size:
            rows.append((one.cell, float(one.update[known[-1]]), float(one.middle[known[-1]])))
    rows.sort(key=lambda row: -row[2])
    lowest, highest = np.log(axes.levels)
    per_pixel = (highest - lowest) / (HEIGHT * LOSS_SHARE * 0.9)  # the axis takes a tenth of the height
    places = np.array([(highest - np.log(value)) / per_pixel for _, _, value in rows])
    for _ in range(100):
        for upper in range(len(rows) - 1):
            overlap = LABEL_HEIGHT - (places[upper + 1] - places[upper])
            if overlap > 0:
                places[upper : upper + 2] += (-overlap / 2, overlap / 2)
    return pd.DataFrame(
        [
            (cell, update, float(np.exp(highest - place * per_pixel)), f"{words[cell or 'blind']} {value:.3g}")
            for (cell, update, value), place in zip(rows, places, strict=True)
        ],
        columns=["cell", "update", "place", "label"],
    )
