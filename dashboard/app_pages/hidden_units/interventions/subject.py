"""What an intervention is about: a network, a passage, a unit, a concept."""

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
    """What an intervention is about: what the page looks at, and what it has found.

    Attributes
    ----------
    probe
        The passage under the cursor.
    looked_at
        The unit that the reader looks at.
    finding
        The result of the search for the concept; None before a search.
    concept
        The concept to search for; None if it is labelled in ``probe`` alone.
    title
        The name of the concept.
    """

    run: Run
    probe: str
    looked_at: Unit
    finding: Finding | None
    concept: str | OwnPattern | None
    title: str

    @property
    def ranking(self) -> tuple[int, ...]:
        """The units of the layer and state that are looked at, the strongest first; empty without a finding."""
        if self.finding is None or self.finding.found is None:
            return ()
        scores = self.finding.found.scores[SCORE[self.finding.kind]]
        mine = scores.sel(state=self.looked_at.state).isel(layer=self.looked_at.layer).to_numpy()
        return tuple(np.argsort(-strengths(mine, self.finding.kind), kind="stable").tolist())


def reading() -> AbstractContextManager[None]:
    """Show a spinner while the network reads."""
    return st.spinner(label("interventions.reading"))


def unseen(subject: Subject) -> str | None:
    """Return text that the network was not trained on.

    Returns
    -------
    str | None
        None if there is no such text on this machine, or if the concept has no labels in it. A line then says why.
    """
    if subject.concept is None:
        st.info(label("interventions.marked_by_hand"))
        return None
    with reading():
        text = looks.text_for_clamps(subject.run)
    if text is None:
        st.info(label("interventions.no_text"))
    return text
