"""The result of a search next to its controls. Every sentence is computed from the numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts import Kind
from core.machine import is_small
from core.units.finder import INFORMED, MARGIN, RANDOM_UNITS, FinderVerdict, Finding, Found
from core.units.readable import any_of, readable
from dashboard.figures import figure
from dashboard.figures.charts import Chart, finder
from dashboard.parts.concepts import concept_title
from dashboard.parts.findings import score_form, score_help, score_title, sentence, unit_title
from dashboard.shell.theme import signal_colour
from dashboard.shell.words import label

LEAST_STRENGTH = {Kind.BINARY: 0.5, Kind.COUNT: 0.0, Kind.POSITION: 0.0}

READABLE_SHARES = {"none": 0.0, "few": 0.1, "many": 1.0}
"""Answers to the question how many units are readable, each with the largest share for which it is right."""

BADGES = {
    FinderVerdict.DETECTOR: ":material/check_circle:",
    FinderVerdict.CANDIDATE: ":material/visibility:",
    FinderVerdict.NOTHING_TO_FIND: ":material/help:",
    FinderVerdict.UNTRAINED_KNOWS: ":material/help:",
}
NO_DETECTOR = ":material/do_not_disturb_on:"


def judged(guessed: str, findings: Mapping[str, Finding], units: int) -> str:
    """Say whether the reader's guess was right, and how many units are readable, by concept."""
    concepts = readable(findings)
    count = int(any_of(concepts).sum())
    true = next(answer for answer, most in READABLE_SHARES.items() if count <= most * units)
    verdict = label(
        f"finder.answer_{'right' if true == guessed else 'wrong'}", said=label(f"hidden_units.guess_{guessed}")
    )
    counts = {concept_title(str(name)): int(one.sum()) for name, one in concepts.items() if one.any()}
    listed = "; ".join(label("finder.answer_of", concept=title, count=found) for title, found in counts.items())
    facts = label("finder.answer" if count else "finder.answer_none", count=count, units=units, listed=listed)
    return f"{verdict} {facts}"


def draw_answer(finding: Finding, concept: str, left_out: str, decided_by: Hashable) -> None:
    """Draw the verdict, one sentence, and the score next to its controls.

    Parameters
    ----------
    concept
        The name of the concept.
    left_out
        The key of the sentence that says which characters were not scored.
    """
    icon = BADGES.get(finding.verdict, NO_DETECTOR)
    badge = label(f"finder.badge_{finding.verdict}", grade=label(f"finder.grade_{finding.grade}"))
    st.badge(badge, icon=icon, color="green" if finding.is_detector else "gray")
    said = sentence(finding, concept)
    st.markdown(said, help=score_help(finding))
    if finding.found is not None:
        figure.show(
            lambda: _chart(finding),
            name="controls",
            decided_by=(decided_by, np.isfinite(finding.found.probe)),
            title=label("finder.controls", concept=concept),
            alt=said,
            caption=label("finder.controls_how"),
            more=_controls_exactly(finding.found),
            table=lambda: _table(finding),
        )
    st.caption(grounds(finding, left_out))


def grounds(finding: Finding, left_out: str) -> str:
    """Say on how many characters the score is computed, and which were left out."""
    left = label(f"finder.left_out_{left_out}")
    lines = [label("finder.scored", characters=finding.scored, left_out=left)]
    if finding.unread:
        lines.append(label("finder.unread", characters=finding.unread))
    found = finding.found
    if found is not None:
        nats = found.of_unit(found.scores["mutual_information"])
        lines.append(label("finder.mutual_information", nats=nats, shuffles=INFORMED))
        if np.isnan(found.probe):
            lines.append(label("finder.small_host" if is_small() else "finder.first_look"))
    return " ".join(lines)


def _controls_exactly(found: Found) -> str:
    """Explain the controls, including the linear probe if one was made."""
    probe = [label("finder.probe_how")] if np.isfinite(found.probe) else []
    return " ".join([label("finder.controls_exactly"), *probe])


def _rows(finding: Finding) -> list[finder.Row]:
    """Return a row for the unit, one for each control, and one for the probe of all units, if they exist.

    The row of random units has a range but no middle value.
    """
    found = finding.found
    assert found is not None
    rows = [
        finder.Row(unit_title(found.unit), finding.strength, *finding.interval),
        finder.Row(label("finder.row_untrained"), *[found.untrained] * 3),
        finder.Row(label("finder.row_shuffled"), finding.chance, float(found.shuffled.min()), finding.chance),
    ]
    if np.isfinite(found.random).all():  # NaN if the network has only one unit
        rows.append(finder.Row(label("finder.row_random", count=RANDOM_UNITS), float("nan"), *found.random))
    if np.isfinite(found.probe):  # a first look and a small host have none
        rows.append(finder.Row(label("finder.row_probe", untrained=found.untrained_probe), *[found.probe] * 3))
    return rows


def _table(finding: Finding) -> pd.DataFrame:
    columns = ("column_what", f"score_{score_form(finding)}", "column_low", "column_high")
    rows = pd.DataFrame(_rows(finding)).round(4)
    return rows.set_axis([label(f"finder.{one}") for one in columns], axis=1)


def _chart(finding: Finding) -> Chart:
    assert finding.found is not None
    needed = max(finding.found.untrained + MARGIN, finding.chance)
    return finder.beside_controls(
        *_rows(finding),
        least=LEAST_STRENGTH[finding.kind],
        needed=min(needed, 1.0),
        colour=signal_colour(finding.found.unit.state),
        words={"axis": score_title(finding), "needed": label("finder.needed")},
    )
