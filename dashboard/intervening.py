"""What does the network need? A unit, a gate or one moment set from outside, and what follows beside what was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from core.allowed import Choices
from core.interventions.clamp import Clamp
from dashboard import address, controls, figure, live
from dashboard.charts import interventions as charts
from dashboard.theme import signal_colour
from dashboard.words import label, labelled, lesson

if TYPE_CHECKING:
    import pandas as pd

    from core.interventions.cost import Cost
    from core.run import Run

NOTHING = ""


@dataclass(frozen=True)
class Asked:
    """What the page has found and looks at.

    probe : the passage under the cursor
    layer, unit, state : the unit, and the name of its signal
    concept : what it goes with
    """

    run: Run
    probe: str
    layer: int
    unit: int
    state: str
    concept: str


@st.fragment
def draw(run: Run, probe: str, *, layer: int, unit: int, state: str, concept: str) -> None:
    """The section of a page that intervenes; nothing is computed before the reader asks for one of its four parts."""
    asked = Asked(run, probe, layer, unit, state, concept)
    st.markdown(f"#### {label('interventions.title')}")
    st.markdown(lesson("interventions")["intro"])
    parts = {"off": _switch_off}
    chosen = pick("clamp", {one: label(f"interventions.clamp_{one}") for one in parts}, NOTHING)
    if chosen:
        parts[chosen](asked)


def pick(name: str, words: Mapping[str, str], default: str) -> str:
    """One of some names side by side, called by their words; none until the reader chooses, where that is the default."""
    allowed = Choices(lambda: (NOTHING, *words) if default == NOTHING else tuple(words))
    current = str(address.value(name, default, allowed))
    controls.say_refused(name, allowed, fallback=words.get(default, label("interventions.nothing")))
    key = f"{address.page()}-{name}"
    if st.session_state.get(key, NOTHING) != current:
        st.session_state[key] = current or None

    def take() -> None:
        address.change({name: st.session_state[key] or NOTHING})

    st.pills(
        label(f"controls.{name}"),
        list(words),
        format_func=lambda one: words.get(one, one),
        key=key,
        on_change=take,
        required=default != NOTHING,
    )
    return current


def _switch_off(asked: Asked) -> None:
    """What the network loses with a unit held still, by class of the concept, beside units that vary as much."""
    clamp = _clamp(asked)
    with st.spinner(label("interventions.reading")):
        text = live.what_if("interventions.cost:unseen", asked.run)
        found = None if text is None else live.what_if("interventions.cost:cost", asked.run, text, clamp, asked.concept)
    if found is None:
        st.info(label("reading.elsewhere"))
        return
    st.markdown(cost_sentence(found, clamp, asked.concept))
    rows = found.classes.assign(name=[_class_name(one, asked.concept) for one in found.classes.itertuples()])
    words = {one: label(f"interventions.cost_{one}") for one in ("axis", "change", "median", "least", "most")}
    figure.show(
        lambda: charts.costs(rows, signal_colour(clamp.signal), words),
        name="cost",
        decided_by=(asked.run.spec.key, clamp, asked.concept),
        title=label("interventions.cost_title", unit=_unit(clamp), others=len(found.others)),
        caption=lesson("interventions")["cost"],
        alt=cost_sentence(found, clamp, asked.concept),
        table=lambda: _cost_table(rows, words),
    )


def cost_sentence(found: Cost, clamp: Clamp, concept: str) -> str:
    """What the unit costs where the concept is at stake, and what that is beside the others."""
    stake = _at_stake(concept)
    if not found.characters:
        return label("interventions.cost_nowhere", stake=stake)
    return label(
        f"interventions.cost_{found.verdict}",
        unit=_unit(clamp),
        to=value_words(clamp),
        stake=stake,
        characters=found.characters,
        change=found.change,
        median=float(np.median(found.others)),
        least=float(found.others.min()),
        most=float(found.others.max()),
        times=found.times or 0.0,
        others=len(found.others),
        as_much=found.as_much,
    )


def value_words(clamp: Clamp) -> str:
    """What a clamp sets to, as it stands in a sentence."""
    return label("interventions.to_mean") if clamp.value == "mean" else f"{clamp.value:g}"


def _clamp(asked: Asked) -> Clamp:
    """The unit and the value that the reader has chosen; the found unit at 0 until they have."""
    first, second = st.columns(2, gap="medium")
    with first:
        unit = controls.whole("clamp_unit", 0, asked.run.spec.hidden_size - 1, default=asked.unit)
    with second:
        kinds = {one: label(f"interventions.clamp_to_{one}") for one in ("zero", "mean", "value")}
        kind = pick("clamp_to", kinds, "zero")
        value: float | Literal["mean"] = "mean" if kind == "mean" else 0.0
        if kind == "value":
            value = controls.real("clamp_value", -1.0, 1.0, default=0.5, step=0.05)
    return Clamp(asked.state, value, (unit,), asked.layer)


def _unit(clamp: Clamp) -> str:
    assert clamp.units is not None
    return label("timeline.unit_number", unit=clamp.units[0])


def _at_stake(concept: str) -> str:
    key = f"interventions.stake_{concept}"
    return label(key if labelled(key) else "interventions.stake")


def _class_name(row, concept: str) -> str:
    """A class of characters as the chart names it."""
    if np.isnan(row.low):
        return label("interventions.class_rest")
    if row.low != row.high:
        return label("interventions.class_range", low=row.low, high=row.high)
    key = f"interventions.class_{concept}"
    return label(key if labelled(key) else "interventions.class_value", value=row.low)


def _cost_table(rows: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        label("interventions.cost_class"): rows["name"],
        label("interventions.cost_characters"): rows["characters"],
    }
    return rows[[]].assign(
        **columns, **{words[one]: rows[one].round(4) for one in ("change", "median", "least", "most")}
    )
