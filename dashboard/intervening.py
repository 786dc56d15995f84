"""What does the network need? A unit, a gate or one moment set from outside, and what follows beside what was."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import streamlit as st

from core import texts
from core.allowed import Choices, Range
from core.concepts import about
from core.concepts.own import LONGEST, BadConcept
from core.interventions.clamp import Clamp
from core.interventions.targets import Pattern
from core.measures.squashed import squashed
from dashboard import address, controls, figure, live, reading
from dashboard.charts import interventions as charts
from dashboard.components.timeline.glyphs import glyph
from dashboard.theme import signal_colour
from dashboard.words import label, labelled, lesson

if TYPE_CHECKING:
    from core.interventions.cost import Cost
    from core.interventions.gating import Gated
    from core.interventions.writing import Sweep
    from core.run import Run

NOTHING = ""
MARK = "≠"
PASSAGE = 300
"""Characters read with a gate held."""

FAR = 0.9
"""What the state is first set to, on the other side of 0."""

AROUND = 10
"""Characters that are shown before an edit, and after its life."""


@dataclass(frozen=True)
class Asked:
    """What the page has found and looks at.

    probe : the passage under the cursor
    layer, unit, state : the unit, and the name of its signal
    concept : what it goes with; None if that is known of ``probe`` alone
    """

    run: Run
    probe: str
    layer: int
    unit: int
    state: str
    concept: str | Pattern | None


@st.fragment
def draw(run: Run, probe: str, *, layer: int, unit: int, state: str, concept: str | Pattern | None) -> None:
    """The section of a page that intervenes; nothing is computed before the reader asks for one of its four parts.

    concept : None for one that is known of ``probe`` alone: what needs other text is then not offered
    """
    asked = Asked(run, probe, layer, unit, state, concept)
    st.markdown(f"#### {label('interventions.title')}")
    st.markdown(lesson("interventions")["intro"])
    parts = {"off": _switch_off, "write": _write, "gate": _hold_gate, "edit": _edit}
    chosen = pick("clamp", {one: label(f"interventions.clamp_{one}") for one in parts}, NOTHING)
    if chosen:
        try:
            parts[chosen](asked)
        except BadConcept as error:
            st.warning(label(f"finder.own_{error.reason}", longest=LONGEST))


def as_concept(key: Hashable) -> str | Pattern | None:
    """What the reader asks about, as ``draw`` takes it: a concept's name, or ("pattern", the reader's own)."""
    match key:
        case str() as name:
            return name
        case ("pattern", str(pattern)):
            return Pattern(pattern)
    return None


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


def _elsewhere(asked: Asked) -> str | None:
    """Text that no training has seen; None, and why, where there is none or the concept means nothing in it."""
    if asked.concept is None:
        st.info(label("interventions.marked_by_hand"))
        return None
    text = live.what_if("interventions.cost:unseen_for_clamps", asked.run)
    if text is None:
        st.info(label("interventions.no_text"))
    return text


def _switch_off(asked: Asked) -> None:
    """What the network loses with a unit held still, by class of the concept, beside units that vary as much."""
    text = _elsewhere(asked)
    if text is None:
        return
    clamp = _clamp(asked)
    with st.spinner(label("interventions.reading")):
        found = live.what_if("interventions.cost:cost", asked.run, text, clamp, asked.concept)
    said = cost_sentence(found, clamp, asked.concept)
    st.markdown(said)
    rows = found.classes.assign(name=[_class_name(one, asked.concept) for one in found.classes.itertuples()])
    words = {one: label(f"interventions.cost_{one}") for one in ("axis", "change", "median", "least", "most")}
    figure.show(
        lambda: charts.costs(rows, signal_colour(clamp.signal), words),
        name="cost",
        decided_by=(asked.run.spec.key, clamp, asked.concept),
        title=label("interventions.cost_title", unit=_unit(clamp), others=len(found.others)),
        caption=lesson("interventions")["cost"],
        alt=said.replace("*", ""),
        table=lambda: _cost_table(rows, words),
    )


def cost_sentence(found: Cost, clamp: Clamp, concept: str | Pattern) -> str:
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
    text = _elsewhere(asked)
    if text is None:
        return
    clamp = _clamp(asked)
    seed = controls.whole("clamp_seed", 0, 99, default=0)
    with st.spinner(label("interventions.writing")):
        plain, clamped = live.what_if("interventions.writing:write", asked.run, text, clamp, seed)
        moving = replace(clamp, value=0.0)
        swept = live.what_if("interventions.writing:sweep", asked.run, text, moving, asked.concept)
    st.markdown(written_sentence(plain, clamped, clamp))
    left, right = st.columns(2, gap="medium")
    left.markdown(f"**{label('interventions.as_learned')}**")
    left.code(beside(plain, plain), language=None, wrap_lines=True)
    right.markdown(f"**{label('interventions.held', unit=_unit(clamp), to=value_words(clamp))}**")
    right.code(beside(plain, clamped), language=None, wrap_lines=True)
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
        alt=said.replace("*", ""),
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


def sweep_sentence(swept: Sweep, clamp: Clamp, concept: str | Pattern) -> str:
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


def _hold_gate(asked: Asked) -> None:
    """What a gate is for: the passage read with it open or shut, of one unit or of all."""
    gates = reading.gates(live.trace(asked.run, asked.probe))
    if not gates:
        st.info(label("interventions.no_gates", cell=controls.option("cell", asked.run.spec.cell)))
        return
    words = {f"{gate}_{value}": f"{reading.signal_title(gate)} = {value}" for gate in gates for value in (1, 0)}
    held = pick("clamp_gate", words, next(iter(words)))
    gate, _, value = held.rpartition("_")
    first, second = st.columns(2, gap="medium")
    with first:
        unit = controls.whole("clamp_unit", 0, asked.run.spec.hidden_size - 1, default=asked.unit)
    with second:
        whose = pick("clamp_of", {one: label(f"interventions.clamp_of_{one}") for one in ("one", "all")}, "one")
    clamp = Clamp(gate, float(value), (unit,) if whose == "one" else None, asked.layer)
    text = texts.passage(asked.probe, PASSAGE)
    with st.spinner(label("interventions.reading")):
        found = live.what_if("interventions.gating:gated", asked.run, text, clamp, asked.state, unit)
    said = gate_sentence(found, words[held], unit, whose == "all")
    st.markdown(said)
    moments = found.moments.assign(character=[glyph(text[time]) for time in found.moments["time"]])
    terms = {one: label(f"interventions.gate_{one}") for one in ("probability", "loss", "learned", "time", "character")}
    terms |= {"state": label("interventions.gate_state", unit=unit), "held": words[held]}
    figure.show(
        lambda: charts.readings(moments, signal_colour(gate), terms),
        name="gate",
        decided_by=(asked.run.spec.key, clamp, unit, asked.state, text),
        title=label("interventions.gate_title", gate=words[held], whose=_whose(unit, whose == "all")),
        caption=lesson("interventions")["gate"],
        alt=said.replace("*", ""),
        table=lambda: _moments_table(moments, terms),
    )


def gate_sentence(found: Gated, gate: str, unit: int, every: bool) -> str:
    """What holding a gate does to the mean loss and to the state, and what it does in other units."""
    if np.isnan(found.change):
        return label("interventions.gate_short")
    lines = [
        label(
            "interventions.gate_said",
            gate=gate,
            whose=_whose(unit, every),
            unit=unit,
            before=found.mean("learned", "loss"),
            after=found.mean("held", "loss"),
            change=found.change,
            was=found.mean("learned", "state"),
            became=found.mean("held", "state"),
        )
    ]
    if len(found.others):
        least, median, most = (float(one(found.others)) for one in (np.min, np.median, np.max))
        lines.append(
            label("interventions.gate_others", others=len(found.others), median=median, least=least, most=most)
        )
    return " ".join(lines)


def _edit(asked: Asked) -> None:
    """The state set once, at one character, and how long the change lives."""
    text, seen = asked.probe, live.trace(asked.run, asked.probe)
    cursor = int(address.value("time", len(text) // 3, Range(0, len(text) - 1))) + 1
    first, second = st.columns(2, gap="medium")
    with first:
        unit = controls.whole("clamp_unit", 0, asked.run.spec.hidden_size - 1, default=asked.unit)
        place = controls.whole("edit_at", 1, len(text), default=cursor)
        if place != cursor:
            words = label("interventions.at_cursor", character=cursor)
            st.button(words, key=f"{address.page()}-at-cursor", on_click=address.change, args=({"edit_at": cursor},))
    learned = squashed(seen[asked.state]).isel(layer=asked.layer, unit=unit, example=0)
    was = float(learned[place - 1])
    with second:
        value = controls.real("edit_to", -1.0, 1.0, default=-FAR if was > 0 else FAR, step=0.05)
    clamp = Clamp(asked.state, value, (unit,), asked.layer, place - 1)
    with st.spinner(label("interventions.reading")):
        made = live.what_if("interventions.editing:edit", asked.run, text, clamp)
    said = edit_sentence(made.life, clamp, was, text)
    st.markdown(said)
    lasts = len(text) - place if made.life is None else made.life
    shown = slice(max(0, place - 1 - AROUND), place + lasts + AROUND)
    difference = pd.DataFrame({"difference": made.difference.to_numpy(), "character": [glyph(one) for one in text]})
    difference["place"] = difference.index + 1
    words = {one: label(f"interventions.edit_{one}") for one in ("place", "difference", "back", "character")}
    figure.show(
        lambda: charts.faded(
            difference[shown], None if not made.life else place + made.life, signal_colour(asked.state), words
        ),
        name="edit",
        decided_by=(asked.run.spec.key, clamp, text),
        title=label("interventions.edit_title", unit=_unit(clamp), character=place),
        caption=lesson("interventions")["edit"],
        alt=said.replace("*", ""),
        table=lambda: _difference_table(difference[shown], words),
    )


def edit_sentence(life: int | None, clamp: Clamp, was: float, text: str) -> str:
    """How long a change of the state lives."""
    assert clamp.time is not None
    facts = {"unit": _unit(clamp), "place": clamp.time + 1, "character": glyph(text[clamp.time])}
    facts |= {"was": was, "to": value_words(clamp)}
    if life is None:
        return label("interventions.edit_lives_on", **facts, left=len(text) - clamp.time - 1)
    if life == 0:
        return label("interventions.edit_none", **facts)
    return label("interventions.edit_lives", **facts, life=life, end=clamp.time + life + 1)


def _whose(unit: int, every: bool) -> str:
    return label("interventions.every_unit") if every else label("timeline.unit_number", unit=unit)


def value_words(clamp: Clamp) -> str:
    """What a clamp sets to, as it stands in a sentence."""
    return (
        label("interventions.to_mean") if clamp.value == "mean" else label("interventions.to_value", value=clamp.value)
    )


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


def _at_stake(concept: str | Pattern) -> str:
    if isinstance(concept, Pattern):
        return label("interventions.stake_own")
    key = f"interventions.stake_{concept}"
    return label(key if labelled(key) else "interventions.stake")


def _level(concept: str | Pattern) -> str:
    """What is measured of a text that was written."""
    if isinstance(concept, Pattern):
        return label("interventions.level_binary")
    key = f"interventions.level_{concept}"
    return label(key if labelled(key) else f"interventions.level_{about(concept).kind}")


def _class_name(row, concept: str | Pattern) -> str:
    """A class of characters as the chart names it."""
    if np.isnan(row.low):
        return label("interventions.class_rest")
    if row.low != row.high:
        return label("interventions.class_range", low=row.low, high=row.high)
    key = f"interventions.class_{'own' if isinstance(concept, Pattern) else concept}"
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


def _moments_table(moments: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {words["time"]: moments["time"] + 1, words["character"]: moments["character"]}
    columns[label("interventions.gate_of")] = moments["of"].map({one: words[one] for one in ("learned", "held")})
    columns |= {words[one]: moments[one].round(4) for one in ("state", "probability", "loss")}
    return moments[[]].assign(**columns)


def _difference_table(difference: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {words[one]: difference[one] for one in ("place", "character")}
    return difference[[]].assign(**columns, **{words["difference"]: difference["difference"].round(5)})
