"""What the network loses with units held, by class of the concept, compared with other units held the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.interventions.stake import StakeVerdict
from core.interventions.targets import OwnPattern
from core.traces.clamp import Clamp
from dashboard.app_pages.hidden_units.interventions.phrases import control_words, unit_words, value_words
from dashboard.app_pages.hidden_units.interventions.subject import Subject, reading, unseen
from dashboard.app_pages.hidden_units.interventions.unit_choice import clamp_of_units
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.charts import interventions as charts
from dashboard.shell.theme import signal_colour
from dashboard.shell.words import has_label, label, lesson

if TYPE_CHECKING:
    from core.interventions.outcomes import Cost


def draw(subject: Subject) -> None:
    """Draw what holding units costs.

    Raises
    ------
    BadUnits
        If the reader's list names no units to set.
    BadConcept
        If the reader's own concept makes no sense in the text.
    """
    text = unseen(subject)
    if text is None or subject.concept is None:
        return
    clamp = clamp_of_units(subject)
    with reading():
        found = looks.cost(subject.run, text, clamp, subject.concept)
    said = cost_sentence(found, clamp, subject.concept)
    st.markdown(said)
    rows = found.classes.assign(
        name=[
            _class_name(low, high, subject.concept)
            for low, high in zip(found.classes["low"], found.classes["high"], strict=True)
        ]
    )
    words = {one: label(f"interventions.cost_{one}") for one in ("axis", "change", "median", "least", "most")}
    figure.show(
        lambda: charts.costs(rows, signal_colour(clamp.signal), words),
        name="cost",
        decided_by=(subject.run.spec.key, clamp, subject.concept),
        title=label("interventions.cost_title", unit=unit_words(clamp.units)),
        caption=lesson("interventions")["cost"],
        alt=said.replace("*", ""),
        table=lambda: _table(rows, words),
    )


def cost_sentence(found: Cost, clamp: Clamp, concept: str | OwnPattern) -> str:
    """Say what holding the units costs where the concept is at stake, and how that compares with other units."""
    words, stake = _at_stake(concept), found.stake
    if stake is None:
        return label("interventions.cost_nowhere", stake=words)
    facts = {"unit": unit_words(clamp.units), "characters": stake.characters, "change": stake.change}
    lines = [
        label("interventions.cost_said", **facts, to=value_words(clamp), stake=words),
        control_words(stake.others, len(clamp.units or ())),
    ]
    if stake.verdict is not StakeVerdict.TOO_FEW:  # control_words has already said so
        facts |= {"as_much": stake.as_much, "draws": len(stake.others), "cases": len(stake.others) + 1}
        lines.append(label(f"interventions.cost_{stake.verdict}", **facts, times=stake.times or 0.0))
    return " ".join(lines)


def _at_stake(concept: str | OwnPattern) -> str:
    if isinstance(concept, OwnPattern):
        return label("interventions.stake_own")
    key = f"interventions.stake_{concept}"
    return label(key if has_label(key) else "interventions.stake")


def _class_name(low: float, high: float, concept: str | OwnPattern) -> str:
    """Return the name of a class of characters in the chart."""
    if np.isnan(low):
        return label("interventions.class_rest")
    if low != high:
        return label("interventions.class_range", low=low, high=high)
    key = f"interventions.class_{'own' if isinstance(concept, OwnPattern) else concept}"
    return label(key if has_label(key) else "interventions.class_value", value=low)


def _table(rows: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {label("interventions.cost_class"): rows["name"]}
    columns |= {words[one]: rows[one].round(4) for one in ("change", "median", "least", "most")}
    return pd.DataFrame(columns | {label("interventions.cost_characters"): rows["characters"]})
