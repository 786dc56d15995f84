"""The computation graph of a run, and the equations of one time step with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.choices.allowed import Choices, Value
from dashboard.app_pages.unrolled.pattern import LAYER, STEP, UNIT
from dashboard.components.graph import GraphPlace, draw_graph, graph_of
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.equations import draw_equations, draw_outcome
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.runs.run import Run
    from dashboard.app_pages.unrolled.pattern import Question


WAYS = ("forward", "backward")
"""Directions in which a row of states reads the sequence."""


@address.fragment
def draw_graph_view(run: Run, read: Question, pattern: str) -> None:
    """Draw the graph and the equations at the reader's time step. Moving redraws only this part.

    Parameters
    ----------
    read
        Returns the trace. The trace itself is not an argument, because Streamlit keeps a fragment's arguments for
        minutes.
    """
    trace = read()
    graph = figure.once(
        "graph", (run.spec.key, repr(read.args[1:]), repr(read.keywords)), partial(graph_of, run, trace)
    )
    length, layers, units = graph["length"], graph["layers"], graph["units"]
    ranges = {
        "step": (1, length, opening(graph)),
        "layer": (1, layers, LAYER),
        "unit": (0, units - 1, min(UNIT, units - 1)),
    }
    step, layer, unit = (address.whole_number(name, first, low, high) for name, (low, high, first) in ranges.items())
    backward = any(chain["direction"] for chain in graph["chains"])
    direction = WAYS.index(_way()) if backward else 0
    _draw_graph(run, graph, GraphPlace(step - 1, layer - 1, unit, _is_folded(), direction))
    said = [lesson("unrolled")[f"how_{pattern}"], *([lesson("unrolled")["how_both"]] if backward else [])]
    folded = "how_folded_parts" if len(run.arrangement.stacks) > 1 else "how_folded"
    st.caption("\n\n".join((*said, lesson("unrolled")[folded])))
    if not run.arrangement.shows_cells:
        return
    st.markdown(f"#### {label('unrolled.equations', step=step, unit=unit)}")
    moving: list[Callable[[], object]] = [
        partial(widgets.whole, name, *one) for name, one in ranges.items() if one[0] < one[1]
    ]
    moving += [partial(widgets.choice, "way", WAYS)] if backward else []
    for column, draw in zip(st.columns(max(1, len(moving))), moving, strict=False):
        with column:
            draw()
    st.caption(lesson("unrolled")["numbers"] + (f" {lesson('unrolled')['numbers_backward']}" if direction else ""))
    draw_equations(looks.worked(run, trace, time=step - 1, unit=unit, layer=layer - 1, direction=direction))
    draw_outcome(trace, step - 1)


def opening(graph: Mapping[str, Any]) -> int:
    """Return the time step, counted from 1, where the page opens.

    It is step 6, or the last one if there are fewer, but never before the first step with an answer.
    """
    answers = [time for time, step in enumerate(graph["steps"], 1) if "top" in step or "prediction" in step]
    return max(answers[0], min(STEP, len(graph["steps"])))


def _way() -> str:
    return str(address.value("way", WAYS[0], Choices(lambda: WAYS)))


def made_by(run: Run) -> str:
    """Return the caption of a saved picture."""
    return label(
        "unrolled.made_by",
        cell=titles.option("cell", run.spec.cell),
        units=run.spec.hidden_size,
        layers=run.spec.layer_count,
        updates=int(run.metrics["updates"]),
        seed=run.spec.seed,
        run=run.spec.key,
    )


def _is_folded() -> bool:
    views = Choices(lambda: ("unrolled", "folded"))
    view = address.value("view", "unrolled", views, title=label("graph.view"), fallback=label("graph.unrolled"))
    return view == "folded"


def _draw_graph(run: Run, graph: Mapping[str, Any], start: GraphPlace) -> None:
    def rest(place: GraphPlace) -> None:
        view = "folded" if place.folded else "unrolled"
        way: dict[str, Value] = (
            {"way": WAYS[place.direction]} if any(one["direction"] for one in graph["chains"]) else {}
        )
        here: dict[str, Value] = {"step": place.step + 1, "layer": place.layer + 1, "unit": place.unit, "view": view}
        address.change(here | way)

    draw_graph(
        graph,
        key="unrolled-graph",
        start=start,
        caption=made_by(run),
        filename=f"unrolled-{run.spec.key[4:12]}",
        on_rest=rest,
    )
