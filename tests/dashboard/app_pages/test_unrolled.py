"""The page *Unrolled*: what it shows follows from the network, and a link restores every choice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import store as runs
from core.spec.presets import PRESETS
from core.training import Training
from dashboard.app_pages.unrolled.graph_view import opening
from dashboard.app_pages.unrolled.pattern import SHOWN_PATTERNS
from dashboard.shell.words import LANGUAGES, labels

Open = Callable[..., AppTest]

BOTH = {"pattern": "many_to_one", "direction": "both", "hidden_size": "3", "length": "5", "updates": "1"}


@pytest.fixture
def both(home: Path) -> None:
    """A network that reads in both directions, trained with the settings of ``BOTH``."""
    spec = PRESETS["unrolled_adding"][0].replace(direction="both", hidden_size=3, length=5, updates=1)
    training = Training(spec)
    training.advance(1)
    runs.store().put(training.run())


def heading(app: AppTest, language: str = "en") -> list[str]:
    begin = labels(language)["unrolled.equations"].split("{")[0]
    return [one.value for one in app.markdown if one.value.startswith(f"#### {begin}")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pattern", SHOWN_PATTERNS)
def test_every_pattern_opens_with_a_finished_network(pattern: str, language: str, open_page: Open) -> None:
    app = open_page("unrolled", pattern=pattern, lang=language)
    assert not app.exception
    assert not app.info, "a saved run, not a fallback"
    claimed = pattern != "sequence_to_sequence"
    assert bool(heading(app, language)) == claimed, "equations are worked out where the network shows its cells"


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_reads_backward_is_worked_out_too(language: str, open_page: Open) -> None:
    forward, backward = (
        open_page("unrolled", **BOTH, step="3", way=way, lang=language) for way in ("forward", "backward")
    )
    assert not forward.exception
    assert not backward.exception
    assert not [one.value for one in backward.warning], "every choice of the link is heeded"
    assert backward.segmented_control(key="unrolled-way").value == "backward"
    texts = [[one.value for one in app.markdown if "approx" in one.value] for app in (forward, backward)]
    assert texts[0] != texts[1]
    assert len(texts[0]) == len(texts[1])


def test_one_direction_has_no_choice_of_it(open_page: Open) -> None:
    app = open_page("unrolled", pattern="many_to_one")
    assert "unrolled-way" not in {one.key for one in app.segmented_control}
    assert "unrolled-direction" in {one.key for one in app.segmented_control}


WRONG = [
    ("many_to_many", "direction", "both"),
    ("many_to_one", "direction", "sideways"),
    ("sequence_to_sequence", "attention", "sideways"),
    ("sequence_to_sequence", "formats", "french"),
    ("sequence_to_sequence", "read", "mine"),
    ("sequence_to_sequence", "own_sequence", "x" * 25),
]


@pytest.mark.parametrize(("pattern", "name", "value"), WRONG)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_had_is_said(pattern: str, name: str, value: str, language: str, open_page: Open) -> None:
    others = {"read": "own"} if name == "own_sequence" else {}
    app = open_page("unrolled", **{"pattern": pattern, name: value, "more": "yes", "lang": language}, **others)
    assert not app.exception
    assert any(f"`` {value[:40]} ``" in one.value for one in app.warning)


def test_nothing_is_foretold_by_a_network_that_has_read_it(open_page: Open) -> None:
    """There is no choice to make, so none is offered."""
    app = open_page("unrolled", pattern="series", more="yes")
    assert "unrolled-direction" not in {one.key for one in app.segmented_control}


def test_a_date_of_ones_own_stands_in_the_link(open_page: Open) -> None:
    app = open_page("unrolled", pattern="sequence_to_sequence", read="own", own_sequence="3/3/2021")
    assert not app.exception
    assert app.text_input(key="unrolled-own_sequence").value == "3/3/2021"
    assert not app.info
    empty = open_page("unrolled", pattern="sequence_to_sequence", read="own")
    assert [one.value for one in empty.info] == [labels("en")["unrolled.nothing_written"]]


def test_a_reader_first_stands_where_something_is_answered() -> None:
    silent, answered = {}, {"top": []}
    assert opening({"steps": [silent] * 4 + [answered] * 3}) == 6
    assert opening({"steps": [silent] * 9 + [answered] * 11}) == 10
    assert opening({"steps": [silent] * 3 + [{"prediction": 1.0}]}) == 4
