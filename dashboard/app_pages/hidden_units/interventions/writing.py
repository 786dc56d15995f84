"""What the network writes with units held, compared with what it writes as learned; and a sweep over nine values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.interventions.targets import OwnPattern, kind_of
from core.traces.clamp import Clamp
from dashboard.app_pages.hidden_units.interventions.phrases import other_words, unit_words, value_words
from dashboard.app_pages.hidden_units.interventions.subject import Subject, reading, unseen
from dashboard.app_pages.hidden_units.interventions.unit_choice import clamp_of_units
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.charts import interventions as charts
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import widgets
from dashboard.shell.theme import signal_colour
from dashboard.shell.words import has_label, label, lesson

if TYPE_CHECKING:
    from core.interventions.outcomes import Sweep

MARK = "≠"
LONGEST_PROMPT = 200
"""The maximum number of characters that the reader may give the network to begin with."""


def draw(subject: Subject) -> None:
    """Draw what the network writes with units held.

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
    first, second = st.columns(2, gap="medium")
    with first:
        prompt = widgets.wording("clamp_prompt", default="", longest=LONGEST_PROMPT, lines=2)
        say_unknown(prompt, subject.run.symbols)
    with second:
        seed = widgets.whole("clamp_seed", 0, 99, default=0)
    with reading():
        plain, clamped = looks.written(subject.run, text, clamp, seed, prompt)
    st.markdown(written_sentence(plain, clamped, clamp))
    if prompt:
        st.markdown(f"**{label('interventions.given')}**")
        st.code(prompt, language=None, wrap_lines=True)
    left, right = st.columns(2, gap="medium")
    left.markdown(f"**{label('interventions.as_learned')}**")
    left.code(beside(plain, plain), language=None, wrap_lines=True)
    right.markdown(f"**{label('interventions.held', unit=unit_words(clamp.units), to=value_words(clamp))}**")
    right.code(beside(plain, clamped), language=None, wrap_lines=True)
    st.caption(lesson("interventions")["written"])
    _draw_sweep(subject, subject.concept, text, replace(clamp, value=0.0), prompt)


def _draw_sweep(subject: Subject, concept: str | OwnPattern, text: str, clamp: Clamp, prompt: str) -> None:
    with reading():
        swept = looks.swept(subject.run, text, clamp, concept, prompt)
    unit = unit_words(clamp.units)
    words = {
        "value": label("interventions.sweep_value", unit=unit),
        "level": _level(concept),
        "unit": unit,
        "other": label("interventions.sweep_other"),
    }
    said = sweep_sentence(swept, clamp, concept)
    st.markdown(said)
    figure.show(
        lambda: charts.swept(swept.samples, signal_colour(clamp.signal), words),
        name="sweep",
        decided_by=(subject.run.spec.key, clamp, concept, prompt),
        title=label("interventions.sweep_title", unit=unit),
        caption=lesson("interventions")["sweep"],
        alt=said.replace("*", ""),
        table=lambda: _table(swept, words),
    )


def beside(plain: str, other: str) -> str:
    """Return ``other`` with a mark before each line that differs from the same line of ``plain``."""
    pairs = zip_longest(other.split("\n"), plain.split("\n"))
    return "\n".join(f"{' ' if one == was else MARK} {one}" for one, was in pairs if one is not None)


def written_sentence(plain: str, other: str, clamp: Clamp) -> str:
    """Say at which character two texts that were drawn with the same random numbers begin to differ."""
    facts = {"unit": unit_words(clamp.units), "to": value_words(clamp)}
    if plain == other:
        return label("interventions.written_same", **facts, characters=len(plain))
    parted = next(at for at, (one, was) in enumerate(zip(other, plain, strict=True)) if one != was)
    return label("interventions.written_parted", **facts, character=parted + 1)


def sweep_sentence(swept: Sweep, clamp: Clamp, concept: str | OwnPattern) -> str:
    """Say whether the level of the concept rises or falls with the held value, and what it does for other units."""
    low, high = swept.ends("unit")
    return label(
        f"interventions.sweep_{swept.verdict}",
        unit=unit_words(clamp.units),
        level=_level(concept),
        low=low,
        high=high,
        rank=swept.rank("unit"),
        control=other_words(swept.draws, len(clamp.units or ())),
        others=swept.rank("other"),
    )


def _level(concept: str | OwnPattern) -> str:
    """Name the quantity that is measured in a written text."""
    key = f"interventions.level_{concept}"
    return label(key if has_label(key) else f"interventions.level_{kind_of(concept)}")


def _table(swept: Sweep, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        words["value"]: swept.samples["value"],
        words["level"]: swept.samples["level"].round(3),
        label("interventions.sweep_of"): swept.samples["of"].map({one: words[one] for one in ("unit", "other")}),
        label("interventions.sweep_sample"): swept.samples["seed"] + 1,
    }
    return pd.DataFrame(columns)
