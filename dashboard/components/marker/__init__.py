"""A text whose characters are marked, by hand or by something else: dragged over, or chosen from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from dashboard.components.modules import assets
from dashboard.components.timeline.glyphs import drawn, glyph
from dashboard.words import labels, language

WORDS = "marker."
LISTED = 20
"""Marked ranges that are read out where nothing can be marked."""

Ranges = Sequence[tuple[int, int]]
"""Each from its first to before its last position."""

_component = st.components.v2.component("unrolled_marker", **assets("marker"))


@dataclass(frozen=True)
class Needed:
    """What the marks are counted for.

    ranges : at least so many in each half;  part : where the second half begins
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

    mode : how many ranges the reader may mark
    name : what the text is, for a reader who does not see it;  beside : stands before it
    longest : characters of the one range that may be marked
    needed : says beside the marks how many there are in each half, and how many there have to be
    on_mark : called before the page runs again, when the reader has marked something: ``told(key, text)`` says what
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
            "words": {one.removeprefix(WORDS): said for one, said in _words().items()},
        },
        on_marks_change=on_mark or (lambda: None),
    )


def told(key: str, text: str) -> list[tuple[int, int]]:
    """The ranges that the reader has marked, as the browser told them; what makes no sense in ``text`` is left out."""
    return [(begin, end) for begin, end in _heard(key)[1] if 0 <= begin < end <= len(text)]


def _heard(key: str) -> tuple[int, list[tuple[int, int]]]:
    """How often the browser has told of marks, by which it knows what was heard; and what it told last."""
    marks: Any = st.session_state.get(key, {}).get("marks")
    try:
        return int(marks["turn"]), [(int(begin), int(end)) for begin, end in marks["ranges"]]
    except (KeyError, TypeError, ValueError):
        return 0, []


def _words() -> dict[str, str]:
    return {name: words for name, words in labels(language()).items() if name.startswith(WORDS)}


def _listed(text: str, ranges: Ranges) -> str:
    quoted = ["“" + "".join(map(glyph, text[begin:end])) + "”" for begin, end in ranges]
    return ", ".join([*quoted[:LISTED], *(["…"] if len(quoted) > LISTED else [])])
