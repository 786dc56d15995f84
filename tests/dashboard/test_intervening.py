"""The panel that sets something in a network: nothing before the reader asks, then sentences made of numbers."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from core import texts
from core.interventions.clamp import Clamp
from core.interventions.cost import Cost, cost, unseen_for_clamps, weigh
from core.interventions.editing import edit
from core.interventions.effects import Effect
from core.interventions.gating import gated
from core.interventions.targets import Pattern
from core.interventions.writing import Sweep, write
from core.measures.squashed import squashed
from core.run import Run
from core.spec import RunSpec
from core.tracing import trace
from core.training import Training
from dashboard import intervening, live
from dashboard.words import LANGUAGES, label

SPEC = RunSpec(cell="lstm", hidden_size=16, options=(("length", 9000),), updates=20, learning_rate=0.01)
UNIT = 5

PAGE = '''
"""A page with nothing but the panel."""

import sys

import streamlit as st

from dashboard import intervening

LESSON = {"order": 1, "icon": ":material/science:"}

subject = sys.modules["subject_of_the_test"]
intervening.draw(subject.run, subject.probe, layer=0, unit=5, state=subject.state, concept=subject.concept)
'''


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    def trained(cell: str) -> Run:
        training = Training(SPEC.replace(cell=cell))
        training.advance(SPEC.updates)
        return training.run()

    return {cell: trained(cell) for cell in ("elman", "lstm", "gru")}


@pytest.fixture
def panel(tmp_path, home, monkeypatch, runs) -> Iterator[Callable[..., AppTest]]:
    """The app with one page that holds the panel alone: ``panel("lstm", clamp="off")``."""
    import shutil
    import sys
    import types

    from dashboard import lesson, words
    from tests.dashboard.conftest import APP

    pages, assets = tmp_path / "app_pages", tmp_path / "assets"
    pages.mkdir()
    (pages / "sample.py").write_text(PAGE)
    shutil.copytree(words.ASSETS, assets, ignore=shutil.ignore_patterns("runs"))
    for language in LANGUAGES:
        (assets / "labels" / language / "sample.toml").write_text('nav = "S"\ntitle = "S"\nquestion = "?"\n')
    monkeypatch.setattr(lesson, "FOLDER", pages)
    monkeypatch.setattr(words, "ASSETS", assets)
    lesson.lessons.cache_clear()

    def open_panel(cell: str = "lstm", concept="indentation", probe=None, **query: str) -> AppTest:
        state = "cell_state" if cell == "lstm" else "hidden_state"
        subject = types.SimpleNamespace(
            run=runs[cell], probe=probe or texts.probe("tidy_code"), state=state, concept=concept
        )
        monkeypatch.setitem(sys.modules, "subject_of_the_test", subject)
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.query_params.update(query)
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        return app

    yield open_panel
    lesson.lessons.cache_clear()


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in ("markdown", "info", "caption", "warning") for one in app.get(kind))


def charts(app: AppTest) -> list:
    return list(app.get("vega_lite_chart"))


def test_nothing_is_computed_before_the_reader_asks(panel, monkeypatch):
    monkeypatch.setattr(live, "what_if", lambda *_, **__: pytest.fail("computed unasked"))
    app = panel()
    assert label("interventions.title") in said(app)
    assert not charts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_switching_a_unit_off_says_what_it_costs(cell, language, panel, runs):
    app = panel(cell, clamp="off", lang=language)
    clamp = Clamp("cell_state" if cell == "lstm" else "hidden_state", 0.0, (UNIT,))
    found = cost(runs[cell], unseen_for_clamps(runs[cell]), clamp, "indentation")
    assert f"{found.change:+.3f}" in said(app)
    assert len(charts(app)) == 1


def test_the_reader_asks_by_a_press_and_the_address_keeps_it(panel):
    app = panel()
    app.pills(key="sample-clamp").set_value("off").run()
    assert app.query_params["clamp"] in ("off", ["off"])
    app.slider(key="sample-clamp_unit").set_value(3).run()
    app.pills(key="sample-clamp_to").set_value("value").run()
    app.slider(key="sample-clamp_value").set_value(-0.5).run()
    assert not app.exception
    assert label("timeline.unit_number", unit=3) in said(app)
    assert "-0.5" in said(app)
    assert app.query_params["clamp_unit"] in ("3", ["3"])


@pytest.mark.parametrize("value", ["", "nan", "-1e999", "9" * 400, "<b>x</b>"])
def test_a_mad_link_is_answered_in_words(value, panel):
    app = panel(clamp="off", clamp_unit=value, clamp_to="value", clamp_value=value)
    assert app.warning
    assert len(charts(app)) == 1
    assert panel(clamp=value).get("warning") or value == ""


def test_what_is_held_is_a_concept_of_any_kind(panel):
    for concept in ("inside_string", "column", "inside_comment"):
        assert label(f"interventions.stake_{concept}") in said(panel(concept=concept, clamp="off"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", ["elman", "gru"])
def test_what_it_writes_stands_side_by_side(cell, language, panel, runs):
    app = panel(cell, clamp="write", lang=language, clamp_to="value", clamp_value="1", clamp_seed="2")
    clamp = Clamp("hidden_state", 1.0, (UNIT,))
    plain, held = write(runs[cell], unseen_for_clamps(runs[cell]), clamp, seed=2)
    assert [one.value for one in app.code] == [intervening.beside(plain, one) for one in (plain, held)]
    assert len(charts(app)) == 1


def test_lines_that_differ_are_marked():
    assert intervening.beside("a\nb\n", "a\nc\n") == "  a\n≠ c\n  "
    assert intervening.beside("a\nb", "a") == "  a"
    assert intervening.beside("a", "a\nb") == "  a\n≠ b"


@pytest.mark.parametrize(("other", "words"), [("abc", "the same"), ("abd", "character 3")])
def test_where_texts_part_is_said(other, words):
    assert words in intervening.written_sentence("abc", other, CLAMP)


@pytest.mark.parametrize(
    ("levels", "words"),
    [([1, 2, 3.0], "**rises** from 1.0 to 3.0"), ([3, 2, 1.0], "**falls**"), ([1, 1, 1.0], "+0.00")],
)
def test_which_way_it_moves_is_said_and_drawn(levels, words):
    from dashboard.charts.interventions import swept

    unit = pd.DataFrame({"of": "unit", "value": [-1.0, 0.0, 1.0], "seed": 0, "level": levels})
    made = Sweep(pd.concat([unit, unit.assign(of="other", level=2.0)], ignore_index=True))
    assert words in intervening.sweep_sentence(made, CLAMP, "indentation")
    spec = swept(made.samples, "#c2410c", dict.fromkeys(("value", "level", "unit", "other"), "words")).to_dict()
    assert all(layer["encoding"]["x"]["scale"]["domain"] == [-1.05, 1.05] for layer in spec["layer"])
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_an_edit_says_how_long_it_lives(cell, language, panel, runs):
    app = panel(cell, clamp="edit", edit_at="50", edit_to="-0.8", lang=language)
    state = "cell_state" if cell == "lstm" else "hidden_state"
    text = texts.probe("tidy_code")
    clamp = Clamp(state, -0.8, (UNIT,), time=49)
    life = edit(runs[cell], text, clamp).life
    was = float(squashed(trace(runs[cell], text)[state])[0, 0, 49, UNIT])
    assert "-0.8" in said(app)
    assert len(charts(app)) == 1
    if language == "en":
        assert intervening.edit_sentence(life, clamp, was, text) in said(app)


def test_an_edit_begins_at_the_cursor(panel):
    app = panel(clamp="edit", time="99")
    assert app.slider(key="sample-edit_at").value == 100
    app.slider(key="sample-edit_at").set_value(7).run()
    app.button(key="sample-at-cursor").click().run()
    assert app.slider(key="sample-edit_at").value == 100
    assert not [one for one in app.button if one.key == "sample-at-cursor"]


@pytest.mark.parametrize("probe", ["d", "\n", "de", "你好"])
def test_the_shortest_passage_can_be_edited(probe, panel):
    assert len(charts(panel(clamp="edit", probe=probe))) == 1


@pytest.mark.parametrize(("life", "words"), [(3, "3 characters"), (None, "outlives"), (0, "changes nothing")])
def test_a_life_is_said_in_words(life, words):
    assert words in intervening.edit_sentence(life, Clamp("cell_state", 0.5, (1,), time=2), 0.1, "abcdef")


@pytest.mark.parametrize("back", [None, 2, 3])
def test_what_fades_is_drawn_with_its_band(back):
    from dashboard.charts.interventions import faded

    difference = pd.DataFrame({"place": [1, 2, 3], "difference": [0.0, -0.5, 0.01], "character": list("abc")})
    words = dict.fromkeys(("place", "difference", "back", "character"), "words")
    spec = faded(difference, back, "#c2410c", words).to_dict()
    (band,) = (rows for rows in spec["datasets"].values() if "high" in rows[0])
    assert band[0]["high"] == -band[0]["difference"] == pytest.approx(0.05)
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("cell", "gate"), [("lstm", "forget_gate"), ("gru", "update_gate")])
def test_a_gate_is_held_for_one_unit_or_for_all(cell, gate, language, panel, runs):
    state = "cell_state" if cell == "lstm" else "hidden_state"
    text = texts.passage(texts.probe("tidy_code"), 300)
    for of, units in (("one", (UNIT,)), ("all", None)):
        app = panel(cell, clamp="gate", clamp_gate=f"{gate}_0", clamp_of=of, lang=language)
        found = gated(runs[cell], text, Clamp(gate, 0.0, units), state, UNIT)
        assert f"**{found.change:+.3f}**" in said(app)
        assert len(charts(app)) == 1


def test_every_gate_of_a_cell_is_offered_open_and_shut(panel):
    assert len(panel("gru", clamp="gate").pills(key="sample-clamp_gate").options) == 4
    assert len(panel("lstm", clamp="gate").pills(key="sample-clamp_gate").options) == 6


def test_a_cell_without_gates_says_so(panel):
    app = panel("elman", clamp="gate")
    assert label("interventions.no_gates", cell="Elman RNN") in said(app)
    assert not charts(app)


def test_a_passage_of_one_character_has_nothing_to_compare(panel):
    app = panel("lstm", clamp="gate", probe="d")
    assert label("interventions.gate_short") in said(app)


def test_readings_share_one_cursor_and_stay_in_their_lanes():
    from dashboard.charts.interventions import readings

    moments = pd.DataFrame({"time": [0, 1, 2] * 2, "of": ["learned"] * 3 + ["held"] * 3, "character": list("abcabc")})
    moments = moments.assign(state=[-1, 0, 1.0] * 2, probability=[0, 1, np.nan] * 2, loss=[3, 0, np.nan] * 2)
    terms = ("state", "probability", "loss", "learned", "held", "time", "character")
    spec = readings(moments, "#0f766e", dict.fromkeys(terms, "words")).to_dict()
    lanes = pd.DataFrame(next(rows for rows in spec["datasets"].values() if "lane" in rows[0]))
    assert ((lanes["height"] + lanes["lane"] >= 0) & (lanes["height"] + lanes["lane"] < 1)).all()
    assert [one["name"] for one in spec["params"]] == ["cursor"]
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})


def test_what_was_marked_by_hand_is_not_asked_of_other_text(panel):
    for part in ("off", "write"):
        app = panel(concept=None, clamp=part)
        assert label("interventions.marked_by_hand") in said(app)
        assert not charts(app)


def test_a_pattern_is_a_concept_and_a_bad_one_is_answered_in_words(panel):
    assert label("interventions.stake_own") in said(panel(concept=Pattern("[a-z]+"), clamp="off"))
    assert len(charts(panel(concept=Pattern("[a-z]+"), clamp="write"))) == 1
    assert panel(concept=Pattern("(a|b)"), clamp="off").warning


def test_what_the_page_asks_about_is_a_name_a_pattern_or_nothing():
    assert intervening.as_concept("column") == "column"
    assert intervening.as_concept(("pattern", "a+")) == Pattern("a+")
    assert intervening.as_concept(("characters", "1-3", "text")) is None


def made(*changes: float, characters: int = 3) -> Cost:
    values = np.array([[np.nan, 1.0, 1.0], *([np.nan, 1 + change, 1.0] for change in changes)])
    import xarray

    effect = Effect(xarray.DataArray(values, dims=("alternative", "time")), ((1,), (2,)), np.ones((3, 1)))
    return weigh(effect, np.ones(3), np.array([True, characters > 0, False]))


CLAMP = Clamp("cell_state", 0.0, (UNIT,))


@pytest.mark.parametrize(
    ("changes", "characters", "words"),
    [
        ((0.6, 0.1, 0.3), 3, "**3.0 times** the median of 2"),
        ((0.6, -0.3, 0.1), 3, "**no ratio**"),
        ((0.1, 0.1, 0.3), 3, "**other units cost as much**"),
        ((-0.1, 0.1, 0.3), 3, "**loses nothing**"),
        ((0.6, 0.1, 0.3), 0, "nothing to lose"),
    ],
)
def test_the_sentence_is_computed(changes, characters, words):
    assert words in intervening.cost_sentence(made(*changes, characters=characters), CLAMP, "indentation")


def test_the_chart_of_costs_holds_every_class_within_its_axis():
    from dashboard.charts.interventions import costs

    classes = made(0.6, -0.1, 0.3).classes.assign(name=["a", "b"])
    words = dict.fromkeys(("axis", "change", "median", "least", "most"), "words")
    spec = costs(classes, "#c2410c", words).to_dict()
    for layer in spec["layer"]:
        low, high = layer["encoding"]["x"]["scale"]["domain"]
        assert low < -0.1 < 0.6 < high
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})
