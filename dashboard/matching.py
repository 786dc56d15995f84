"""Where else are the same units active? A drawer under the text: choose a passage, see others from unseen text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.run import Run
from dashboard import address, controls, live
from dashboard.components.timeline.glyphs import glyph
from dashboard.words import label

if TYPE_CHECKING:
    from core.neurons.matching import Matches, Passage

AROUND = 24
"""Characters shown on either side of a passage."""

OPENS_WITH = 8
LONGEST = 40


def draw(run: Run, probe: str) -> None:
    """The passage stands in the address; what is found is computed when the drawer is open, and kept."""
    drawer = st.expander(label("matching.title"), key=f"{address.page()}-matching", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption(label("matching.how"))
        left, right = st.columns(2)
        with left:
            begin = controls.whole("match_from", 1, len(probe), min(len(probe), len(probe) // 3 + 1))
        with right:
            longest = min(LONGEST, len(probe) - begin + 1)
            length = controls.whole("match_length", 1, longest, min(OPENS_WITH, longest))
        chosen = slice(begin - 1, begin - 1 + length)
        st.code(marked(probe, chosen.start, chosen.stop), language=None)
        found = live.what_if("neurons.matching:match_unseen", run, probe, chosen.start, chosen.stop)
        if found is None:
            st.info(label("finder.elsewhere"))
            return
        st.markdown(sentence(found))
        if found.passages:
            st.code("\n".join(line(found.text, passage) for passage in found.passages), language=None)


def sentence(found: Matches) -> str:
    """How many units, and in how much text they were looked for."""
    if not found.units:
        return label("matching.none")
    return label("matching.found", count=len(found.units), characters=len(found.text))


def line(text: str, passage: Passage) -> str:
    """One passage on one line, with its share of the units."""
    return f"{passage.share:4.0%}  {marked(text, passage.begin, passage.end)}"


def marked(text: str, begin: int, end: int) -> str:
    """The passage between brackets that stand in no program, with what is around it; blanks and line ends are seen."""
    before, within, after = text[max(0, begin - AROUND) : begin], text[begin:end], text[end : end + AROUND]
    return f"{_seen(before)}⟦{_seen(within)}⟧{_seen(after)}"


def _seen(text: str) -> str:
    return "".join(map(glyph, text))
