"""Every word in every language: no key, placeholder or section that one has and another lacks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dashboard.shell import navigation
from dashboard.shell.words import ASSETS, LANGUAGES, labels, sections

DASHBOARD = Path(navigation.__file__).parents[1]
SOURCES = sorted(path for path in DASHBOARD.rglob("*.py"))
CONTROLS = {"choice", "whole", "real", "toggle", "wording", "setting"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    """Calls of functions of these names in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield node


def pattern(node: ast.expr) -> re.Pattern[str] | None:
    """What keys an expression can give: a constant, or an f-string with anything in its gaps."""
    match node:
        case ast.Constant(value=str(key)):
            return re.compile(re.escape(key))
        case ast.JoinedStr(values=parts):
            return re.compile("".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts))
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_keys_and_placeholders(language: str) -> None:
    english, other = labels("en"), labels(language)
    assert english.keys() == other.keys()
    assert {key: placeholders(text) for key, text in other.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty(language: str) -> None:
    assert [key for key, text in labels(language).items() if not text.strip()] == []


def test_chinese_is_chinese() -> None:
    """A label that is the same in both is a name, a number or a formula, not a sentence left untranslated."""
    same = [key for key, text in labels("zh").items() if labels("en")[key] == text and len(text.split()) > 3]
    assert same == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_code_asks_only_for_keys_that_exist(path: Path) -> None:
    for language in LANGUAGES:
        known = labels(language)
        for call in calls(path, "label"):
            wanted = pattern(call.args[0]) if call.args else None
            if wanted is None:
                continue
            found = [key for key in known if wanted.fullmatch(key)]
            assert found, f"line {call.lineno}: no label {wanted.pattern} in {language}"
            given = {keyword.arg for keyword in call.keywords}
            if None not in given and isinstance(call.args[0], ast.Constant):
                needed = placeholders(known[call.args[0].value])
                assert needed <= given, f"line {call.lineno}: {wanted.pattern} needs {needed}, is given {given}"


@pytest.mark.parametrize("page", navigation.lessons(), ids=lambda page: page.name)
def test_every_setting_of_a_page_has_words(page: navigation.Lesson) -> None:
    known = labels("en")
    assert {f"{page.name}.nav", f"{page.name}.title", f"{page.name}.question"} <= known.keys()
    written = [call for path in page.path.parent.rglob("*.py") for call in calls(path, *CONTROLS)]
    for call in written:
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.func, ast.Attribute):
            name = call.args[0].value
            assert {f"{page.name}.{name}", f"controls.{name}"} & known.keys(), f"{name} has no words"


def test_lessons_have_the_same_sections() -> None:
    folders = {language: ASSETS / "lessons" / language for language in LANGUAGES}
    found = {
        language: {path.stem: set(sections(path)) for path in folder.glob("*.md")}
        for language, folder in folders.items()
    }
    assert all(one == found["en"] for one in found.values())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_code_asks_only_for_sections_that_exist(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call)):
            continue
        call = node.value
        if getattr(call.func, "id", getattr(call.func, "attr", "")) != "lesson" or not call.args:
            continue
        argument = call.args[0]
        name = constants.get(argument.id) if isinstance(argument, ast.Name) else getattr(argument, "value", None)
        wanted = pattern(node.slice)
        if name and wanted:
            for language in LANGUAGES:
                known = sections(ASSETS / "lessons" / language / f"{name}.md")
                assert any(wanted.fullmatch(section) for section in known), f"{name}.md ({language}): {wanted.pattern}"


def test_a_missing_label_is_an_error() -> None:
    with pytest.raises(KeyError):
        labels("en")["frame.no_such_label"]
