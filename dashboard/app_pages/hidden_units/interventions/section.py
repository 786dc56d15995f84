"""What does the network need? Units, a gate or one moment are set from outside, and the effect is measured."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import streamlit as st

from core.concepts.own import LONGEST_PATTERN, BadConcept
from core.interventions.targets import OwnPattern
from core.units.finder import Finding, Unit
from dashboard.app_pages.hidden_units.interventions import edit, gate, units_off, writing
from dashboard.app_pages.hidden_units.interventions.subject import Subject
from dashboard.app_pages.hidden_units.interventions.unit_choice import NOTHING, BadUnits, pick
from dashboard.experiment.removed_weights import say_removed
from dashboard.shell import address
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.runs.run import Run

CLAMP_PARTS = {"off": units_off.draw, "write": writing.draw, "gate": gate.draw, "edit": edit.draw}


@address.fragment
def draw(
    run: Run, probe: str, unit: Unit, *, finding: Finding | None, concept: str | OwnPattern | None, title: str
) -> None:
    """Draw the section of interventions. Nothing is computed before the reader chooses one.

    Parameters
    ----------
    unit
        The unit that the reader looks at.
    finding
        The result of the search for ``concept``, if there was one.
    title
        The name of the concept.
    concept
        None for a concept that is labelled in ``probe`` alone. Interventions that need other text then only say why
        they cannot be made.
    """
    subject = Subject(run, probe, unit, finding, concept, title)
    st.markdown(f"#### {label('interventions.title')}")
    st.markdown(lesson("interventions")["intro"])
    say_removed(run)
    chosen = pick("clamp", {one: label(f"interventions.clamp_{one}") for one in CLAMP_PARTS}, NOTHING)
    if chosen:
        try:
            CLAMP_PARTS[chosen](subject)
        except BadConcept as error:
            st.warning(label(f"finder.own_{error.reason}", longest=LONGEST_PATTERN))
        except BadUnits as error:
            st.warning(label(f"interventions.units_{error.reason}", **error.values))


def as_concept(key: Hashable) -> str | OwnPattern | None:
    """Return the reader's concept in the form that ``draw`` takes: a concept's name, or their own pattern.

    Returns
    -------
    str | OwnPattern | None
        None for characters that were marked by hand.
    """
    match key:
        case str() as name:
            return name
        case ("pattern", str(pattern)):
            return OwnPattern(pattern)
    return None
