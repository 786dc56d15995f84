"""What the reader intervenes in: a network, a passage, a unit, a concept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.interventions.targets import OwnPattern
from core.units.finder import Finding, Unit, strengths
from core.units.readable import SCORE
from dashboard.experiment import looks
from dashboard.shell.words import label

if TYPE_CHECKING:
    from core.runs.run import Run


@dataclass(frozen=True)
class Subject:
    """What the page has found and looks at.

    Attributes
    ----------
    probe
        The passage under the cursor.
    looked_at
        The unit that the reader has come to rest at.
    finding
        What came of the search for the concept; None before a search.
    concept
        What is searched for; None if it is known of ``probe`` alone.
    title
        What the concept is called.
    """

    run: Run
    probe: str
    looked_at: Unit
    finding: Finding | None
    concept: str | OwnPattern | None
    title: str

    @property
    def ranking(self) -> tuple[int, ...]:
        """The units of the layer and state that are looked at, the strongest first; empty before a search."""
        if self.finding is None or self.finding.found is None:
            return ()
        scores = self.finding.found.scores[SCORE[self.finding.kind]]
        mine = scores.sel(state=self.looked_at.state).isel(layer=self.looked_at.layer).to_numpy()
        return tuple(np.argsort(-strengths(mine, self.finding.kind), kind="stable").tolist())


def reading() -> AbstractContextManager[None]:
    """Show that the network is reading."""
    return st.spinner(label("interventions.reading"))


def unseen(subject: Subject) -> str | None:
    """Return text that no training has seen.

    Returns
    -------
    str | None
        None, and a line says why, if there is no such text or the concept means nothing in it.
    """
    if subject.concept is None:
        st.info(label("interventions.marked_by_hand"))
        return None
    with reading():
        text = looks.text_for_clamps(subject.run)
    if text is None:
        st.info(label("interventions.no_text"))
    return text
