"""Every visible word, from files: labels in TOML, lessons in Markdown, one folder for each language.

``assets/labels/<language>/<file>.toml``     ``label("race.title")`` is the key ``title`` of ``race.toml``; tables nest.
``assets/lessons/<language>/<lesson>.md``    ``lesson("race")["why"]`` is what stands under the line ``## why``.

A label is a format string: ``label("train.seconds_left", seconds=3.4)`` fills ``{seconds:.0f}``. A page brings its own
two files, named like the page. tests/dashboard/shell/test_words.py fails on a key, a section or a placeholder that one
language has and another lacks, and on a key that the code asks for and no file has.
"""

import time
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.once import once

LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
"""The name of each language, written in that language."""

TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans"}
"""The tag of each language. The browser needs it for hyphenation, fonts and the voice of a screen reader."""

ASSETS = Path(__file__).parents[2] / "assets"


def language() -> str:
    """Return the reader's language: the one they chose, else the one that their browser asks for."""
    chosen = str(st.session_state.get("language"))
    return chosen if chosen in LANGUAGES else preferred()


def preferred() -> str:
    """Return the language that the reader's browser asks for, or English."""
    asked = str(st.context.locale or "")[:2].lower()
    return asked if asked in LANGUAGES else "en"


def label(key: str, **values: Any) -> str:
    """Return the words of one label in the reader's language, with its placeholders filled.

    Raises
    ------
    KeyError
        If no file has the key, or a placeholder was not given.
    """
    return labels(language())[key].format(**values) if values else labels(language())[key]


def has_label(key: str) -> bool:
    """Say whether a label of that key exists. A plug-in may bring words of its own, but need not."""
    return key in labels(language())


def labels(language: str) -> Mapping[str, str]:
    """Return every label of a language by its dotted key."""
    return _this_second(str(ASSETS), language, int(time.monotonic()))


def labels_of(part: str) -> dict[str, str]:
    """Return every label of one file in the reader's language, by its key within that file."""
    start = f"{part}."
    return {key.removeprefix(start): words for key, words in labels(language()).items() if key.startswith(start)}


def lesson(name: str) -> Mapping[str, str]:
    """Return the sections of a lesson in the reader's language, as Markdown, by section id."""
    return _sections_now(str(ASSETS / "lessons" / language() / f"{name}.md"), int(time.monotonic()))


def sections(path: Path) -> Mapping[str, str]:
    """Return what stands under each line ``## section_id`` of a Markdown file."""
    return _sections(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _this_second(assets: str, language: str, second: int) -> Mapping[str, str]:
    """Return the labels as the files have them now.

    The files are checked only once a second, because a page asks for hundreds of labels.
    """
    folder = Path(assets) / "labels" / language
    return _labels(tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.toml"))))


@lru_cache(maxsize=64)
def _sections_now(path: str, second: int) -> Mapping[str, str]:
    """Return the sections as the file has them now. Like the labels, the file is checked only once a second."""
    return sections(Path(path))


@once(megabytes=4)
def _labels(files: tuple[tuple[Path, int], ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for path, _ in files:
        _flatten(path.stem, tomllib.loads(path.read_text(encoding="utf-8")), found)
    return found


def _flatten(prefix: str, table: Mapping[str, Any], found: dict[str, str]) -> None:
    for name, value in table.items():
        if isinstance(value, Mapping):
            _flatten(f"{prefix}.{name}", value, found)
        else:
            found[f"{prefix}.{name}"] = value.strip("\n")


@once(megabytes=4)
def _sections(path: Path, changed: int) -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            current = found.setdefault(line.removeprefix("## ").strip(), [])
        else:
            current.append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}
