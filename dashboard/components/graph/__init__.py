"""The computation graph of a run over one input, folded or unrolled, drawn as SVG in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard.components.begun import begun, rests
from dashboard.components.graph.payload import payload as graph_of
from dashboard.components.modules import assets
from dashboard.theme import DIVERGING
from dashboard.words import labels, language

__all__ = ["Place", "draw_graph", "graph_of"]

WORDS = "graph."


@dataclass(frozen=True)
class Place:
    """Where the reader has come to rest: a time step, layer and unit, each from 0, and whether the graph is folded."""

    step: int
    layer: int
    unit: int
    folded: bool = False


_component = st.components.v2.component("unrolled_graph", **assets("graph"))


def draw_graph(
    graph: Mapping[str, Any],
    *,
    key: str,
    start: Place,
    caption: str,
    filename: str,
    on_rest: Callable[[Place], None],
) -> None:
    """Mount the graph; moving, playing, folding and hovering stay in the browser.

    graph : what ``graph_of`` made of a run and its trace
    start : where the reader stands until they move; whoever else changes it moves them there
    caption : where the run comes from, printed under a saved picture; ``filename`` without its ending
    on_rest : called before the page runs again, when the reader has come to rest elsewhere
    """
    turn, first = begun(key, graph["digest"], start)

    def rested() -> None:
        told = st.session_state[key].place
        if told:
            place = Place(int(told["step"]), int(told["layer"]), int(told["unit"]), bool(told["folded"]))
            rests(key, place)
            on_rest(place)

    _component(
        key=key,
        data={
            "graph": graph,
            "words": {
                name.removeprefix(WORDS): text for name, text in labels(language()).items() if name.startswith(WORDS)
            },
            "start": asdict(first) | {"turn": turn},
            "colours": list(DIVERGING),
            "caption": caption,
            "filename": filename,
        },
        on_place_change=rested,
    )
