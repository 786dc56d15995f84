"""The reader's own concept before any search: what is wrong with it is said, and what it marks is counted."""

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.concepts.own import by_pattern
from core.spec.presets import PRESETS
from core.store import places as store
from core.texts import probe
from core.traces.unseen import unseen
from dashboard.components import marker
from dashboard.shell.words import labels

Open = Callable[..., AppTest]
(SPEC,) = PRESETS["hidden_units"]
TEXT = probe(str(SPEC.option("text")))
LINES = labels("en")


def own(open_page: Open, **query: str) -> AppTest:
    app = open_page("hidden_units", concept="own", **query)
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.markdown, app.caption, app.info, app.warning) for one in kind)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"mark": "(a+)+b"}, "unsupported"),
        ({"mark": "x" * 100}, "too_long"),
        ({"mark": ""}, "empty"),
        ({"mark": "\U0001f40d"}, "matches_nothing"),
        ({"mark": "[^\U0001f40d]"}, "matches_everything"),
        ({"mark_by": "characters", "marks": "0-0"}, "outside"),
        ({"mark_by": "characters", "marks": "9999999-1"}, "outside"),
        ({"mark_by": "characters", "marks": "a-b"}, "unreadable"),
        ({"mark_by": "characters", "marks": f"1-{len(TEXT)}"}, "matches_everything"),
    ],
)
def test_what_cannot_be_asked_is_said_before_a_search(query: dict[str, str], reason: str, open_page: Open) -> None:
    app = own(open_page, **query)
    assert [one.value for one in app.warning] == [LINES[f"finder.own_{reason}"].format(longest=80)]
    assert LINES["finder.not_searched"] in said(app), "no search was asked for"


@pytest.mark.parametrize(("pattern", "enough"), [("return", True), ("zzz", False), (".", True), ("def sort\\(", False)])
def test_what_a_pattern_marks_is_counted_before_a_search(pattern: str, enough: bool, open_page: Open) -> None:
    app = own(open_page, mark=pattern)
    text = unseen(store.load(SPEC.key), 20_000)
    marked = 0 if pattern == "zzz" else int(by_pattern(text, pattern).values.sum())
    assert f"{len(text):,}" in said(app)
    assert f"marks {marked:,}." in said(app)
    assert (LINES["marking.enough"].format(needed=10) in said(app)) == enough
    assert (LINES["marking.too_few"].format(needed=10) in said(app)) != enough


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_concept_that_never_changes_in_the_text_is_said_to_be_absent(lang: str, open_page: Open) -> None:
    words = labels(lang)
    absent = words["marking.absent"].format(concept=words["finder.concept_inside_comment"])
    query = {"lang": lang, "concept": "inside_comment", "look_at": "own"}
    app = open_page("hidden_units", own="他说：今天下雨。", **query)
    assert absent in said(app)
    assert not [one for one in app.markdown if words["finder.concept_inside_comment"] in one.value], "and is not drawn"
    assert absent not in said(open_page("hidden_units", own="a = 1  # one\n", **query))


def test_a_text_of_which_nothing_can_be_asked_is_told_why(open_page: Open) -> None:
    app = open_page("hidden_units", concept="inside_comment", look_at="own", own="#")
    assert LINES["finder.left_out_hash"] in said(app)


@pytest.mark.parametrize(
    ("marks", "ranges"),
    [
        ({"turn": 3, "ranges": [[0, 2], [4, 5]]}, [(0, 2), (4, 5)]),
        ({"turn": 3, "ranges": [[-1, 2], [4, 99], [3, 3], [1, 2]]}, [(1, 2)]),
        ({"turn": "x", "ranges": [[0, 2]]}, []),
        ({"turn": 1, "ranges": [[0, 2, 4]]}, []),
        ({"turn": 1, "ranges": 7}, []),
        (None, []),
        ("<b>", []),
    ],
)
def test_only_marks_that_make_sense_are_heard(
    marks: Any, ranges: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {"key": {"marks": marks}})
    assert marker.told("key", "abcdef") == ranges
