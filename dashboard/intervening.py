"""What does the network need? A unit, a gate or one moment set from outside, and what follows beside what was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from core.allowed import Choices
from core.concepts import about
from core.interventions.clamp import Clamp
from dashboard import address, controls, figure, live
from dashboard.charts import interventions as charts
from dashboard.theme import signal_colour
from dashboard.words import label, labelled, lesson

if TYPE_CHECKING:
    import pandas as pd

    from core.interventions.cost import Cost
    from core.interventions.writing import Sweep
    from core.run import Run

NOTHING = ""
MARK = "≠"


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
    parts = {"off": _switch_off, "write": _write}
    chosen = pick("clamp", {one: label(f"interventions.clamp_{one}") for one in parts}, NOTHING)
    if chosen:
        parts[chosen](asked)


def pick(name: str, words: Mapping[str, str], default: str) -> str:
    """One of some names side by side, called by their words; none until the reader chooses if that is the default."""
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


def _write(asked: Asked) -> None:
    """What the network writes with the unit held, beside what it writes as learned; and with it held at nine values."""
    clamp = _clamp(asked)
    seed = controls.whole("clamp_seed", 0, 99, default=0)
    with st.spinner(label("interventions.writing")):
        text = live.what_if("interventions.cost:unseen", asked.run)
        if text is None:
            st.info(label("reading.elsewhere"))
            return
        plain, clamped = live.what_if("interventions.writing:write", asked.run, text, clamp, seed)
        moving = replace(clamp, value=0.0)
        swept = live.what_if("interventions.writing:sweep", asked.run, text, moving, asked.concept)
    st.markdown(written_sentence(plain, clamped, clamp))
    left, right = st.columns(2, gap="medium")
    left.markdown(f"**{label('interventions.as_learned')}**")
    left.code(plain, language=None)
    right.markdown(f"**{label('interventions.held', unit=_unit(clamp), to=value_words(clamp))}**")
    right.code(beside(plain, clamped), language=None)
    st.caption(lesson("interventions")["written"])
    words = {
        "value": label("interventions.sweep_value", unit=_unit(clamp)),
        "level": _level(asked.concept),
        "unit": _unit(clamp),
        "other": label("interventions.sweep_other"),
    }
    said = sweep_sentence(swept, clamp, asked.concept)
    st.markdown(said)
    figure.show(
        lambda: charts.swept(swept.samples, signal_colour(clamp.signal), words),
        name="sweep",
        decided_by=(asked.run.spec.key, moving, asked.concept),
        title=label("interventions.sweep_title", unit=_unit(clamp)),
        caption=lesson("interventions")["sweep"],
        alt=said,
        table=lambda: _sweep_table(swept, words),
    )


def beside(plain: str, other: str) -> str:
    """``other`` with a mark before each line that is not the same line of ``plain``."""
    pairs = zip_longest(other.split("\n"), plain.split("\n"))
    return "\n".join(f"{' ' if one == was else MARK} {one}" for one, was in pairs if one is not None)


def written_sentence(plain: str, other: str, clamp: Clamp) -> str:
    """Where two texts that met the same chance part."""
    if plain == other:
        return label("interventions.written_same", unit=_unit(clamp), to=value_words(clamp), characters=len(plain))
    parted = next(at for at, (one, was) in enumerate(zip(other, plain, strict=True)) if one != was)
    return label("interventions.written_parted", unit=_unit(clamp), to=value_words(clamp), character=parted + 1)


def sweep_sentence(swept: Sweep, clamp: Clamp, concept: str) -> str:
    """Which way what is written moves with the value, and what other units do."""
    low, high = swept.ends("unit")
    return label(
        f"interventions.sweep_{swept.verdict}",
        unit=_unit(clamp),
        level=_level(concept),
        low=low,
        high=high,
        rank=swept.rank("unit"),
        others=swept.rank("other"),
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


def _level(concept: str) -> str:
    """What is measured of a text that was written."""
    key = f"interventions.level_{concept}"
    return label(key if labelled(key) else f"interventions.level_{about(concept).kind}")


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


def _sweep_table(swept: Sweep, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        label("interventions.sweep_of"): swept.samples["of"].map({one: words[one] for one in ("unit", "other")}),
        words["value"]: swept.samples["value"],
        label("interventions.sweep_sample"): swept.samples["seed"] + 1,
        words["level"]: swept.samples["level"].round(3),
    }
    return swept.samples[[]].assign(**columns)
