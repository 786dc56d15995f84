"""What goes in and what comes out: many to many, many to one, one to many."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core import texts
from core.choices.allowed import Choices, Range, Value
from core.spec.presets import PRESETS
from dashboard.experiment import controls, looks
from dashboard.parts.passage import choose_passage
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import address, widgets
from dashboard.shell.words import label

if TYPE_CHECKING:  # xarray is loaded with the trace
    import xarray

    from core.runs.run import Run

    Question = partial[xarray.Dataset]
    """A look with all that it is asked."""

PATTERN_PRESETS = {
    "many_to_many": "unrolled",
    "many_to_one": "unrolled_adding",
    "one_to_many": "unrolled",
    "series": "unrolled_series",
}
"""Each pattern, with the preset that shows it."""

READ_LENGTH = 120
"""Characters of an unseen passage. The reader's own passage is read to its end."""

WRITTEN_LENGTH = 60

STEP, LAYER, UNIT = 6, 1, 7
"""The step, layer and unit whose numbers are worked out before the reader has chosen."""


def choose_pattern() -> str:
    """Let the reader choose a pattern. What means nothing in a new one leaves the address."""
    current = address.value("pattern", "many_to_many", Choices(lambda: tuple(PATTERN_PRESETS)))
    key = address.seed("pattern", current)
    default = PRESETS[PATTERN_PRESETS[current]][0]

    def turn() -> None:
        new = st.session_state[key]
        gone: dict[str, Value] = {"step": STEP, "layer": LAYER, "unit": UNIT}
        if PATTERN_PRESETS[new] != PATTERN_PRESETS[current]:
            gone |= {name: value for name, value in controls.settings(default).items() if name != "cell"}
        address.change(gone | {"pattern": new}, gone | {"pattern": "many_to_many"})

    words = {one: label(f"unrolled.pattern_{one}") for one in PATTERN_PRESETS}.__getitem__
    st.segmented_control(
        label("unrolled.pattern"), list(PATTERN_PRESETS), format_func=words, key=key, required=True, on_change=turn
    )
    return current


def choose_reading(run: Run, pattern: str) -> Question:
    """Let the reader choose what the network reads or writes, and return what gives the trace of it."""
    if not run.symbols:
        return partial(looks.example, run, widgets.whole("example", 0, 99, default=0))
    if pattern == "one_to_many":
        return _choose_writing(run)
    text = choose_passage(run.spec)
    unseen = address.value("look_at", "unseen", Choices(lambda: ("unseen", "own"))) == "unseen"
    read = texts.passage(text, READ_LENGTH) if unseen else text
    say_unknown(read, run.symbols)
    return partial(looks.trace, run, read)


def _choose_writing(run: Run) -> Question:
    known = run.symbols[1:]
    first, temperature, top_k, draw = st.columns(4)
    with first:
        start = widgets.choice("first", known, default="d" if "d" in known else known[0])
    with temperature:
        heat = widgets.setting("temperature", 1.0, Range(0.05, 5, whole=False))
        assert isinstance(heat, float)
    with top_k:
        kept = widgets.setting("top_k", None, Range(1, len(known), optional=True))
        assert kept is None or isinstance(kept, int)
    with draw:
        seed = widgets.whole("draw", 0, 99, default=0)
    return partial(looks.free_run, run, start, WRITTEN_LENGTH, temperature=heat, top_k=kept, seed=seed)
