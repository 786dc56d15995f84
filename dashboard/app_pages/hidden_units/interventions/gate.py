"""What a gate is for: a passage is read with the gate held open or shut, and compared with the other gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core import texts
from core.traces.clamp import Clamp
from dashboard.app_pages.hidden_units.interventions.phrases import control_words, unit_words
from dashboard.app_pages.hidden_units.interventions.subject import Subject, reading
from dashboard.app_pages.hidden_units.interventions.unit_choice import pick, some_units
from dashboard.components.timeline.glyphs import glyph
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.charts import interventions as charts
from dashboard.parts import tracks
from dashboard.shell import titles
from dashboard.shell.theme import signal_colour
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.interventions.outcomes import Gated

PASSAGE = 300
"""The maximum number of characters that are read with a gate held."""


def draw(subject: Subject) -> None:
    """Draw what holding a gate does to a passage.

    Raises
    ------
    BadUnits
        If the reader's list names no units to set.
    """
    gates = tracks.gates(looks.trace(subject.run, subject.probe))
    if not gates:
        st.info(label("interventions.no_gates", cell=titles.option("cell", subject.run.spec.cell)))
        return
    words = {f"{gate}_{value}": _words(gate, value) for gate in gates for value in (1, 0)}
    held = pick("clamp_gate", words, next(iter(words)))
    gate, _, value = held.rpartition("_")
    units = some_units(subject, or_all=True)
    clamp = Clamp(gate, float(value), units, subject.looked_at.layer)
    text = texts.passage(subject.probe, PASSAGE)
    unit = _looked_at(subject, units)
    with reading():
        found = looks.gated(subject.run, text, clamp, subject.looked_at.state, unit)
    said = gate_sentence(found, words[held], clamp, unit)
    st.markdown(said)
    if np.isnan(found.change):
        return
    _draw_compared(subject, text, clamp)
    _draw_moments(subject, text, clamp, found, said)


def _looked_at(subject: Subject, units: tuple[int, ...] | None) -> int:
    """Return the unit whose state is drawn: the one that is looked at if it is set, else the first that is set."""
    return subject.looked_at.number if units is None or subject.looked_at.number in units else units[0]


def gate_sentence(found: Gated, gate: str, clamp: Clamp, unit: int) -> str:
    """Say how holding a gate changes the mean loss and the state, and how it changes the loss in other units."""
    if np.isnan(found.change):
        return label("interventions.gate_short")
    lines = [
        label(
            "interventions.gate_said",
            gate=gate,
            whose=unit_words(clamp.units),
            unit=unit,
            before=found.mean("learned", "loss"),
            after=found.mean("held", "loss"),
            change=found.change,
            was=found.mean("learned", "state"),
            became=found.mean("held", "state"),
        )
    ]
    if len(found.others):
        lines.append(control_words(found.others, len(clamp.units or ())))
    return " ".join(lines)


def _draw_compared(subject: Subject, text: str, clamp: Clamp) -> None:
    """Draw the cost of every gate of the layer at 0 and at 1, and mark the one that the reader holds."""
    with reading():
        table = looks.gates_compared(subject.run, text, clamp.units, clamp.layer)
    rows = table.assign(
        name=[_words(one, int(value)) for one, value in zip(table["gate"], table["value"], strict=True)],
        colour=[signal_colour(one) for one in table["gate"]],
        held=(table["gate"] == clamp.signal) & (table["value"] == clamp.value),
    )
    said = compared_sentence(rows, clamp)
    st.markdown(said)
    words = {"axis": label("interventions.compared_axis"), "gate": label("interventions.compared_gate")}
    figure.show(
        lambda: charts.gates(rows, words),
        name="gates",
        decided_by=(subject.run.spec.key, clamp, text),
        title=label("interventions.compared_title", whose=unit_words(clamp.units)),
        caption=lesson("interventions")["compared"],
        alt=said.replace("*", ""),
        table=lambda: pd.DataFrame({words["gate"]: rows["name"], words["axis"]: rows["change"].round(4)}),
    )


def compared_sentence(rows: pd.DataFrame, clamp: Clamp) -> str:
    """Say how the held gate ranks by its cost among all gates held at 0 and at 1."""
    ordered = rows.sort_values("change", ascending=False, kind="stable")
    return label(
        "interventions.compared",
        whose=unit_words(clamp.units),
        place=int(np.flatnonzero(ordered["held"])[0]) + 1,
        count=len(ordered),
        most=ordered["name"].iloc[0],
        most_change=ordered["change"].iloc[0],
        least=ordered["name"].iloc[-1],
        least_change=ordered["change"].iloc[-1],
    )


def _draw_moments(subject: Subject, text: str, clamp: Clamp, found: Gated, said: str) -> None:
    assert isinstance(clamp.value, float), "a gate is held at one number"
    unit, held = _looked_at(subject, clamp.units), _words(clamp.signal, int(clamp.value))
    moments = found.moments.assign(character=[glyph(text[time]) for time in found.moments["time"]])
    terms = {one: label(f"interventions.gate_{one}") for one in ("probability", "loss", "learned", "time", "character")}
    terms |= {"state": label("interventions.gate_state", unit=unit), "held": held}
    figure.show(
        lambda: charts.readings(moments, signal_colour(clamp.signal), terms),
        name="gate",
        decided_by=(subject.run.spec.key, clamp, unit, subject.looked_at.state, text),
        title=label("interventions.gate_title", gate=held, whose=unit_words(clamp.units)),
        caption=lesson("interventions")["gate"],
        alt=said.replace("*", ""),
        table=lambda: _table(moments, terms),
    )


def _words(gate: str, value: int) -> str:
    return f"{tracks.signal_title(gate)} = {value}"


def _table(moments: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {words["time"]: moments["time"] + 1, words["character"]: moments["character"]}
    columns |= {words[one]: moments[one].round(4) for one in ("loss", "probability", "state")}
    columns[label("interventions.gate_of")] = moments["of"].map({one: words[one] for one in ("learned", "held")})
    return pd.DataFrame(columns)
