"""What the network loses with units held still, by class of the concept, beside units that vary as much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.interventions.clamp import Clamp
from core.interventions.targets import Pattern
from dashboard import figure
from dashboard.charts import interventions as charts
from dashboard.interventions.asked import Asked, clamp_of_units, other_words, unit_words, unseen, value_words
from dashboard.theme import signal_colour
from dashboard.words import label, labelled, lesson

if TYPE_CHECKING:
    from core.interventions.cost import Cost


def draw(asked: Asked) -> None:
    """Raises BadUnits and BadConcept."""
    text = unseen(asked)
    if text is None or asked.concept is None:
        return
    clamp = clamp_of_units(asked)
    found = asked.what_if("cost:cost", text, clamp, asked.concept)
    said = cost_sentence(found, clamp, asked.concept)
    st.markdown(said)
    rows = found.classes.assign(name=[_class_name(one, asked.concept) for one in found.classes.itertuples()])
    words = {one: label(f"interventions.cost_{one}") for one in ("axis", "change", "median", "least", "most")}
    figure.show(
        lambda: charts.costs(rows, signal_colour(clamp.signal), words),
        name="cost",
        decided_by=(asked.run.spec.key, clamp, asked.concept),
        title=label("interventions.cost_title", unit=unit_words(clamp.units)),
        caption=lesson("interventions")["cost"],
        alt=said.replace("*", ""),
        table=lambda: _table(rows, words),
    )


def cost_sentence(found: Cost, clamp: Clamp, concept: str | Pattern) -> str:
    """What the units cost where the concept is at stake, and what that is beside the others."""
    words, stake = _at_stake(concept), found.stake
    if stake is None:
        return label("interventions.cost_nowhere", stake=words)
    return label(
        f"interventions.cost_{stake.verdict}",
        unit=unit_words(clamp.units),
        to=value_words(clamp),
        stake=words,
        characters=stake.characters,
        change=stake.change,
        control=label(
            "interventions.cost_control",
            others=other_words(len(stake.others), len(clamp.units or ())),
            median=stake.median,
            low=stake.interval[0],
            high=stake.high,
            least=float(stake.others.min()),
            most=float(stake.others.max()),
            as_much=stake.as_much,
        ),
        times=stake.at_least or 0.0,
    )


def _at_stake(concept: str | Pattern) -> str:
    if isinstance(concept, Pattern):
        return label("interventions.stake_own")
    key = f"interventions.stake_{concept}"
    return label(key if labelled(key) else "interventions.stake")


def _class_name(row, concept: str | Pattern) -> str:
    """A class of characters as the chart names it."""
    if np.isnan(row.low):
        return label("interventions.class_rest")
    if row.low != row.high:
        return label("interventions.class_range", low=row.low, high=row.high)
    key = f"interventions.class_{'own' if isinstance(concept, Pattern) else concept}"
    return label(key if labelled(key) else "interventions.class_value", value=row.low)


def _table(rows: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {label("interventions.cost_class"): rows["name"]}
    columns |= {words[one]: rows[one].round(4) for one in ("change", "median", "least", "most")}
    return pd.DataFrame(columns | {label("interventions.cost_characters"): rows["characters"]})
