"""All units in the order of their scores, all concepts beside each other, and one unit against one concept."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts import Kind, Labels
from core.neurons.finder import Finding, Unit, strengths
from core.neurons.readable import SCORE, passing
from core.run import Run
from dashboard import address, figure, reading
from dashboard.asking import Asked
from dashboard.charts.finder import against, points
from dashboard.components.timeline import Moment, Network
from dashboard.finding import concept_title, interval, score_help, score_title, unit_title
from dashboard.words import label

MOST = 600
"""Characters that are drawn as dots, evenly spread."""
HEIGHT = 250
NONE = "–"


def draw_units(run: Run, finding: Finding, key: Hashable) -> None:
    """Every state of every unit, the strongest first; a row that is chosen is looked at below."""
    units, table = ranked(finding)
    name = f"{address.page()}-units-{hash((run.spec.key, key, finding.scored))}"

    def take() -> None:
        rows = st.session_state[name]["selection"]["rows"]
        if rows:
            reading.look_at(run.spec.cell, units[rows[0]])

    st.markdown(f"##### {label('finder.units')}")
    st.dataframe(
        table, hide_index=True, height=HEIGHT, key=name, on_select=take, selection_mode="single-row", width="stretch"
    )
    st.caption(f"{label('finder.units_how')} {score_help(finding)}")


def ranked(finding: Finding) -> tuple[list[Unit], pd.DataFrame]:
    """The units by their strength, and their scores; constant ones come last."""
    assert finding.found is not None
    scores = finding.found.scores
    decides = SCORE[finding.kind]
    strength = strengths(scores[decides].to_numpy(), finding.kind).ravel()
    order = np.argsort(-strength, kind="stable")
    states = scores["state"].to_numpy()
    places = zip(*np.unravel_index(order, scores[decides].shape), strict=True)
    marks = {str(state): label(f"finder.state_{state}") for state in states}
    units = [Unit(str(states[state]), int(layer), int(number)) for state, layer, number in places]
    columns: dict[str, object] = {
        label("finder.column_unit"): [unit.number for unit in units],
        label("finder.column_state"): [marks[unit.state] for unit in units],
        label("finder.column_layer"): [unit.layer + 1 for unit in units],
        label("finder.column_passes"): passing(finding).to_numpy().ravel()[order],
    }
    columns[score_title(finding)] = strength[order].round(3)
    neutral = 0.5 if finding.kind is Kind.BINARY else 0.0
    with_it = scores[decides].to_numpy().ravel()[order] >= neutral
    columns[label("finder.column_direction")] = np.where(with_it, "+", "−")
    for name in (one for one in scores.data_vars if one != decides):
        columns[label(f"finder.column_{name}")] = scores[name].to_numpy().ravel()[order].round(3)
    return units, pd.DataFrame(columns)


def draw_concepts(findings: Mapping[str, Finding]) -> None:
    """What came of the search for every concept, in one table."""
    st.markdown(f"##### {label('finder.concepts')}")
    st.dataframe(concepts_table(findings), hide_index=True, width="stretch")
    st.caption(label("finder.concepts_how"))


def concepts_table(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """One row for each concept: its unit, the score with its interval, the controls, the verdict."""
    return pd.DataFrame([_row(name, finding) for name, finding in findings.items()])


def draw_against(network: Network, moment: Moment, along: Labels, asked: Asked) -> None:
    """What the chosen unit holds at each character against what is known there, over the passage that is read."""
    unit, signal = moment.units[network.name], moment.signals[network.name]
    track = next(one for one in network.tracks if one.name == signal)
    scored = np.flatnonzero(along.scored)
    if not len(scored):
        return
    at = scored[np.linspace(0, len(scored) - 1, min(MOST, len(scored))).astype(int)]
    known, values = along.values[at], track.values[unit, at]
    binary, high = asked.kind is Kind.BINARY, max(float(known.max()), 1.0)
    facts = {"unit": unit, "signal": f"{track.label} {track.mark}", "concept": asked.title, "characters": len(at)}
    words = {name: label(f"finder.{name}") for name in ("yes", "no")}
    words |= {"concept": asked.title, "unit": label("finder.against_unit", unit=unit, signal=facts["signal"])}
    figure.show(
        lambda: against(high, (track.low, track.high), track.colour, binary, words),
        name="against",
        decided_by=(high, signal, unit, binary, asked.title),
        title=label("finder.against", unit=unit, concept=asked.title),
        caption=label("finder.against_how", characters=len(at)),
        alt=label("finder.against_alt", **facts),
        data=points(known, values, spread=asked.kind is not Kind.POSITION),
        table=lambda: pd.DataFrame({words["concept"]: known, words["unit"]: values.round(4)}),
    )


def _row(name: str, finding: Finding) -> dict[str, str]:
    columns = ("best", "score", "interval", "untrained", "shuffled", "random", "probe")
    numbers = dict.fromkeys(columns, NONE)
    found = finding.found
    if found is not None:
        numbers = {
            "best": unit_title(found.unit),
            "score": f"{score_title(finding)} {finding.strength:.2f}",
            "interval": _range(*interval(finding)),
            "untrained": f"{found.untrained:.2f}",
            "shuffled": f"{finding.chance:.2f}",
            "random": _range(*found.random),
            "probe": f"{found.probe:.2f}",
        }
    verdict = {"concept": concept_title(name), "verdict": label(f"finder.short_{finding.verdict}")}
    return {label(f"finder.column_{column}"): words for column, words in (verdict | numbers).items()}


def _range(low: float, high: float) -> str:
    return f"{low:.2f} … {high:.2f}"
