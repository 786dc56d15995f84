"""What every page must be, whoever wrote it and whenever."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shell.navigation import lessons
from dashboard.shell.words import LANGUAGES, labels

Open = Callable[..., AppTest]
ROOT = Path(__file__).parents[3]
PAGES = [page.name for page in lessons()]


def test_every_file_is_a_page_with_a_place_and_an_address_of_its_own() -> None:
    assert len({page.order for page in lessons()}) == len(PAGES)
    assert len({page.address for page in lessons()}) == len(PAGES)
    assert all(page.icon.startswith(":material/") for page in lessons())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_is_drawn(page: str, language: str, open_page: Open) -> None:
    app = open_page(page, lang=language)
    assert not app.exception, [one.value for one in app.exception]
    assert [one.value for one in app.title] == [labels(language)[f"{page}.title"]]


@pytest.mark.parametrize("page", PAGES)
def test_switching_the_language_keeps_everything_else(page: str, open_page: Open) -> None:
    app = open_page(page, lang="en", seed="3")
    before = {one.key: one.value for one in widgets(app)}
    app.segmented_control(key="language").set_value("zh").run()
    assert not app.exception
    assert [one.value for one in app.title] == [labels("zh")[f"{page}.title"]]
    assert {one.key: one.value for one in widgets(app)} == before | {"language": "zh"}
    assert app.query_params["lang"] in ("zh", ["zh"])


OPENED = [
    *((page, {}) for page in PAGES),
    ("gates", {"view": "both", "look_at": "own"}),
    ("unrolled", {"pattern": "many_to_one"}),
    ("unrolled", {"pattern": "one_to_many", "cell": "lstm"}),
    ("unrolled", {"look_at": "own"}),
    ("unrolled", {"pattern": "sequence_to_sequence", "more": "yes"}),
    ("unrolled", {"pattern": "sequence_to_sequence", "read": "own"}),
    ("hidden_units", {"matching": "yes", "clamp": "edit"}),
    ("hidden_units", {"concept": "own"}),
]
"""Pages as they may be opened, so that each of their settings is read in one of these."""


@pytest.mark.parametrize(("page", "query"), OPENED)
def test_whatever_a_link_asks_for_in_vain_is_said(page: str, query: dict[str, str], open_page: Open) -> None:
    """Every setting that the page has read is refused a mad value in words, and so is one that it has not."""
    opened = open_page(page, **query)
    assert [one.value for one in opened.warning if "``" in one.value] == []
    names = {*opened.session_state["defaults"][page], "foo"} - set(query)
    mad = {name: f"mad{number}." + "x" * 5_000 for number, name in enumerate(sorted(names))}
    app = open_page(page, **query, **mad)
    assert not app.exception, [one.value for one in app.exception]
    (said,) = (one.value for one in app.warning if "``" in one.value)
    silent = {name for name, value in mad.items() if value.partition("x")[0] not in said}
    assert silent == {"foo"}
    assert "`` foo ``" in said


def test_every_part_of_a_page_that_is_drawn_alone_takes_the_address_along() -> None:
    """``st.fragment`` itself would leave the browser's address as it was."""
    users = {path.name for path in (ROOT / "dashboard").rglob("*.py") if "st.fragment" in path.read_text("utf-8")}
    assert users == {"address.py"}


@pytest.mark.parametrize("page", PAGES)
def test_page_survives_a_mad_address(page: str, open_page: Open) -> None:
    settings = (
        "cell",
        "task",
        "text",
        "length",
        "hidden_size",
        "layer_count",
        "optimiser",
        "learning_rate",
        "momentum",
        "recurrent_l1",
    )
    settings += ("clip_norm", "truncation_length", "batch_size", "updates", "seed", "unit", "layer", "view", "time")
    for value in ("", "-1e999", "9" * 400, "../<script>alert(1)</script>" * 200):
        app = open_page(page, **dict.fromkeys(settings, value))
        assert not app.exception, (value[:40], [one.value for one in app.exception])


def widgets(app):
    kinds = ("segmented_control", "selectbox", "slider", "select_slider", "number_input", "toggle", "text_area")
    return [one for kind in kinds for one in app.get(kind)]


def test_the_first_page_is_drawn_without_torch() -> None:
    """In a process of its own: another test of this one has long imported it."""
    program = (
        "import sys; from dashboard.experiment import jobs; jobs._warm_up = lambda: None\n"
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('streamlit_app.py', default_timeout=60).run()\n"
        "assert not app.exception, app.exception\n"
        "print(sorted({'torch', 'distributed', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]


def test_entry_is_short() -> None:
    assert len(Path(ROOT / "streamlit_app.py").read_text(encoding="utf-8").splitlines()) < 40


def test_a_page_without_a_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.shell import navigation

    (tmp_path / "lost").mkdir()
    (tmp_path / "lost" / "page.py").write_text("import streamlit as st\n")
    monkeypatch.setattr(navigation, "PAGES", tmp_path)
    navigation.lessons.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"lost/page\.py declares no LESSON"):
            navigation.lessons()
    finally:
        monkeypatch.undo()
        navigation.lessons.cache_clear()
