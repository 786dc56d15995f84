"""Where a component in the browser begins, kept while the reader moves on within it.

The browser reports where the reader has come to rest. If the starting point followed these reports, it would arrive
late and drag the reader back to where they were a moment ago. Everything that is drawn would also be sent again.
"""

from collections.abc import Hashable
from typing import TypeVar

import streamlit as st

Start = TypeVar("Start")


def start_of(key: str, drawn: Hashable, start: Start) -> tuple[int, Start]:
    """Return a number that counts the starting points, and where the component begins.

    Both are new if ``start`` is not what the browser shows, if something else is drawn, or if the browser shows nothing
    yet.

    Parameters
    ----------
    key
        Key of the component.
    drawn
        Identifies what is drawn.
    """
    turn, kept, first = st.session_state.get(f"{key}-begun", (0, None, start))
    drawn = drawn, st.session_state.get("visit")
    if kept != drawn or st.session_state.get(f"{key}-rests") != start:
        turn, first = turn + 1, start
        st.session_state[f"{key}-begun"] = turn, drawn, first
        note_rest(key, start)
    return turn, first


def note_rest(key: str, at: object) -> None:
    """Note where the reader has come to rest in the browser."""
    st.session_state[f"{key}-rests"] = at
