"""What is said of gates follows from their numbers, and claims nothing where nothing stands out."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.concepts import Kind, labelled
from core.spec.presets import PRESETS
from core.store import places as store
from core.texts import probe
from core.traces.tracing import trace
from core.units.how import Habit, Whereabouts, habits, places
from dashboard.app_pages.hidden_units import gate_habits
from dashboard.shell.words import LANGUAGES, labels

(SPEC,) = PRESETS["hidden_units"]
PLACE = Whereabouts("leading", 88, 0.62, 0.05, 0.31)
HABIT = Habit("input_gate", 0.13, shut=0.85, opened=0.02, others=0.44, place=PLACE)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(st, "session_state", {"language": request.param, "page": "hidden_units"})
    return str(request.param)


def test_a_sentence_has_its_numbers(language: str) -> None:
    said = gate_habits.sentence(HABIT, Kind.COUNT, "depth")
    assert all(number in said for number in ("0.13", "85%", "0.44", "88", "0.62", "0.05", "0.31"))
    assert labels(language)["how.at_leading"] in said
    assert "85%" not in gate_habits.sentence(replace(HABIT, shut=0.5), Kind.COUNT, "depth"), "it stays near no end"
    assert "90%" in gate_habits.sentence(replace(HABIT, shut=0.1, opened=0.9), Kind.COUNT, "depth")


def test_nothing_is_claimed_where_nothing_stands_out(language: str) -> None:
    said = gate_habits.sentence(replace(HABIT, place=None), Kind.COUNT, "depth")
    assert said.endswith(labels(language)["how.nowhere"])
    assert "nan" not in gate_habits.sentence(replace(HABIT, others=float("nan")), Kind.COUNT, "depth")


@pytest.mark.parametrize("kind", Kind)
def test_every_place_has_words(kind: Kind, language: str) -> None:
    for name in places("a b\n" * 3, labelled("inside_comment", "a b\n" * 3), kind):
        said = gate_habits.sentence(replace(HABIT, place=replace(PLACE, name=name)), kind, "depth")
        assert "how." not in said


def test_the_page_says_what_the_gates_of_the_unit_do_that_is_looked_at(open_page: Callable[..., AppTest]) -> None:
    text = probe(SPEC.option("text"))
    read = trace(store.load(SPEC.key), text)
    for unit in (5, 23):
        app = open_page("hidden_units", unit_lstm=str(unit))
        assert not app.exception
        said = " ".join(one.value for one in app.markdown)
        assert labels("en")["how.title"].format(unit=unit) in said
        labels_of = labelled("indentation", text)
        for habit in habits(read, text, labels_of, Kind.COUNT, layer=0, unit=unit):
            assert gate_habits.sentence(habit, Kind.COUNT, "indentation") in said
