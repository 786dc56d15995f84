"""A state is set once, at one character: how long the change lives, compared with equal changes in other units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from dashboard.app_pages.hidden_units.interventions.phrases import unit_words, value_words
from dashboard.app_pages.hidden_units.interventions.subject import Subject, reading
from dashboard.app_pages.hidden_units.interventions.unit_choice import one_unit
from dashboard.components.timeline.glyphs import glyph
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.charts import interventions as charts
from dashboard.parts import cursor
from dashboard.shell import address, widgets
from dashboard.shell.theme import signal_colour
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.interventions.outcomes import Edit, Life

FAR = 0.9
"""Size of the value that the state is set to by default. Its sign is opposite to that of the state."""

SHOWN_AROUND_EDIT = 10
"""Characters that are shown before an edit, and after its life has ended."""


def draw(subject: Subject) -> None:
    """Let the reader set up an edit, and draw its effect."""
    text, seen, at = subject.probe, looks.trace(subject.run, subject.probe), subject.looked_at
    first, second = st.columns(2, gap="medium")
    with first:
        unit = one_unit(subject)
    with second:
        place = _place(text)
        was = float(squashed(seen[at.state]).isel(layer=at.layer, direction=0, unit=unit, example=0)[place - 1])
        value = widgets.real("edit_to", -1.0, 1.0, default=-FAR if was > 0 else FAR, step=0.05)
    clamp = Clamp(at.state, value, (unit,), at.layer, place - 1)
    with reading():
        made = looks.edit(subject.run, text, clamp)
    said = edit_sentence(made, clamp, was, text)
    st.markdown(said)
    shown = traced(made, text, place)
    words = {one: label(f"interventions.edit_{one}") for one in ("place", "difference", "back", "character", "others")}
    figure.show(
        lambda: charts.faded(
            shown, place, None if not made.life else place + made.life, signal_colour(at.state), words
        ),
        name="edit",
        decided_by=(subject.run.spec.key, clamp, text),
        title=label("interventions.edit_title", unit=unit_words(clamp.units), character=place),
        caption=lesson("interventions")["edit"],
        alt=said.replace("*", ""),
        table=lambda: _table(shown, words),
    )


def _place(text: str) -> int:
    """Let the reader choose a character, counted from 1. The default is where the cursor is."""
    at_cursor = cursor.place(text)
    place = widgets.whole("edit_at", 1, len(text), default=at_cursor)
    if place != at_cursor:
        words = label("interventions.at_cursor", character=at_cursor)
        st.button(words, key=f"{address.page()}-at-cursor", on_click=address.change, args=({"edit_at": at_cursor},))
    return place


def traced(made: Edit, text: str, place: int) -> pd.DataFrame:
    """Return the part of an edit that is drawn: from a little before it until a little after it has faded.

    By the end, half of the changes in other units have faded too. The columns are place, character and
    difference, and with other units also their median, least and most.
    """
    lives = [made.life, made.median] if made.lives else [made.life]
    ends = [len(text) if one is None else place + one for one in lives]
    table = pd.DataFrame({"place": range(1, len(text) + 1), "character": [glyph(one) for one in text]})
    table["difference"] = made.difference
    if made.lives:
        others = made.differences
        table = table.assign(median=np.median(others, axis=0), least=others.min(axis=0), most=others.max(axis=0))
    return table[max(0, place - 1 - SHOWN_AROUND_EDIT) : max(ends) + SHOWN_AROUND_EDIT]


def edit_sentence(made: Edit, clamp: Clamp, was: float, text: str) -> str:
    """Say how long a change of the state lives, and how long an equally large change lives in other units."""
    assert clamp.time is not None
    facts = {"unit": unit_words(clamp.units), "place": clamp.time + 1, "character": glyph(text[clamp.time])}
    facts |= {"was": was, "to": value_words(clamp)}
    match made.life:
        case 0:
            return label("interventions.edit_none", **facts)
        case None:
            lines = [label("interventions.edit_lives_on", **facts, left=len(text) - clamp.time - 1)]
        case life:
            lines = [label("interventions.edit_lives", **facts, life=life, end=clamp.time + life + 1)]
    lines.append(_control(made))
    return " ".join(lines)


def _control(made: Edit) -> str:
    if not made.lives:
        return label("interventions.edit_alone")
    least, most = made.reach
    return label(
        "interventions.edit_control",
        others=len(made.lives),
        median=_long(made.median),
        least=_long(least),
        most=_long(most),
        longer=made.longer,
    )


def _long(life: Life) -> str:
    return label("interventions.edit_past_end") if life is None else label("interventions.edit_characters", life=life)


def _table(shown: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    columns = {words[one]: shown[one] for one in ("place", "character")}
    columns[words["difference"]] = shown["difference"].round(5)
    if "median" in shown:
        columns |= {label(f"interventions.cost_{one}"): shown[one].round(5) for one in ("median", "least", "most")}
    return pd.DataFrame(columns)
