"""The race: every competitor's loss and, below it over the same updates, the size of its gradient.

One drawing (``loss_race``) serves every race. What differs from race to race (lines, words, and the ends of the axes)
is passed as tables (``race_tables``) under the names that the drawing refers to. This lets the browser redraw a growing
curve in place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.measures.race import Curve, Outline, bits, thin
from core.once import once
from dashboard.figures.charts.plain import layers
from dashboard.shell.theme import DEEP_GREY, cell_colour, cell_dash

LOSS_SHARE, NORM_FROM = 0.64, 0.78
"""Shares of the height, from the top: the loss ends at the first, the gradient norm begins at the second."""
STRIP = 5
"""Pixels for one competitor's clip events."""
LABEL_HEIGHT = 16
"""Pixels between two labels at the ends of lines."""
RAW_POINTS = 300
LEVEL_FLOORS = (0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
NORMS = (0.1, 10.0)
LEVEL_CEILINGS = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 4096, 65536)


@dataclass(frozen=True)
class Axes:
    """How far the axes reach.

    Attributes
    ----------
    updates
        The last update, whether or not it has been reached.
    levels
        Bits per character at the bottom and at the top of the upper part.
    norms
        Gradient norm at the bottom and at the top of the lower part, powers of ten.
    height
        Pixels of the drawing.
    """

    updates: int
    levels: tuple[float, float]
    norms: tuple[float, float]
    height: int = 400

    @classmethod
    def around(
        cls, outlines: Sequence[Outline], updates: int, clip_norm: float | None = None, height: int = 400
    ) -> "Axes":
        """Return axes around all that is drawn. Their ends move in steps, so that growing curves seldom change them."""
        loss, norm = (
            np.concatenate([getattr(one, name) for one in outlines for name in names] or [np.zeros(0)])
            for names in (("low", "high"), ("gradient_norm", "norm_high"))
        )
        loss, norm = loss[np.isfinite(loss)], norm[np.isfinite(norm) & (norm > 0)]
        least, most = (loss.min(), loss.max()) if loss.size else (LEVEL_FLOORS[-1], LEVEL_CEILINGS[0])
        floor = max((level for level in LEVEL_FLOORS if level <= least), default=LEVEL_FLOORS[0])
        ceiling = min((level for level in LEVEL_CEILINGS if level >= most), default=LEVEL_CEILINGS[-1])
        edges = [*NORMS, *((norm.min(), norm.max()) if norm.size else ()), *([clip_norm] if clip_norm else [])]
        low, high = np.floor(np.log10(min(edges))), np.ceil(np.log10(max(edges)))
        return cls(updates, (float(floor), float(ceiling)), (float(10.0**low), float(10.0**high)), height)


def race_tables(
    axes: Axes,
    outlines: Sequence[Outline],
    curves: Sequence[Curve],
    *,
    words: Mapping[str, str],
    clip_norm: float | None = None,
    blind: float | None = None,
    levels: Mapping[str, float] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of numbers and words for the drawing, by name.

    Parameters
    ----------
    outlines
        One for each competitor, over its seeds.
    curves
        The curves of the single runs behind them.
    words
        Labels ``loss``, ``gradient_norm``, ``update``, ``updates``, ``clip_norm``, ``blind``, and each cell's name.
    clip_norm
        The norm that gradients are scaled down to; None if they are not.
    blind
        Bits per character of a guess in which every symbol is equally likely; None if unknown.
    levels
        By cell, the number printed at the end of its line. The default is the last value of the line.
    """
    several = len({curve.seed for curve in curves}) > 1
    strips = 0 if clip_norm is None else STRIP * len(outlines)
    return {
        "lines": _line_table(axes, outlines, words, several, strips),
        "runs": _run_table(axes, curves, several),
        "ends": _end_table(axes, outlines, words, blind, levels or {}),
        "grid": _grid_table(axes, words, clip_norm, blind),
        "headings": pd.DataFrame(
            {
                "text": [words["loss"], words["gradient_norm"], words["updates"]],
                "part": ["loss", "norm", "time"],
                "lift": [12, 13 + strips, 0],
            }
        ),
    }


@dataclass(frozen=True)
class Drawing:
    """``loss_race`` as a dictionary, built once in each process, because Altair takes most of a second for it."""

    cells: tuple[str, ...]
    height: int

    def to_dict(self) -> dict[str, Any]:
        """Return the Vega-Lite specification without data. The caller may add to its outermost level."""
        return dict(_built(self))


@once(megabytes=8)
def _built(drawing: Drawing) -> dict[str, Any]:
    return loss_race(drawing.cells, drawing.height).to_dict()


def loss_race(cells: tuple[str, ...], height: int = 400) -> alt.LayerChart:
    """Draw the loss in bits per character above the gradient norm, both on logarithmic axes.

    A cell type has one hue and one dash pattern. Thin lines are single runs, with every extreme kept. The bold line is
    the running median of the median over seeds. The area reaches from the lowest to the highest loss of all seeds. A
    strip for each competitor above the gradient norm darkens where gradients were clipped. Pointing at an update shows
    the value of every line there, all in the browser.

    Parameters
    ----------
    cells
        Every cell type there is, so that each keeps its hue and dash pattern from race to race.
    """
    cursor = alt.selection_point(
        name="cursor", fields=["update"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    rule = (
        _table("lines")
        .transform_filter(alt.datum.row == 0)
        .mark_rule(color=DEEP_GREY, tooltip=False)
        .encode(x=_update(), opacity=alt.when(cursor).then(alt.value(0.6)).otherwise(alt.value(0)))
        .add_params(cursor)
    )
    # The headings are hidden while the cursor shows readings. Both stand above the strips of clip events.
    quiet: dict[str, Any] = {"fontSize": 11.5, "color": DEEP_GREY, "tooltip": False}
    heading = _table("headings").transform_filter(alt.datum.part != "time")
    time = _table("headings").transform_filter(alt.datum.part == "time").mark_text(**quiet)
    overlay = [
        _clip_events(cells),
        heading.mark_text(align="left", opacity={"expr": "isDefined(cursor.update) ? 0 : 1"}, **quiet).encode(
            x=alt.value(0), y=_heading("datum.lift", "datum.part == 'loss'"), text="text:N"
        ),
        time.encode(x=alt.value({"expr": "width / 2"}), y=alt.value({"expr": "height + 28"}), text="text:N"),
        *_readings(cells, cursor),
        rule,
    ]
    return layers(
        _loss_part(cells, cursor),
        _norm_part(cells, cursor),
        layers(*overlay),
        resolve={"scale": {"y": "independent"}},
        width="container",
        height=height,
        config={"view": {"stroke": None}},
    )


def _loss_part(cells: tuple[str, ...], cursor: alt.Parameter) -> alt.LayerChart:
    level = _vertical([{"expr": f"{LOSS_SHARE} * height"}, 0], (LEVEL_FLOORS[-1], LEVEL_CEILINGS[0]))
    x, colour, dash = _update(), _colour(cells), _dash(cells)
    quiet = alt.datum.cell == ""
    return layers(
        *_grid("loss", level),
        _table("lines").mark_area(opacity=0.13, tooltip=False).encode(x=x, y=level("low"), y2="high:Q", color=colour),
        _table("runs")
        .mark_line(strokeWidth=0.8, opacity=0.5, tooltip=False)
        .encode(x=x, y=level("loss"), detail="run:N", color=colour),
        _table("lines")
        .mark_line(strokeWidth=2.6, tooltip=False)
        .encode(x=x, y=level("middle"), color=colour, strokeDash=dash),
        _dot(50, cursor).encode(x=x, y=level("middle"), color=colour),
        _table("ends")
        .mark_text(
            align="left",
            dx=8,
            fontSize={"expr": "datum.cell == '' ? 11 : 13"},
            fontWeight={"expr": "datum.cell == '' ? 400 : 700"},
            tooltip=False,
        )
        .encode(
            x=x,
            y=level("place"),
            text="label:N",
            color=alt.when(quiet).then(alt.value(DEEP_GREY)).otherwise(colour),
        ),
    )


def _norm_part(cells: tuple[str, ...], cursor: alt.Parameter) -> alt.LayerChart:
    norm = _vertical([{"expr": "height"}, {"expr": f"{NORM_FROM} * height"}], NORMS)
    x, colour, dash = _update(), _colour(cells), _dash(cells)
    return layers(
        *_grid("norm", norm),
        _table("lines")
        .mark_area(opacity=0.2, tooltip=False)
        .encode(x=x, y=norm("gradient_norm"), y2="norm_high:Q", color=colour),
        _table("lines")
        .mark_line(strokeWidth=1.4, tooltip=False)
        .encode(x=x, y=norm("gradient_norm"), color=colour, strokeDash=dash),
        _dot(36, cursor).encode(x=x, y=norm("gradient_norm"), color=colour),
    )


def _vertical(reach: list[Any], least: tuple[float, float]) -> Callable[[str], alt.Y]:
    """Return a logarithmic axis over part of the height that covers ``least``, and more if the grid's rows need it."""
    scale = alt.Scale(type="log", domain={"unionWith": least}, range=reach, nice=False)
    return lambda field: alt.Y(field, type="quantitative", scale=scale, axis=None)


def _grid(part: str, level: Callable[[str], alt.Y]) -> list[alt.Chart]:
    """Draw horizontal lines, labelled at the left end. A threshold is dashed and labelled at the right end."""
    rows = _table("grid").transform_filter(alt.datum.part == part)
    text: dict[str, Any] = {"color": DEEP_GREY, "fontSize": 11.5, "tooltip": False}
    return [
        rows.mark_rule(
            color=DEEP_GREY,
            tooltip=False,
            opacity={"expr": "datum.kind == 'line' ? 0.16 : datum.kind == 'bound' ? 0 : 0.9"},
            strokeDash={"expr": "datum.kind == 'line' ? [1, 0] : [3, 3]"},
        ).encode(x=_update("start"), x2="stop:Q", y=level("value")),
        rows.mark_text(align="right", dx=-8, **text).encode(x=_update("start"), y=level("value"), text="label:N"),
        rows.mark_text(align="left", dx=8, **text).encode(x=_update("stop"), y=level("value"), text="threshold:N"),
    ]


def _clip_events(cells: tuple[str, ...]) -> alt.Chart:
    """Draw a strip for each competitor: the darker, the larger the share of updates that were clipped."""
    strips: alt.Chart = (
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
    return strips


def _readings(cells: tuple[str, ...], cursor: alt.Parameter) -> list[alt.Chart]:
    """Write the update under the cursor, and each competitor's loss and gradient norm there."""
    text: dict[str, Any] = {"align": "left", "fontSize": 11.5, "tooltip": False}
    here = _table("lines").transform_filter(cursor)
    shown = [("middle", "12", "true"), ("gradient_norm", "datum.lift", "false")]
    return [
        here.transform_filter(alt.datum.row == 0)
        .transform_calculate(reading="datum.time + ' ' + round(datum.update)")
        .mark_text(color=DEEP_GREY, **text)
        .encode(x=alt.value(0), y=alt.value(-12), text="reading:N"),
        *(
            here.transform_calculate(reading=f"datum.name + ' ' + format(datum.{column}, '.3~r')")
            .mark_text(dx={"expr": "datum.indent"}, fontWeight="bold", **text)
            .encode(x=alt.value(0), y=_heading(lift, top), text="reading:N", color=_colour(cells))
            for column, lift, top in shown
        ),
    ]


def _heading(lift: str, top: str) -> Any:
    """Return the vertical place of a line of text above one of the two parts. Both arguments are Vega expressions."""
    return alt.value({"expr": f"({top} ? 0 : {NORM_FROM} * height) - {lift}"})


def _dot(size: int, cursor: alt.Parameter) -> alt.Chart:
    here = _table("lines").transform_filter(cursor)
    dot: alt.Chart = here.mark_point(filled=True, size=size, opacity=1, tooltip=False)
    return dot


def _table(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=name))


def _update(field: str = "update") -> alt.X:
    axis = alt.Axis(
        title=None, grid=False, domain=False, ticks=False, tickCount=5, labelColor=DEEP_GREY, labelPadding=4
    )
    return alt.X(field, type="quantitative", scale=alt.Scale(domain={"unionWith": [0, 1]}, nice=False), axis=axis)


def _colour(cells: tuple[str, ...]) -> alt.Color:
    return alt.Color("cell:N", scale=_scale(cells, cell_colour), legend=None)


def _dash(cells: tuple[str, ...]) -> alt.StrokeDash:
    return alt.StrokeDash("cell:N", scale=_scale(cells, cell_dash), legend=None)


def _scale(cells: tuple[str, ...], look: Callable[[str], Any]) -> alt.Scale:
    return alt.Scale(domain=cells, range=[look(cell) for cell in cells])


def _line_table(
    axes: Axes, outlines: Sequence[Outline], words: Mapping[str, str], several: bool, strips: int
) -> pd.DataFrame:
    sizes = [one.update.size for one in outlines]

    def joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
        return np.concatenate(arrays) if arrays else np.zeros(0)

    names = [words[one.cell] for one in outlines]
    indent = np.cumsum([_width(words["update"]), *(_width(name) for name in names)])
    measured = ("update", "low", "middle", "high", "gradient_norm", "norm_high", "clip_share")
    columns = {name: joined([getattr(one, name) for one in outlines]) for name in measured}
    half = joined([np.full(one.update.size, np.diff(one.update[:2]).sum() / 2 or 0.5) for one in outlines])
    if not several:  # the area is the range over seeds, and one seed has none
        columns |= {"low": np.full(half.size, np.nan), "high": np.full(half.size, np.nan)}
    return pd.DataFrame(
        columns
        | {
            "gradient_norm": np.clip(columns["gradient_norm"], *axes.norms),
            "norm_high": np.clip(columns["norm_high"], *axes.norms),
            "start": np.maximum(columns["update"] - half, 0),
            "stop": np.minimum(columns["update"] + half, axes.updates),
            "cell": np.repeat(np.array([one.cell for one in outlines], dtype=str), sizes),
            "name": np.repeat(np.array(names, dtype=str), sizes),
            "time": words["update"],
            "indent": np.repeat(indent[:-1], sizes),
            "row": np.repeat(np.arange(len(outlines)), sizes),
            "rows": len(outlines),
            "lift": 13 + strips,
        }
    )


def _width(text: str) -> float:
    """Return the pixels that a name and its number take in a line of readings."""
    return 46 + sum(11.5 if ord(letter) > 0x2E7F else 6.6 for letter in text)


def _run_table(axes: Axes, curves: Sequence[Curve], several: bool) -> pd.DataFrame:
    points = RAW_POINTS // 3 if several else RAW_POINTS
    finite = [np.isfinite(curve.loss) for curve in curves]
    thinned = [
        thin(curve.update[known], bits(curve.loss[known]), points) for curve, known in zip(curves, finite, strict=True)
    ]
    sizes = [update.size for update, _ in thinned]
    return pd.DataFrame(
        {
            "update": np.concatenate([update for update, _ in thinned] or [np.zeros(0)]),
            "loss": np.clip(np.concatenate([loss for _, loss in thinned] or [np.zeros(0)]), *axes.levels),
            "cell": np.repeat(np.array([curve.cell for curve in curves], dtype=str), sizes),
            "run": np.repeat(np.arange(len(curves)), sizes),
        }
    )


def _end_table(
    axes: Axes,
    outlines: Sequence[Outline],
    words: Mapping[str, str],
    blind: float | None,
    levels: Mapping[str, float],
) -> pd.DataFrame:
    """Return the labels at the ends of the lines, pushed apart where they overlap.

    The label of the blind guess has no cell.
    """
    rows = [] if blind is None else [("", float(axes.updates), blind)]
    for one in outlines:
        known = np.flatnonzero(~np.isnan(one.middle))
        if known.size:
            rows.append((one.cell, float(one.update[known[-1]]), float(one.middle[known[-1]])))
    rows.sort(key=lambda row: -row[2])
    lowest, highest = np.log(axes.levels)
    per_pixel = (highest - lowest) / (axes.height * LOSS_SHARE * 0.9)  # the time axis takes a tenth of the height
    places = np.array([(highest - np.log(value)) / per_pixel for _, _, value in rows])
    for _ in range(100):
        for upper in range(len(rows) - 1):
            overlap = LABEL_HEIGHT - (places[upper + 1] - places[upper])
            if overlap > 0:
                places[upper : upper + 2] += (-overlap / 2, overlap / 2)
    steps = LABEL_HEIGHT * np.arange(len(rows))
    bottom = (highest - lowest) / per_pixel
    places = np.maximum(np.minimum(places, bottom - steps[::-1]), steps)  # none above the top or below the bottom
    heights = np.exp(np.clip(highest - places * per_pixel, lowest, highest))
    return pd.DataFrame(
        [
            (cell, update, float(height), f"{words[cell or 'blind']} {levels.get(cell, value):.2f}")
            for (cell, update, value), height in zip(rows, heights, strict=True)
        ],
        columns=["cell", "update", "place", "label"],
    )


def _grid_table(axes: Axes, words: Mapping[str, str], clip_norm: float | None, blind: float | None) -> pd.DataFrame:
    (floor, ceiling), (least, most) = axes.levels, axes.norms
    low, high = round(np.log10(least)), round(np.log10(most))
    powers = (2.0**power for power in range(-3, 17))
    decades = (10.0**decade for decade in range(low, high + 1, 1 + (high - low) // 4))
    rows = [("loss", "bound", level, "", "") for level in axes.levels]
    rows += [("norm", "bound", norm, "", "") for norm in axes.norms]
    rows += [("loss", "line", level, f"{level:g}", "") for level in powers if floor <= level <= ceiling]
    rows += [("norm", "line", norm, f"{norm:g}", "") for norm in decades]
    if blind is not None:
        rows.append(("loss", "threshold", float(np.clip(blind, floor, ceiling)), "", ""))
    if clip_norm is not None:
        rows.append(("norm", "threshold", clip_norm, "", f"{words['clip_norm']} {clip_norm:g}"))
    table = pd.DataFrame(rows, columns=["part", "kind", "value", "label", "threshold"])
    return table.assign(start=0, stop=axes.updates)
