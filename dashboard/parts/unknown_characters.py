"""Characters that a network never met in training, listed beside the text that it reads."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.timeline.glyphs import glyph
from dashboard.shell.words import label

MOST_LISTED = 20
"""The most characters that are listed. An ellipsis stands for the rest."""


def say_unknown(text: str, symbols: Sequence[str]) -> None:
    """Say which characters of ``text`` the network reads as its one unknown symbol, if any.

    Parameters
    ----------
    symbols
        The symbols that the network has an input for.
    """
    met = set(symbols)
    unknown = [glyph(one) for one in dict.fromkeys(text) if one not in met]
    if unknown:
        listed = " ".join([*unknown[:MOST_LISTED], *(["…"] if len(unknown) > MOST_LISTED else [])])
        count = sum(one not in met for one in text)
        # Not Markdown, for a text may hold anything.
        st.text(label("unknown.said", count=count, length=len(text), characters=listed))
