"""The panel that sets something in a network: nothing before the reader asks, then sentences made of numbers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from core import texts
from core.concepts import Kind
from core.interventions.cost import cost, unseen_for_clamps
from core.interventions.editing import edit as edited
from core.interventions.gating import compared, gated
from core.interventions.outcomes import Cost, Edit, Sweep
from core.interventions.stake import Stake
from core.interventions.targets import OwnPattern
from core.interventions.writing import write as written
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks.characters import Characters
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import trace
from core.training import Training
from core.units.finder import Finding, Unit, find
from dashboard.app_pages.hidden_units.interventions import edit, gate, section, units_off, writing
from dashboard.app_pages.hidden_units.interventions.unit_choice import BadUnits, listed
from dashboard.app_pages.hidden_units.unit_in_view import described
from dashboard.experiment import looks, removed_weights
from dashboard.shell.words import LANGUAGES, label

SPEC = RunSpec(cell="lstm", hidden_size=16, options=(("length", 9000),), updates=20, learning_rate=0.01)
UNIT = 5
CLAMP = Clamp("cell_state", 0.0, (UNIT,))

PAGE = '''
"""A page with nothing but the panel."""

import sys

import streamlit as st

from core.units.finder import Unit
from dashboard.app_pages.hidden_units.interventions import section

LESSON = {"order": 1, "icon": ":material/science:"}

subject = sys.modules["subject_of_the_test"]
unit = Unit(subject.state, 0, subject.unit)
section.draw(
    subject.run, subject.probe, unit, finding=subject.finding, concept=subject.concept, title="the concept"
)
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

    from dashboard.shell import navigation, words
    from tests.dashboard.conftest import APP

    pages, assets = tmp_path / "app_pages", tmp_path / "assets"
    (pages / "sample").mkdir(parents=True)
    (pages / "sample" / "page.py").write_text(PAGE)
    shutil.copytree(words.ASSETS, assets, ignore=shutil.ignore_patterns("runs"))
    for language in LANGUAGES:
        (assets / "labels" / language / "sample.toml").write_text('nav = "S"\ntitle = "S"\nquestion = "?"\n')
    monkeypatch.setattr(navigation, "PAGES", pages)
    monkeypatch.setattr(words, "ASSETS", assets)
    navigation.lessons.cache_clear()

    def open_panel(
        cell: str = "lstm", concept="indentation", probe=None, finding=None, unit=UNIT, **query: str
    ) -> AppTest:
        state = "cell_state" if cell == "lstm" else "hidden_state"
        subject = types.SimpleNamespace(
            run=runs[cell],
            probe=probe or texts.probe("tidy_code"),
            state=state,
            unit=unit,
            concept=concept,
            finding=finding,
        )
        monkeypatch.setitem(sys.modules, "subject_of_the_test", subject)
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.query_params.update(query)
        app.run()
        assert not app.exception, [one.value for one in app.exception]
        return app

    yield open_panel
    navigation.lessons.cache_clear()


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in ("markdown", "info", "caption", "warning") for one in app.get(kind))


def charts(app: AppTest) -> list:
    return list(app.get("vega_lite_chart"))


def test_nothing_is_computed_before_the_reader_asks(panel, monkeypatch):
    monkeypatch.setattr(looks, "_answer", lambda *_, **__: pytest.fail("computed unasked"))
    app = panel()
    assert label("interventions.title") in said(app)
    assert not charts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
def test_switching_a_unit_off_says_what_it_costs(cell, language, panel, runs):
    app = panel(cell, clamp="off", lang=language)
    clamp = Clamp("cell_state" if cell == "lstm" else "hidden_state", 0.0, (UNIT,))
    found = cost(runs[cell], unseen_for_clamps(runs[cell]), clamp, "indentation")
    assert f"{found.stake.change:+.3f}" in said(app)
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
    plain, held = written(runs[cell], unseen_for_clamps(runs[cell]), clamp, seed=2)
    assert [one.value for one in app.code] == [writing.beside(plain, one) for one in (plain, held)]
    assert len(charts(app)) == 1


def test_lines_that_differ_are_marked():
    assert writing.beside("a\nb\n", "a\nc\n") == "  a\n≠ c\n  "
    assert writing.beside("a\nb", "a") == "  a"
    assert writing.beside("a", "a\nb") == "  a\n≠ b"


@pytest.mark.parametrize(("other", "words"), [("abc", "the same"), ("abd", "character 3**")])
def test_where_texts_part_is_said(other, words):
    assert words in writing.written_sentence("abc", other, CLAMP)


@pytest.mark.parametrize(
    ("levels", "words"),
    [([1, 2, 3.0], "**rises** from 1.0 to 3.0"), ([3, 2, 1.0], "**falls**"), ([1, 1, 1.0], "+0.00")],
)
def test_which_way_it_moves_is_said_and_drawn(levels, words):
    from dashboard.figures.charts.interventions import swept

    unit = pd.DataFrame({"of": "unit", "value": [-1.0, 0.0, 1.0], "seed": 0, "level": levels})
    made = Sweep(pd.concat([unit, unit.assign(of="other", level=2.0)], ignore_index=True), 5)
    assert words in writing.sweep_sentence(made, CLAMP, "indentation")
    assert "5 other units drawn from those nearest" in writing.sweep_sentence(made, CLAMP, "indentation")
    assert "one draw of 2 other" in writing.sweep_sentence(
        replace(made, draws=1), replace(CLAMP, units=(1, 2)), "column"
    )
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
    found = edited(runs[cell], text, clamp)
    was = float(squashed(trace(runs[cell], text)[state])[0, 0, 0, 49, UNIT])
    assert "-0.8" in said(app)
    assert len(charts(app)) == 1
    if language == "en":
        assert edit.edit_sentence(found, clamp, was, text) in said(app)


def test_an_edit_begins_at_the_cursor(panel):
    app = panel(clamp="edit", time="100")
    assert app.slider(key="sample-edit_at").value == 100
    app.slider(key="sample-edit_at").set_value(7).run()
    app.button(key="sample-at-cursor").click().run()
    assert app.slider(key="sample-edit_at").value == 100
    assert not [one for one in app.button if one.key == "sample-at-cursor"]


@pytest.mark.parametrize("probe", ["d", "\n", "de", "你好"])
def test_the_shortest_passage_can_be_edited(probe, panel):
    assert len(charts(panel(clamp="edit", probe=probe))) == 1


@pytest.mark.parametrize(
    ("life", "others", "words"),
    [
        (3, (1, 2, 4), ("**lives for 3 characters**", "Of 3 other", "median is 2 characters", "1 of them live longer")),
        (None, (1, None), ("outlives", "longest beyond the end of the text", "0 of them")),
        (0, (0,), ("changes nothing",)),
        (1, (), ("No other unit has room",)),
    ],
)
def test_a_life_is_said_beside_those_of_others(life, others, words):
    made = Edit(np.zeros(6), life, tuple(range(len(others))), np.zeros((len(others), 6)), others)
    said = edit.edit_sentence(made, Clamp("cell_state", 0.5, (1,), time=2), 0.1, "abcdef")
    assert all(one in said for one in words)
    assert len(edit.traced(made, "abcdef", 3)) == 6


@pytest.mark.parametrize("back", [None, 2, 3])
@pytest.mark.parametrize("others", [True, False])
def test_what_fades_is_drawn_with_its_band_and_its_control(back, others):
    from dashboard.figures.charts.interventions import faded

    difference = pd.DataFrame({"place": [1, 2, 3], "difference": [0.0, -0.5, 0.01], "character": list("abc")})
    if others:
        difference = difference.assign(least=[0, -0.6, -0.7], median=[0, -0.5, 0.0], most=[0, -0.4, 0.2])
    words = dict.fromkeys(("place", "difference", "back", "character", "others"), "words")
    spec = faded(difference, 2, back, "#c2410c", words).to_dict()
    (band,) = (rows for rows in spec["datasets"].values() if "high" in rows[0])
    assert band[0]["high"] == -band[0]["difference"] == pytest.approx(0.05)
    (edge,) = {tuple(layer["encoding"].get("y", {}).get("scale", {}).get("domain", ())) for layer in spec["layer"]} - {
        ()
    }
    assert edge[1] == -edge[0] == pytest.approx(1.1 * (0.7 if others else 0.5))
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("cell", "gate"), [("lstm", "forget_gate"), ("gru", "update_gate")])
def test_a_gate_is_held_for_one_unit_for_several_or_for_all(cell, gate, language, panel, runs):
    state = "cell_state" if cell == "lstm" else "hidden_state"
    text = texts.passage(texts.probe("tidy_code"), 300)
    for of, units in (("one", (UNIT,)), ("several", (3, 9)), ("all", None)):
        app = panel(cell, clamp="gate", clamp_gate=f"{gate}_0", clamp_of=of, clamp_units="3 9", lang=language)
        found = gated(runs[cell], text, Clamp(gate, 0.0, units), state, UNIT)
        assert f"**{found.change:+.3f}**" in said(app)
        assert len(charts(app)) == 2


@pytest.mark.parametrize(("cell", "count"), [("lstm", 6), ("gru", 4)])
def test_all_gates_are_compared_and_the_held_one_has_its_place(cell, count, panel, runs):
    text = texts.passage(texts.probe("tidy_code"), 300)
    app = panel(cell, clamp="gate", clamp_of="all")
    table = compared(runs[cell], text, None, 0)
    assert f"Of {count} ways" in said(app)
    assert f"{table['change'].max():+.3f}" in said(app)
    assert f"{table['change'].min():+.3f}" in said(app)


def test_all_gates_are_compared_once_whichever_is_held(panel, monkeypatch):
    asked = []
    follow = looks._followed
    monkeypatch.setattr(looks, "_followed", lambda *asking: (asked.append(repr(asking[2:])), follow(*asking))[1])
    asking = []
    for gate_held in ("forget_gate_0", "forget_gate_1", "output_gate_0"):
        asked.clear()
        panel("lstm", clamp="gate", clamp_gate=gate_held)
        asking.append(asked[-1])
    assert len(set(asking)) == 1


def test_where_a_gate_stands_is_counted_and_drawn():
    from dashboard.figures.charts.interventions import gates

    rows = pd.DataFrame({"name": ["f = 0", "f = 1", "i = 0"], "change": [0.5, -0.1, 0.2], "held": [False, False, True]})
    assert "number 2" in gate.compared_sentence(rows, CLAMP)
    assert "**f = 0** (+0.500" in gate.compared_sentence(rows, CLAMP)
    spec = gates(rows.assign(colour="#0f766e"), {"axis": "words"}).to_dict()
    (drawn,) = (rows for rows in spec["datasets"].values() if "name" in rows[0])
    assert [row["name"][0] == "▸" for row in drawn] == [False, False, True]
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})


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
    from dashboard.figures.charts.interventions import readings

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
    assert label("interventions.stake_own") in said(panel(concept=OwnPattern("[a-z]+"), clamp="off"))
    assert len(charts(panel(concept=OwnPattern("[a-z]+"), clamp="write"))) == 1
    assert panel(concept=OwnPattern("(a|b)"), clamp="off").warning


def test_what_the_page_asks_about_is_a_name_a_pattern_or_nothing():
    assert section.as_concept("column") == "column"
    assert section.as_concept(("pattern", "a+")) == OwnPattern("a+")
    assert section.as_concept(("characters", "1-3", "text")) is None


MANY = np.linspace(0.01, 0.2, 20)


@pytest.mark.parametrize(
    ("change", "others", "words"),
    [
        (
            0.6,
            MANY,
            "(3 characters) changes by +0.600 nats per character. The same with 20 other units drawn from",
        ),
        (
            0.6,
            MANY,
            "median +0.105, range +0.010 to +0.200. **None of them costs as much**: that is **3.0 times** the d",
        ),
        (0.201, MANY, "**None of them costs as much.**"),
        (0.6, MANY - 0.2, "**None of them costs as much.**"),
        (0.12, MANY, "**9 of 20 cost as much.**"),
        (0.001, MANY, "**All of them cost as much**"),
        (0.6, MANY[:9], "but they are few: by chance alone, that happens in 1 of 10 cases"),
        (0.6, MANY[:1], "nats per character. Too few others to compare with, only 1: +0.010."),
        (-0.1, MANY[:1], "only 1: +0.010. The network **loses nothing** there."),
        (-0.1, MANY, "**loses nothing**"),
    ],
)
def test_the_sentence_is_computed(change, others, words):
    found = Cost(pd.DataFrame(), Stake(3, change, others))
    assert words in units_off.cost_sentence(found, CLAMP, "indentation")


@pytest.mark.parametrize("change", [0.2001, 0.205, 0.2099, 0.211])
def test_nothing_is_said_to_be_one_time_as_dear(change):
    assert "1.0 times" not in units_off.cost_sentence(
        Cost(pd.DataFrame(), Stake(3, change, MANY)), CLAMP, "indentation"
    )


@pytest.mark.parametrize("part", ["off", "write"])
def test_the_only_unit_of_a_layer_has_nothing_to_be_compared_with(part, panel, runs):
    training = Training(SPEC.replace(hidden_size=1, updates=1))
    training.advance(1)
    runs["alone"] = training.run()
    app = panel("alone", unit=0, clamp=part)
    assert label("interventions.units_alone") in said(app)
    assert not charts(app)


def test_where_nothing_is_at_stake_nothing_is_claimed():
    said = units_off.cost_sentence(Cost(pd.DataFrame(), None), CLAMP, "indentation")
    assert "nothing to lose" in said
    assert "nats" not in said


def test_several_units_are_held_together_beside_as_many_others(panel, runs):
    app = panel(clamp="off", clamp_of="several", clamp_units="3, 7,9")
    clamp = Clamp("cell_state", 0.0, (3, 7, 9))
    found = cost(runs["lstm"], unseen_for_clamps(runs["lstm"]), clamp, "indentation")
    assert f"{found.stake.change:+.3f}" in said(app)
    assert "3 units (3, 7, 9)" in said(app)
    assert f"only {len(found.stake.others)}: {', '.join(f'{one:+.3f}' for one in found.stake.others)}." in said(app)
    assert len(found.stake.others) == 13 // 3


def test_the_best_of_the_ranking_are_held(panel, runs):
    finding = find(runs["lstm"], Characters(length=9000).held_out_text * 3, "indentation")
    app = panel(finding=finding, clamp="off", clamp_of="best", clamp_best="3")
    scores = abs(finding.found.scores["pearson"]).sel(state="cell_state").isel(layer=0).to_numpy()
    best = tuple(np.argsort(-scores)[:3].tolist())
    assert f"{', '.join(map(str, best))}." in said(app)
    found = cost(runs["lstm"], unseen_for_clamps(runs["lstm"]), Clamp("cell_state", 0.0, best), "indentation")
    assert f"{found.stake.change:+.3f}" in said(app)


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ("", "unreadable"),
        ("9-3", "unreadable"),
        ("3, 9-8", "unreadable"),
        ("3, 16", "outside"),
        ("0 1 2 3 4 5 6 7 8", "too_many"),
        ("3 " * 100, "too_long"),
    ],
)
def test_a_list_that_names_no_units_is_answered_in_words(units, reason, panel):
    with pytest.raises(BadUnits) as refused:
        listed(units, 16)
    assert refused.value.reason == reason
    if units:
        app = panel(clamp="off", clamp_of="several", clamp_units=units)
        assert label(f"interventions.units_{reason}", **refused.value.values) in said(app)
        assert not charts(app)


def test_a_list_takes_any_separator_and_no_unit_twice():
    assert listed("3, 17；40、3\n2", 100) == (3, 17, 40, 2)
    assert listed("3-5, 4–6", 100) == (3, 4, 5, 6)


def test_it_is_said_which_unit_is_set(panel):
    assert "unit 5 of layer 1, tanh c, the one that you look at above" in said(panel(clamp="off"))
    app = panel(clamp="off", clamp_unit="7")
    assert "unit 7 of layer 1, tanh c, chosen here" in said(app)
    app.button(key="sample-follow").click().run()
    assert app.slider(key="sample-clamp_unit").value == UNIT
    assert not [one for one in app.button if one.key == "sample-follow"]


@pytest.mark.parametrize(
    ("unit", "found", "words"),
    [
        (1, 1, "found for “depth”."),
        (1, 2, "look at above. For “depth” unit 2"),
        (3, 1, "chosen here"),
        (1, None, "no unit has been found"),
    ],
)
def test_what_a_unit_is_to_the_reader_is_said(unit, found, words):
    one = Unit("cell_state", 0, 1)
    other = None if found is None else SimpleNamespace(unit=one._replace(number=found))
    assert words in described(one._replace(number=unit), one, Finding(Kind.COUNT, other, 9, 0), "depth")
    assert "has not been searched for yet" in described(one._replace(number=unit), one, None, "depth")


def test_a_prompt_is_shown_as_given_and_told_from_what_is_written(panel, runs):
    prompt = "def 你(x):\n    "
    app = panel("elman", clamp="write", clamp_prompt=prompt)
    clamp = Clamp("hidden_state", 0.0, (UNIT,))
    plain, held = written(runs["elman"], unseen_for_clamps(runs["elman"]), clamp, prompt=prompt)
    assert [one.value for one in app.code] == [prompt, *(writing.beside(plain, one) for one in (plain, held))]
    assert label("interventions.given") in said(app)
    assert "你" in "\n".join(one.value for one in app.text), "what the network has not met is named"


def test_what_a_penalty_has_removed_is_said(runs):
    for cell, words in (("elman", "no memory of its own"), ("lstm", "its own gates")):
        run = runs[cell]
        bare = {**run.weights, "weight_hh_l0": np.zeros_like(run.weights["weight_hh_l0"])}
        assert removed_weights.nothing_left(replace(run, weights=bare)) is None, "without a penalty"
        penalised = run.spec.replace(recurrent_l1=0.1)
        assert words in removed_weights.nothing_left(replace(run, spec=penalised, weights=bare))
        assert removed_weights.nothing_left(replace(run, spec=penalised)) is None
