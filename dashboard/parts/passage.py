"""The passage that a network reads: characters that no training has seen, or the reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core import texts
from core.once import once
from dashboard.shell import address, widgets
from dashboard.shell.words import has_label, label

if TYPE_CHECKING:
    from core.spec import RunSpec

LONGEST_OWN_PASSAGE = 600
"""The most characters of the reader's own passage, which is part of the link."""

ALWAYS_HERE = "tidy_code"
"""A text that every machine can make."""


def choose_passage(spec: RunSpec) -> str:
    """Let the reader choose what the networks of ``spec`` read: unseen characters, or some of their own."""
    if widgets.choice("look_at", ("unseen", "own")) == "own":
        own = widgets.wording("own", default="", longest=LONGEST_OWN_PASSAGE)
        if own.strip():
            read = f"{address.page()}.own_read"
            if has_label(read):
                st.caption(label(read))
            return own
        st.info(label("reading.nothing"))
    try:
        return _probe(spec.option("text"))
    except texts.TextUnavailable:
        st.info(label("reading.elsewhere"))
        return _probe(ALWAYS_HERE)


@once(megabytes=1)
def _probe(text: str) -> str:
    return texts.probe(text)
