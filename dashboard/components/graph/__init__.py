"""The computation graph of a run over one input, folded or unrolled, drawn as SVG in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard.components.graph.payload import payload as graph_of
from dashboard.components.modules import assets
from dashboard.components.starting_point import note_rest, start_of
from dashboard.shell.theme import DIVERGING
from dashboard.shell.words import labels_of

__all__ = ["GraphPlace", "draw_graph", "graph_of"]


@dataclass(frozen=True)
class GraphPlace:
    """Where the reader has come to rest: step, layer, direction and unit, from 0, and whether the graph is folded."""

    step: int
    layer: int
    unit: int
    folded: bool = False
    direction: int = 0


_component = st.components.v2.component("unrolled_graph", **assets("graph"))


def draw_graph(
    graph: Mapping[str, Any],
    *,
    key: str,
    start: GraphPlace,
    caption: str,
    filename: str,
    on_rest: Callable[[GraphPlace], None],
) -> None:
    """Draw the graph. Moving, playing, folding and hovering stay in the browser.

    Parameters
    ----------
    graph
        What ``graph_of`` made of a run and its trace.
    start
        Where the reader starts. If it changes later, the reader is moved there.
    caption
        Where the run comes from, printed under a saved picture.
    filename
        Name of a saved picture, without its ending.
    on_rest
        Called before the page runs again, when the reader has come to rest elsewhere.
    """
    turn, first = start_of(key, graph["digest"], start)

    def rested() -> None:
        told = st.session_state[key].place
        if told:
            step, layer, unit, direction = (int(told[name]) for name in ("step", "layer", "unit", "direction"))
            place = GraphPlace(step, layer, unit, bool(told["folded"]), direction)
            note_rest(key, place)
            on_rest(place)

    _component(
        key=key,
        data={
            "graph": graph,
            "words": labels_of("graph"),
            "start": asdict(first) | {"turn": turn},
            "colours": list(DIVERGING),
            "caption": caption,
            "filename": filename,
        },
        on_place_change=rested,
    )
