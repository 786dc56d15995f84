"""What the page says of a search follows from its numbers, in both languages."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
import xarray
from streamlit.testing.v1 import AppTest

from core.concepts import Kind, about, concepts
from core.concepts.own import matched
from core.spec.presets import PRESETS
from core.store import places as store
from core.units.finder import FinderVerdict, Finding, Found, Unit
from core.units.unseen import glance
from dashboard.app_pages.hidden_units import evidence, gate_habits, scatter, score_tables
from dashboard.parts import findings
from dashboard.shell.words import LANGUAGES, labels

Open = Callable[..., AppTest]
(SPEC,) = PRESETS["hidden_units"]

DIMS, STATES = ("state", "layer", "unit"), {"state": ["hidden_state", "cell_state"]}


def each(**numbers: float) -> xarray.Dataset:
    """The same numbers for every unit of two states and layers of 40 units."""
    return xarray.Dataset({name: (DIMS, np.full((2, 2, 40), one)) for name, one in numbers.items()}, STATES)


BESIDE = each(low=0.8, high=0.95, untrained=0.1, shuffled=0.15)
FOUND = Found(
    unit=Unit("cell_state", 1, 7),
    score=-0.9,
    scores=each(pearson=-0.9, spearman=-0.9, mutual_information=0.5),
    beside=BESIDE,
    untrained=0.3,
    shuffled=np.full(100, 0.2),
    random=(0.1, 0.4),
    probe=0.97,
    untrained_probe=0.6,
)
FINDINGS = {
    FinderVerdict.DETECTOR: Finding(Kind.COUNT, FOUND, scored=1_000, unread=0),
    FinderVerdict.CANDIDATE: Finding(Kind.COUNT, FOUND, scored=1_000, unread=0, first_look=True),
    FinderVerdict.NO_BETTER_THAN_UNTRAINED: Finding(Kind.COUNT, replace(FOUND, untrained=0.8), scored=1_000, unread=0),
    FinderVerdict.UNTRAINED_KNOWS: Finding(Kind.COUNT, replace(FOUND, untrained=0.9), scored=1_000, unread=0),
    FinderVerdict.NO_BETTER_THAN_SHUFFLED: Finding(
        Kind.COUNT, replace(FOUND, shuffled=np.ones(100)), scored=9, unread=0
    ),
    FinderVerdict.NOTHING_TO_FIND: Finding(Kind.COUNT, None, scored=12, unread=34),
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(st, "session_state", {"language": request.param, "page": "hidden_units"})
    return str(request.param)


def said(app: AppTest) -> str:
    assert not app.exception, [one.value for one in app.exception]
    return " ".join(one.value for kind in (app.markdown, app.caption, app.info) for one in kind)


@pytest.mark.parametrize("verdict", FinderVerdict)
def test_every_verdict_is_a_sentence_with_its_numbers(verdict: FinderVerdict, language: str) -> None:
    one = FINDINGS[verdict]
    assert one.verdict is verdict
    sentence = findings.sentence(one, "how deep")
    assert "how deep" in sentence
    if one.found is not None:
        numbers = (one.strength, 0.8, 0.95, one.found.untrained, one.chance)
        assert all(f"{number:.2f}" in sentence for number in numbers), "the interval is that of the strength"


def test_a_low_unit_of_a_binary_concept_is_told_as_strong_as_a_high_one(language: str) -> None:
    low = Finding(Kind.BINARY, replace(FOUND, score=0.1), scored=10, unread=0)
    high = Finding(Kind.BINARY, replace(FOUND, score=0.9), scored=10, unread=0)
    assert findings.sentence(low, "a string") == findings.sentence(high, "a string")


def test_every_concept_has_words_and_says_what_was_left_out(language: str) -> None:
    for name in concepts:
        assert f"finder.concept_{name}" in labels(language)
        assert "34" in evidence.grounds(FINDINGS[FinderVerdict.NOTHING_TO_FIND], about(name).left_out)


@pytest.mark.parametrize("words", LANGUAGES)
def test_page_opens_with_what_a_first_look_finds(words: str, open_page: Open) -> None:
    app = open_page("hidden_units", lang=words)
    seen = glance(store.load(SPEC.key), "indentation")
    assert seen.found is not None
    assert labels(words)[f"finder.badge_{seen.verdict}"] in said(app)
    assert labels(words)["finder.first_look"] in said(app)
    assert f"{seen.strength:.2f}" in said(app)
    assert f"{seen.scored:,}" in said(app)
    assert app.selectbox(key="hidden_units-concept").value == "indentation"


def test_nothing_is_searched_before_it_is_asked_for(open_page: Open) -> None:
    app = open_page("hidden_units", concept="inside_string")
    assert not badges(app)
    assert labels("en")["finder.not_searched"] in said(app)
    app.button(key="hidden_units-search").click().run()
    assert badges(app)
    assert labels("en")["finder.not_searched"] not in said(app)
    assert app.query_params["searched"] in ("yes", ["yes"])


def test_another_concept_opens_at_its_own_unit(open_page: Open) -> None:
    app = open_page("hidden_units", searched="yes", unit_lstm="3", signal_lstm="hidden_state")
    app.selectbox(key="hidden_units-concept").set_value("bracket_depth").run()
    assert not app.exception
    assert not {"unit_lstm", "signal_lstm"} & set(app.query_params)
    assert app.query_params["concept"] in ("bracket_depth", ["bracket_depth"])


@pytest.mark.parametrize("concept", ["inside_quotes", "nothing of ours", "../own"])
def test_a_concept_that_is_not_offered_is_refused_in_words(concept: str, open_page: Open) -> None:
    app = open_page("hidden_units", concept=concept)
    assert not app.exception
    assert app.warning, "the address asked in vain"
    assert app.selectbox(key="hidden_units-concept").value == "indentation"


def own(open_page: Open, **query: str) -> AppTest:
    return open_page("hidden_units", searched="yes", concept="own", **query)


def badges(app: AppTest) -> list[str]:
    all_of_them = {labels("en")[f"finder.badge_{verdict}"] for verdict in FinderVerdict}
    return [
        one.value
        for one in app.markdown
        if one.value.startswith(":") and any(badge in one.value for badge in all_of_them)
    ]


def test_a_pattern_is_searched_for(open_page: Open) -> None:
    app = own(open_page, mark="return")
    assert badges(app)
    assert labels("en")["finder.concept_own"] in said(app)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"mark": "(a+)+b"}, "unsupported"),
        ({"mark": "[" * 50}, "unsupported"),
        ({"mark": "x" * 100}, "too_long"),
        ({"mark": "\U0001f40d"}, "matches_nothing"),
        ({"mark": "[^\U0001f40d]"}, "matches_everything"),
        ({"mark_by": "characters"}, "empty"),
        ({"mark_by": "characters", "marks": "3-"}, "unreadable"),
        ({"mark_by": "characters", "marks": "<b>**"}, "unreadable"),
        ({"mark_by": "characters", "marks": "0-4"}, "outside"),
        ({"mark_by": "characters", "marks": "9-4"}, "outside"),
        ({"mark_by": "characters", "marks": "1-999999"}, "outside"),
    ],
)
def test_what_cannot_be_asked_is_said(query: dict[str, str], reason: str, open_page: Open) -> None:
    app = own(open_page, **query)
    assert not app.exception
    assert labels("en")[f"finder.own_{reason}"].format(longest=80) in [one.value for one in app.warning]
    assert not badges(app)


def test_marked_characters_are_searched_in_the_passage_that_is_seen(open_page: Open) -> None:
    app = own(open_page, mark_by="characters", marks=", ".join(f"{at}-{at + 3}" for at in range(1, 590, 10)))
    assert badges(app)
    few = own(open_page, mark_by="characters", marks="3-9，20、31")
    assert labels("en")["finder.nothing_to_find"].format(concept=labels("en")["finder.concept_own"]) in said(few)


def test_units_are_ranked_by_strength_and_the_chosen_row_is_looked_at(language: str) -> None:
    pearson = np.array([[[0.1, -0.9], [np.nan, 0.3]], [[0.5, 0.2], [0.0, -0.4]]])
    scores = xarray.Dataset({"pearson": (DIMS, pearson), "spearman": (DIMS, -pearson)}, STATES)
    found = replace(FOUND, unit=Unit("hidden_state", 0, 1), scores=scores, beside=BESIDE.isel(unit=slice(2)))
    units, table = score_tables.ranked(Finding(Kind.COUNT, found, scored=10, unread=0))
    assert units[:2] == [Unit("hidden_state", 0, 1), Unit("cell_state", 0, 0)]
    assert table.iloc[:, 0].is_unique
    assert table.iloc[:, 1].is_monotonic_decreasing
    assert table.iloc[:, 1].tolist()[:2] == [0.9, 0.5]
    assert table.iloc[0, 2] == "0.80 … 0.95"
    assert table.iloc[:, 3].tolist() == [True, True] + [False] * 6, "0.3 untrained, 0.25 by chance"
    assert table.iloc[0, 4:6].tolist() == [0.1, 0.15], "the controls of that very unit"
    assert table.iloc[:, 6].tolist()[:2] == ["−", "+"]
    assert table.iloc[:, 7].tolist()[:2] == [0.9, -0.5], "Spearman"


def test_what_every_unit_tells_is_in_the_ranking(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = {name: one.copy(deep=True) for name, one in FOUND.scores.items()}
    every["pearson"][0, 0, 7] = 0.95
    every["mutual_information"][:] = np.arange(160).reshape(2, 2, 40) / 100
    whole = Finding(Kind.COUNT, replace(FOUND, scores=xarray.Dataset(every)), scored=10, unread=0)
    named = labels(language)["finder.column_mutual_information"]
    assert score_tables.ranked(whole)[1][named].tolist()[:3] == [0.07, 0, 0.01], "in the order of the other columns"
    assert "1.27" in evidence.grounds(whole, "nothing"), "of the unit that was found"
    assert labels(language)["finder.first_look"] not in evidence.grounds(whole, "nothing")
    first_look = replace(whole, found=replace(FOUND, probe=float("nan")))
    assert labels(language)["finder.first_look"] in evidence.grounds(first_look, "nothing")
    monkeypatch.setenv("UNROLLED_MEMORY", "1000")
    assert labels(language)["finder.small_host"] in evidence.grounds(first_look, "nothing")


def test_one_row_for_each_concept_whatever_came_of_it(language: str) -> None:
    names = ("indentation", "since_punctuation", "column", "bracket_depth", "inside_string")
    table = score_tables.concepts_table(
        dict(zip(names, (one for verdict, one in FINDINGS.items() if verdict != "untrained_knows"), strict=True))
    )
    assert table.shape == (5, 9)
    assert set(table.iloc[4, 2:]) == {score_tables.NO_NUMBER}
    assert table.iloc[0, 2] == "|r| 0.90"


@pytest.mark.parametrize("query", [{}, {"concept": "own", "mark": "return", "searched": "yes"}])
def test_a_page_that_is_drawn_again_computes_nothing_again(
    query: dict[str, str], open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("hidden_units", **query)
    before = said(app)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("computed on every rerun")

    asked = ((gate_habits, "habits"), (scatter, "points"), (score_tables, "ranked"), (score_tables, "concepts_table"))
    for module, name in asked:
        monkeypatch.setattr(module, name, again)
    matched_before = matched.kept.makings
    assert said(app.run()) == before
    assert matched.kept.makings == matched_before


def test_the_guess_is_judged_by_what_is_readable(language: str) -> None:
    every = {"indentation": FINDINGS[FinderVerdict.DETECTOR]}
    right = labels(language)["finder.answer_right"].split("{said}")[1]
    assert right in evidence.judged("many", every, 80)
    assert right in evidence.judged("few", every, 800)
    assert right in evidence.judged("none", {"column": FINDINGS[FinderVerdict.NOTHING_TO_FIND]}, 40)
    assert right not in evidence.judged("none", every, 80)
