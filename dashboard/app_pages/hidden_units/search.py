"""The search of all units for the concept that the reader asks about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.choices.allowed import Choices
from core.concepts.own import BadConcept
from core.runs.run import Run
from core.texts import TextUnavailable
from core.units.finder import Finding
from core.units.unseen import searched
from dashboard.app_pages.hidden_units.concept import Asked, ask
from dashboard.experiment import looks
from dashboard.shell import address
from dashboard.shell.words import label


def search(run: Run, names: Sequence[str], *, at_once: bool) -> Mapping[str, Finding] | None:
    """Search all units for all concepts, if the reader has asked for it or ``at_once`` is set.

    Return None if neither is so, or if the unseen text is not on this machine.
    """
    allowed = Choices(lambda: (address.NO, address.YES))
    wanted = address.value("searched", address.NO, allowed, fallback=label("finder.searched_no")) == address.YES
    if not (wanted or at_once):
        return None
    return looks.findings(run, tuple(names))


def answer(run: Run, asked: Asked, every: Mapping[str, Finding] | None, *, glance: bool) -> Finding | None:
    """Return the finding for one concept; None if there is none yet.

    Before a search, draw the button that starts it. Say so if the text for a search is not on this machine.

    Parameters
    ----------
    every
        The findings of the search for all concepts, if there was one.
    glance
        Whether to take a first look before the reader asks for a search.
    """
    if every is None:
        _draw_button(run)
        if glance:
            return looks.glance(run, asked.name)
        st.info(label("finder.not_searched"))
        return None
    if asked.name in every:
        return every[asked.name]
    try:
        text = searched(run) if asked.text is None else asked.text
        return looks.finding_marked(run, asked.key, text, asked.labels(text))
    except BadConcept:
        pass  # ``show`` has already reported it
    except TextUnavailable:
        st.info(label("finder.elsewhere"))
    return None


def _draw_button(run: Run) -> None:
    st.button(
        label("finder.search", units=run.spec.hidden_size * run.spec.layer_count),
        icon=":material/manage_search:",
        key=f"{address.page()}-search",
        on_click=ask,
        args=({"searched": address.YES},),
    )
