"""Tables of all units in the order of their scores, and of all concepts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.concepts import Kind
from core.runs.run import Run
from core.units.finder import INFORMED, MARGIN, Finding, Unit, strengths
from core.units.readable import SCORE, passing
from dashboard.figures import figure
from dashboard.parts import cursor
from dashboard.parts.concepts import concept_title
from dashboard.parts.findings import score_title
from dashboard.shell import address
from dashboard.shell.words import label, language

if TYPE_CHECKING:
    import xarray

TABLE_HEIGHT = 250
NO_NUMBER = "–"


def draw_units(run: Run, finding: Finding, key: Hashable) -> None:
    """Draw a table of all states of all units, the strongest first. Choosing a row moves the timeline to that unit."""
    assert finding.found is not None
    decided_by = (run.spec.key, key, finding.scored)
    units, table = figure.once("ranking", (decided_by, language()), lambda: ranked(finding))
    name = f"{address.page()}-units-{hash(decided_by)}"

    def take() -> None:
        for row, _ in st.session_state[name]["selection"]["cells"]:
            cursor.look_at(run.spec.cell, units[row])

    st.markdown(f"##### {label('finder.units')}")
    st.dataframe(
        table,
        column_config=_columns(table),
        hide_index=True,
        height=TABLE_HEIGHT,
        key=name,
        on_select=take,
        selection_mode="single-cell",
        width="stretch",
    )
    exactly = f"{label('finder.units_exactly', shuffles=INFORMED)} {_needed(finding)}"
    st.caption(label("finder.units_how"), help=exactly)


def ranked(finding: Finding) -> tuple[list[Unit], pd.DataFrame]:
    """Return the units in the order of their strength, with controls and other scores. Constant units come last."""
    found = finding.found
    assert found is not None
    decides = SCORE[finding.kind]
    strength = strengths(found.scores[decides].to_numpy(), finding.kind).ravel()
    order = np.argsort(-strength, kind="stable")
    units = _units(found.scores, order)

    def column(values: xarray.DataArray) -> np.ndarray:
        return values.to_numpy().ravel()[order]

    neutral = 0.5 if finding.kind is Kind.BINARY else 0.0
    ends = zip(column(found.beside["low"]), column(found.beside["high"]), strict=True)
    columns: dict[str, object] = {
        label("finder.column_unit"): [_short(unit, found.scores.sizes["layer"]) for unit in units],
        score_title(finding): strength[order].round(3),
        label("finder.column_interval"): [_range(low, high) for low, high in ends],
        label("finder.column_passes"): column(passing(finding)),
        label("finder.column_untrained"): column(found.beside["untrained"]).round(3),
        label("finder.column_shuffled"): column(found.beside["shuffled"]).round(3),
        label("finder.column_direction"): np.where(column(found.scores[decides]) >= neutral, "+", "−"),
    }
    for name in (str(one) for one in found.scores.data_vars if one != decides):
        columns[label(f"finder.column_{name}")] = column(found.scores[name]).round(3)
    return units, pd.DataFrame(columns)


def draw_concepts(findings: Mapping[str, Finding], decided_by: Hashable) -> None:
    """Draw the results of the search for all concepts in one table.

    Parameters
    ----------
    decided_by
        Everything that the findings depend on.
    """
    st.markdown(f"##### {label('finder.concepts')}")
    table = figure.once("every concept", (decided_by, language()), lambda: concepts_table(findings))
    st.dataframe(table, column_config=_columns(table), hide_index=True, width="stretch")
    st.caption(label("finder.concepts_how"))


def concepts_table(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row for each concept: the verdict, the score with its interval, the unit, the controls."""
    return pd.DataFrame([_row(name, finding) for name, finding in findings.items()])


def _units(scores: xarray.Dataset, places: np.ndarray) -> list[Unit]:
    names = scores["state"].to_numpy().tolist()
    indices = np.unravel_index(places, [scores.sizes[one] for one in ("state", "layer", "unit")])
    return [
        Unit(names[state], layer, number) for state, layer, number in zip(*map(np.ndarray.tolist, indices), strict=True)
    ]


def _short(unit: Unit, layers: int) -> str:
    """Name a unit as briefly as is possible without ambiguity."""
    kind = "unit_short" if layers == 1 else "unit_short_of_layer"
    return label(f"finder.{kind}", number=unit.number, layer=unit.layer + 1, state=label(f"finder.state_{unit.state}"))


def _needed(finding: Finding) -> str:
    """Say which score a unit of the ranking needs to be ticked."""
    assert finding.found is not None
    return label("finder.needed_of_any", margin=MARGIN, untrained=finding.found.untrained, chance=finding.chance)


def _columns(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Return how columns are shown: the first stays in view while the table scrolls, numbers have two decimals."""
    first, *others = map(str, table.columns)
    numbers = {name: st.column_config.NumberColumn(format="%.2f") for name in others if table[name].dtype.kind == "f"}
    return {first: st.column_config.Column(pinned=True), **numbers}


def _verdict(finding: Finding) -> str:
    return label(f"finder.short_{finding.verdict}", grade=label(f"finder.grade_{finding.grade}"))


def _row(name: str, finding: Finding) -> dict[str, str]:
    columns = ("score", "interval", "best", "untrained", "shuffled", "random", "probe")
    numbers = dict.fromkeys(columns, NO_NUMBER)
    found = finding.found
    if found is not None:
        numbers = {
            "score": f"{score_title(finding)} {finding.strength:.2f}",
            "interval": _range(*finding.interval),
            "best": _short(found.unit, found.scores.sizes["layer"]),
            "untrained": f"{found.untrained:.2f}",
            "shuffled": f"{finding.chance:.2f}",
            "random": _range(*found.random),
            "probe": f"{found.probe:.2f}",
        }
    verdict = {"concept": concept_title(name), "verdict": _verdict(finding)}
    return {label(f"finder.column_{column}"): words for column, words in (verdict | numbers).items()}


def _range(low: float, high: float) -> str:
    return NO_NUMBER if np.isnan(low) else f"{low:.2f} … {high:.2f}"
