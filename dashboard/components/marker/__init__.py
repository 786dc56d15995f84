"""A text with marked characters. The reader marks them with the pointer or the keyboard, or they are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.components.modules import assets
from dashboard.components.timeline.glyphs import drawn, glyph
from dashboard.shell.words import labels_of

LISTED = 20
"""The most marked ranges that a screen reader reads out where the reader cannot mark any."""

Ranges = Sequence[tuple[int, int]]
"""Each range begins at its first position and ends before its second."""

_component = st.components.v2.component("unrolled_marker", **assets("marker"))


@dataclass(frozen=True)
class Needed:
    """How many marked ranges are needed in each half of the text.

    Attributes
    ----------
    ranges
        The fewest ranges in each half.
    part
        The position at which the second half begins.
    """

    ranges: int
    part: int


def draw_marker(
    text: str,
    ranges: Ranges,
    *,
    key: str,
    mode: Literal["many", "one", "none"],
    name: str,
    beside: str = "",
    longest: int = 0,
    needed: Needed | None = None,
    on_mark: Callable[[], None] | None = None,
) -> None:
    """Draw ``text`` with ``ranges`` of it marked.

    Parameters
    ----------
    mode
        How many ranges the reader may mark.
    name
        What the text is, for a reader who cannot see it.
    beside
        Words that stand before the text.
    longest
        The most characters of a range that the reader marks; 0 for no limit.
    needed
        If given, the component says how many ranges are marked in each half and how many are needed.
    on_mark
        Called before the page runs again, when the reader has marked something. ``told(key, text)`` says what.
    """
    turn, _ = _heard(key)
    _component(
        key=key,
        data={
            "text": text,
            "drawn": drawn(text),
            "ranges": [list(one) for one in ranges],
            "mode": mode,
            "name": name if mode != "none" else f"{name} {_listed(text, ranges)}",
            "beside": beside,
            "longest": longest or len(text),
            "needed": needed and {"ranges": needed.ranges, "part": needed.part},
            "heard": turn,
            "words": labels_of("marker"),
        },
        on_marks_change=on_mark or (lambda: None),
    )


def told(key: str, text: str) -> list[tuple[int, int]]:
    """Return the ranges that the reader has marked, without those that do not fit ``text``."""
    return [(begin, end) for begin, end in _heard(key)[1] if 0 <= begin < end <= len(text)]


def _heard(key: str) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of the last report of marks from the browser, and the ranges in it.

    The number is sent back, so that the browser knows which of its reports have arrived.
    """
    marks: Any = st.session_state.get(key, {}).get("marks")
    try:
        return int(marks["turn"]), [(int(begin), int(end)) for begin, end in marks["ranges"]]
    except (KeyError, TypeError, ValueError):
        return 0, []


def _listed(text: str, ranges: Ranges) -> str:
    quoted = ["“" + "".join(map(glyph, text[begin:end])) + "”" for begin, end in ranges]
    return ", ".join([*quoted[:LISTED], *(["…"] if len(quoted) > LISTED else [])])
