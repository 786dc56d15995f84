"""The computation graph of a run over one input, folded or unrolled, drawn as SVG in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components.graph.payload import payload as graph_of
from dashboard.theme import DIVERGING
from dashboard.words import labels, language

__all__ = ["draw_graph", "graph_of"]

FOLDER = Path(__file__).parent
WORDS = "graph."


def _assets() -> dict[str, str]:
    script = [path.read_text(encoding="utf-8") for path in sorted((FOLDER / "script").glob("*.js"))]
    return {"css": (FOLDER / "graph.css").read_text(encoding="utf-8"), "js": "\n".join(script)}


_component = st.components.v2.component("unrolled_graph", **_assets())


def draw_graph(
    graph: Mapping[str, Any],
    *,
    key: str,
    step: int,
    layer: int,
    unit: int,
    caption: str,
    filename: str,
    on_choose: Callable[[], None],
) -> None:
    """Mount the graph; moving, playing, folding and hovering stay in the browser.

    graph : what ``graph_of`` made of a run and its trace
    step, layer, unit : whose equations are worked out below, from 0
    caption : where the run comes from, printed under a saved picture; ``filename`` without its ending
    on_choose : called before the page runs again, when the reader has chosen another step, layer or unit:
        ``st.session_state[key].chosen`` is {"step", "layer", "unit"}
    """
    _component(
        key=key,
        data={
            "graph": graph,
            "words": {
                name.removeprefix(WORDS): text for name, text in labels(language()).items() if name.startswith(WORDS)
            },
            "chosen": {"step": step, "layer": layer, "unit": unit},
            "colours": list(DIVERGING),
            "caption": caption,
            "filename": filename,
        },
        on_chosen_change=on_choose,
    )
