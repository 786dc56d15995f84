"""Where else are the same units active? The reader chooses a passage and sees similar ones from unseen text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.runs.run import Run
from dashboard.components.marker import draw_marker, told
from dashboard.experiment import looks
from dashboard.shell import address, widgets
from dashboard.shell.words import label

if TYPE_CHECKING:
    from core.units.matching import Matches, Passage

SHOWN_AROUND_PASSAGE = 24
"""The maximum number of characters that are shown on each side of a passage."""

FIRST_LENGTH = 8
LONGEST_PASSAGE = 40


def draw(run: Run, probe: str) -> None:
    """Draw a drawer. Its content is computed when it is opened and then kept. The address holds the passage."""
    drawer = widgets.drawer(label("matching.title"), "matching")
    if not drawer.open:
        return
    with drawer:
        begin, end = _choose(probe)
        found = looks.matches(run, probe, begin, end)
        if found is None:
            st.info(label("finder.elsewhere"))
            return
        st.markdown(sentence(found))
        for number, passage in enumerate(found.passages):
            _draw(found.text, passage, f"{address.page()}-match-{number}")


def sentence(found: Matches) -> str:
    """Say how many units the passage makes active, and how much text was searched for them."""
    if not found.units:
        return label("matching.none")
    return label("matching.found", count=len(found.units), characters=len(found.text))


def around(text: str, begin: int, end: int) -> tuple[str, tuple[int, int]]:
    """Return a passage with up to 24 characters on each side, and its range within that."""
    first = max(0, begin - SHOWN_AROUND_PASSAGE)
    return text[first : end + SHOWN_AROUND_PASSAGE], (begin - first, end - first)


def _choose(probe: str) -> tuple[int, int]:
    """Let the reader choose a passage of ``probe``, and return its first position and the one after its last."""
    first = _whole("match_from", min(len(probe), len(probe) // 3 + 1), len(probe))
    longest = min(LONGEST_PASSAGE, len(probe) - first + 1)
    length = _whole("match_length", min(FIRST_LENGTH, longest), longest)
    key = f"{address.page()}-passage"

    def take() -> None:
        for begin, end in told(key, probe):
            address.change({"match_from": begin + 1, "match_length": min(end - begin, LONGEST_PASSAGE)})

    st.caption(label("matching.how", longest=LONGEST_PASSAGE))
    passage = first - 1, first - 1 + length
    draw_marker(
        probe, [passage], key=key, mode="one", name=label("matching.text"), longest=LONGEST_PASSAGE, on_mark=take
    )
    st.markdown(label("matching.chosen", first=first, last=first - 1 + length))
    return passage


def _whole(name: str, default: int, highest: int) -> int:
    return address.whole_number(name, default, 1, highest)


def _draw(text: str, passage: Passage, key: str) -> None:
    shown, within = around(text, passage.begin, passage.end)
    draw_marker(
        shown,
        [within],
        key=key,
        mode="none",
        name=label("matching.match", share=passage.share),
        beside=f"{passage.share:.0%}",
    )
