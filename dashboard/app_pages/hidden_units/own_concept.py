"""The reader's own concept before any search: what it marks, whether that is enough, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.concepts.own import LONGEST_PATTERN, BadConcept, by_selection, matched, read_places, stretches, write_places
from core.runs.run import Run
from core.texts import TextUnavailable
from core.units.enough import FEWEST_RANGES, parted, ranges_by_half
from core.units.unseen import searched
from dashboard.components.marker import Needed, draw_marker, told
from dashboard.shell import address
from dashboard.shell.words import label


class Counted(NamedTuple):
    """What a pattern marks in a text: how many characters, and how many ranges in the first and in the second half."""

    marked: int
    first: float
    second: float


def draw_places(places: str, passage: str, mark: Callable[[str], None]) -> None:
    """Draw the passage, to be marked by hand. Problems are reported below it, so that the text does not move.

    Parameters
    ----------
    places
        The marked places, as they stand in the address.
    mark
        Called with the new places, in the same form, when the reader has marked something.
    """
    key = f"{address.page()}-marker"
    ranges, wrong = _read(places, passage)
    st.caption(label("marking.how"))
    draw_marker(
        passage,
        ranges,
        key=key,
        mode="many",
        name=label("marking.text"),
        needed=Needed(FEWEST_RANGES, parted(passage)),
        on_mark=lambda: mark(write_places(told(key, passage))),
    )
    if wrong:
        _say(wrong)


def draw_pattern(run: Run, pattern: str, passage: str) -> None:
    """Draw what the pattern marks in the passage, and count it in the text that is searched."""
    try:
        ranges = stretches(matched(passage, pattern))
    except BadConcept as error:
        _say(error)
        return
    try:
        text = searched(run)
        _say_counted(len(text), _counted(text, pattern))
    except TextUnavailable:
        pass  # the search reports it
    st.caption(label("marking.shown_how", ranges=len(ranges)))
    draw_marker(passage, ranges, key=f"{address.page()}-shown", mode="none", name=label("marking.shown"))


def _read(places: str, passage: str) -> tuple[list[tuple[int, int]], BadConcept | None]:
    """Return the ranges that lie within the passage, and what is wrong with the places."""
    ranges: list[tuple[int, int]] = []
    try:
        ranges = read_places(places)
        by_selection(passage, ranges)
    except BadConcept as error:
        return [(begin, end) for begin, end in ranges if 0 <= begin < end <= len(passage)], error
    return ranges, None


def _say(error: BadConcept) -> None:
    st.warning(label(f"finder.own_{error.reason}", longest=LONGEST_PATTERN))


def _say_counted(characters: int, found: Counted) -> None:
    if found.marked in (0, characters):
        _say(BadConcept("matches_everything" if found.marked else "matches_nothing"))
    enough = min(found.first, found.second) >= FEWEST_RANGES
    lines = [label("marking.counted", characters=characters, **found._asdict())]
    if found.first % 1 or found.second % 1:
        lines.append(label("marking.cut"))
    lines.append(label("marking.enough" if enough else "marking.too_few", needed=FEWEST_RANGES))
    st.markdown(" ".join(lines))


@lru_cache(maxsize=8)
def _counted(text: str, pattern: str) -> Counted:
    marked = matched(text, pattern)
    return Counted(int(np.count_nonzero(marked)), *ranges_by_half(marked, parted(text)))
