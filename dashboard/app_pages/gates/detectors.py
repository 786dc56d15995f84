"""The unit of each network that matches one concept best. The page opens at it if it is a detector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.experiment import looks
from dashboard.parts import concepts, findings
from dashboard.shell import titles

if TYPE_CHECKING:
    from core.runs.run import Run
    from core.units.finder import Unit


def draw_detectors(runs: Mapping[str, Run]) -> dict[str, Unit]:
    """Say which unit of each network stands out in a first look, and return these units by cell."""
    concept = concepts.opening(concepts.offered(next(iter(runs.values())).spec))  # all have met the same text
    detectors: dict[str, Unit] = {}
    for cell, run in runs.items():
        finding = looks.glance(run, concept)
        if finding and finding.unit and finding.stands_out:
            detectors[cell] = finding.unit
            words = findings.sentence(finding, concepts.concept_title(concept))
            st.caption(f"{titles.option('cell', cell)}: {words}", help=findings.score_help(finding))
    return detectors
