"""Every line of .streamlit/config.toml: known to the installed Streamlit, and acting."""

import gc
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import streamlit
from streamlit import config
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from dashboard.shell import theme

ROOT = Path(__file__).parents[3]
SHIPPED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from flat(value, f"{key}.")
        else:
            yield key, value


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streamlit's configuration as it is in the project's folder."""
    monkeypatch.chdir(ROOT)
    config.get_config_options(force_reparse=True)
    yield
    config.get_config_options(force_reparse=True)


@pytest.mark.parametrize(("key", "value"), list(flat(SHIPPED)), ids=lambda one: str(one)[:40])
def test_streamlit_knows_the_setting(key: str, value: object, loaded: None) -> None:
    assert key in config._config_options_template, "this Streamlit has no such setting"
    assert config.get_option(key) == value
    assert str(ROOT / ".streamlit") in config.get_where_defined(key)


@pytest.mark.parametrize("key", ["runner.fastReruns", "client.toolbarMode", "client.showErrorDetails"])
def test_streamlit_still_asks_for_it(key: str) -> None:
    """What only a browser or a flood of clicks would show: the installed source reads the setting somewhere."""
    package = Path(streamlit.__file__).parent
    assert any(f'"{key}"' in path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "config.py")


def test_no_collection_follows_a_run(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The costliest of them: what Streamlit does when a script has ended, not what its source says."""
    collections: list[object] = []
    monkeypatch.setattr(gc, "collect", lambda *generation: collections.append(generation) or 0)

    def end_a_run() -> None:
        ScriptRunner._on_script_finished(
            MagicMock(), MagicMock(has_script_started=False), MagicMock(), True, MagicMock()
        )

    end_a_run()
    assert collections == []
    config.set_option("runner.postScriptGC", True)
    end_a_run()
    assert len(collections) == 1


def test_magic_is_off(loaded: None) -> None:
    assert len(AppTest.from_string("1 + 1").run().markdown) == 0


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_palettes_are_those_of_the_theme_module(mode: str) -> None:
    palette = SHIPPED["theme"][mode]
    assert set(palette["chartCategoricalColors"]) == set(theme.ROLE_COLOURS.values())
    low, _, high = theme.DIVERGING
    assert (palette["chartDivergingColors"][0], palette["chartDivergingColors"][-1]) == (low, high)
    assert len(palette["chartDivergingColors"]) == len(palette["chartSequentialColors"]) == 10


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_stand_out_and_words_can_be_read(mode: str) -> None:
    palette = SHIPPED["theme"][mode]
    background = palette["backgroundColor"]
    for colour in {*theme.ROLE_COLOURS.values(), *theme.CELL_COLOURS.values()}:
        assert contrast(colour, background) >= 3, f"{colour} on {background}"
    assert contrast(palette["textColor"], background) >= 7
    assert contrast(palette["linkColor"], background) >= 4.5


def test_cell_types_differ_in_more_than_hue() -> None:
    assert len(set(theme.CELL_DASHES.values())) == len(theme.CELL_DASHES) == len(theme.CELL_COLOURS)
