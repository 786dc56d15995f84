"""Where a component in the browser begins, kept while the reader moves on within it.

The browser tells where the reader has come to rest. A beginning that followed would come back late and drag the reader
to where they were a moment ago; and all that is drawn would be sent again with it.
"""

from collections.abc import Hashable
from typing import TypeVar

import streamlit as st

Start = TypeVar("Start")


def start_of(key: str, drawn: Hashable, start: Start) -> tuple[int, Start]:
    """A number and where to begin; both are new if ``start`` is not what the browser shows, or it shows nothing yet.

    Parameters
    ----------
    key
        Of the component.
    drawn
        Tells what is drawn from all else.
    """
    turn, kept, first = st.session_state.get(f"{key}-begun", (0, None, start))
    drawn = drawn, st.session_state.get("visit")
    if kept != drawn or st.session_state.get(f"{key}-rests") != start:
        turn, first = turn + 1, start
        st.session_state[f"{key}-begun"] = turn, drawn, first
        note_rest(key, start)
    return turn, first


def note_rest(key: str, at: object) -> None:
    """The reader has come to rest there, in the browser."""
    st.session_state[f"{key}-rests"] = at
