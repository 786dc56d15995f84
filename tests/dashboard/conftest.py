"""Pages without a browser: Streamlit's own test runner, with no engine behind it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.experiment import jobs
from dashboard.shell import navigation

ROOT = Path(__file__).parents[2]
APP = ROOT / "streamlit_app.py"
LANGUAGES = ("en", "zh")

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page of these tests starts an engine host behind itself."""
    monkeypatch.setattr(jobs, "_warm_up", lambda: None)


@pytest.fixture
def open_page() -> Open:
    """Opens the app at a page: ``open_page("gates", lang="zh", cell="gru")``."""

    def open_page(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        first = navigation.lessons()[0].name
        if page == first:
            app.query_params.update(query)
            return app.run()
        if "lang" in query:  # a page other than the first is reached through it, as in a browser's own history
            app.query_params["lang"] = query["lang"]
        app.run()
        app.query_params.update(query)
        return app.switch_page(str(navigation.PAGES / page / "page.py")).run()

    return open_page


SAMPLE_PAGE = '''
"""A page of the frame's own tests."""

import streamlit as st

from core.spec import RunSpec
from dashboard.experiment import controls, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.shell import widgets

LESSON = {"order": 1, "icon": ":material/science:"}

DEFAULT = RunSpec(hidden_size=8, batch_size=4, truncation_length=8, updates=20, options=(("length", 2000),))
PRESETS = {"small": DEFAULT, "steep": DEFAULT.replace(optimiser="sgd", learning_rate=1.0, clip_norm=None)}

spec = controls.spec_controls(DEFAULT, front=("cell", "text", "hidden_size"), fixed=("task",), presets=PRESETS)
panel.training_panel([spec], "sample")
run = results.finished(spec)
unit = widgets.whole("unit", 0, spec.hidden_size - 1, default=0)
view = widgets.choice("view", ("folded", "unrolled"))
heat = widgets.real("heat", 0.1, 2.0, default=1.0)
bold = widgets.toggle("bold")
words = widgets.wording("words", default="abc", longest=40)
if run:
    draw_provenance(run)
st.text(repr((spec.to_json(), unit, view, heat, bold, words)))
'''

SAMPLE_WORDS = """
nav = "Sample"
title = "Sample {language}"
question = "Which?"
preset_small = "Small {language}"
preset_steep = "Steep {language}"
unit = "Unit"
view = "View"
view_folded = "Folded {language}"
view_unrolled = "Unrolled {language}"
heat = "Heat"
bold = "Bold"
words = "Words"
"""


@pytest.fixture
def sample(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """The app with one page of ours, sample, and beside it a second one; opened with a query."""
    import shutil

    from dashboard.shell import words

    pages, assets = tmp_path / "app_pages", tmp_path / "assets"
    other = SAMPLE_PAGE.replace('"order": 1', '"order": 2').replace('"sample"', '"other"')
    for name, text in (("sample", SAMPLE_PAGE), ("other", other)):
        (pages / name).mkdir(parents=True)
        (pages / name / "page.py").write_text(text)
    shutil.copytree(words.ASSETS, assets, ignore=shutil.ignore_patterns("runs"))
    for language in LANGUAGES:
        for page in ("sample", "other"):
            (assets / "labels" / language / f"{page}.toml").write_text(SAMPLE_WORDS.replace("{language}", language))
    monkeypatch.setattr(navigation, "PAGES", pages)
    monkeypatch.setattr(words, "ASSETS", assets)
    navigation.lessons.cache_clear()

    def open_sample(**query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.query_params.update(query)
        return app.run()

    yield open_sample
    navigation.lessons.cache_clear()
