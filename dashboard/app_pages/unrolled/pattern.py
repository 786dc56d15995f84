"""Patterns of input and output: many to many, many to one, one to many, sequence to sequence."""

from __future__ import annotations

from dataclasses import dataclass
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
    """A look with its arguments. Calling it returns the trace."""


@dataclass(frozen=True)
class Shown:
    """How a pattern is shown: its preset, and the settings in view besides width, layers and seed."""

    preset: str
    front: tuple[str, ...]


SHOWN_PATTERNS = {
    "many_to_many": Shown("unrolled", ("text",)),
    "many_to_one": Shown("unrolled_adding", ("length", "direction")),
    "one_to_many": Shown("unrolled", ("text",)),
    "series": Shown("unrolled_series", ("series",)),
    "sequence_to_sequence": Shown("unrolled_dates", ("attention", "direction")),
}

LONGEST_OWN = 24
"""The maximum number of characters of the reader's own sequence. So many fit on a phone."""

READ_LENGTH = 120
"""The maximum number of characters that are read of an unseen passage. The reader's own passage is read to its end."""

WRITTEN_LENGTH = 60

STEP, LAYER, UNIT = 6, 1, 7
"""The time step, layer and unit whose numbers are worked out before the reader has chosen any."""


def choose_pattern() -> str:
    """Let the reader choose a pattern.

    Another pattern resets the place in the graph. If it has another preset, all settings but the cell are reset too.
    """
    current = address.value("pattern", "many_to_many", Choices(lambda: tuple(SHOWN_PATTERNS)))
    key = address.seed("pattern", current)
    default = PRESETS[SHOWN_PATTERNS[current].preset][0]

    def turn() -> None:
        new = st.session_state[key]
        gone: dict[str, Value] = {"step": STEP, "layer": LAYER, "unit": UNIT, "way": "forward"}
        if SHOWN_PATTERNS[new].preset != SHOWN_PATTERNS[current].preset:
            gone |= {name: value for name, value in controls.settings(default).items() if name != "cell"}
        address.change(gone | {"pattern": new}, gone | {"pattern": "many_to_many"})

    words = {one: label(f"unrolled.pattern_{one}") for one in SHOWN_PATTERNS}.__getitem__
    st.segmented_control(
        label("unrolled.pattern"),
        list(SHOWN_PATTERNS),
        format_func=words,
        key=key,
        required=True,
        wrap=True,
        on_change=turn,
    )
    return current


def choose_reading(run: Run, pattern: str) -> Question:
    """Let the reader choose what the network reads or writes, and return a function that gives its trace."""
    if pattern == "one_to_many":
        return _choose_writing(run)
    if "text" not in dict(run.spec.options):
        return _choose_example(run)
    text = choose_passage(run.spec)
    unseen = address.value("look_at", "unseen", Choices(lambda: ("unseen", "own"))) == "unseen"
    read = texts.passage(text, READ_LENGTH) if unseen else text
    say_unknown(read, run.symbols)
    return partial(looks.trace, run, read)


def _choose_example(run: Run) -> Question:
    """Return the reading of an example of the task. If the task reads characters, the reader may write their own."""
    if run.symbols and widgets.choice("read", ("example", "own")) == "own":
        own = widgets.wording("own_sequence", default="", longest=LONGEST_OWN, lines=1)
        if own:
            say_unknown(own, run.symbols)
            return partial(looks.trace, run, own)
        st.info(label("unrolled.nothing_written"))
    return partial(looks.example, run, widgets.whole("example", 0, 99, default=0))


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
