"""What is written of passages in which the same units are active."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.spec.presets import PRESETS
from core.texts import probe
from core.units.matching import Matches, Passage
from dashboard.app_pages.hidden_units import similar_passages
from dashboard.shell.words import labels

TEXT = probe(str(PRESETS["hidden_units"][0].option("text")))
LINES = labels("en")


def test_a_passage_stands_in_what_is_around_it() -> None:
    for text, begin, end in (("ab\n  cd = 1\n", 3, 7), ("x" * 100, 50, 52), ("abc", 0, 3)):
        shown, (first, last) = similar_passages.around(text, begin, end)
        assert shown[first:last] == text[begin:end]
        assert shown in text
    assert len(similar_passages.around("x" * 100, 50, 52)[0]) == 24 + 2 + 24


def test_it_is_said_how_many_units_there_are() -> None:
    assert "3 such units" in similar_passages.sentence(Matches((1, 4, 5), "text", (Passage(0, 2, 0.5),)))
    assert "No unit" in similar_passages.sentence(Matches((), "text", ()))


@pytest.mark.parametrize(
    ("query", "first", "length", "refused"),
    [
        ({}, len(TEXT) // 3 + 1, 8, 0),
        ({"match_from": "12", "match_length": "5"}, 12, 5, 0),
        ({"match_from": str(len(TEXT)), "match_length": "1"}, len(TEXT), 1, 0),
        ({"match_from": "9999"}, len(TEXT) // 3 + 1, 8, 1),
        ({"match_from": "0", "match_length": "-4"}, len(TEXT) // 3 + 1, 8, 2),
        ({"match_from": "a", "match_length": "1e9"}, len(TEXT) // 3 + 1, 8, 2),
        ({"match_from": "3", "match_length": "41"}, 3, 8, 1),
    ],
)
def test_a_link_says_which_passage_and_a_wrong_one_is_answered(
    query: dict[str, str], first: int, length: int, refused: int, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("hidden_units", matching="yes", **query)
    assert not app.exception
    said = [one.value for one in app.markdown]
    assert LINES["matching.chosen"].format(first=first, last=first + length - 1) in said
    assert len(app.warning) == (1 if refused else 0)
    for name, value in query.items():
        assert not refused or f"{value}" in app.warning[0].value or name in ("match_from",)
