"""Each file defines one text, which is generated or read from the reader's disk, never downloaded."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.choices.registry import Registry

PROBE_LENGTH = 600
PROBE_SEED = 1


class Read(Protocol):
    """A function that returns a text of ``length`` characters, the same for the same arguments on every machine.

    A text that depends on the machine says so in its ``ABOUT``.

    Raises
    ------
    TextUnavailable
        If the text is not available on this machine.
    """

    __module__: str

    def __call__(self, length: int, seed: int) -> str:
        """Return exactly ``length`` characters, the same for the same ``seed``."""


class Concepts(StrEnum):
    """The concepts that a text has: indentation and brackets in code, sentences and quotation marks in prose."""

    CODE = "code"
    PROSE = "prose"


@dataclass(frozen=True)
class AboutText:
    """The description of a text, given as ``ABOUT`` in its file.

    Parameters
    ----------
    concepts
        Which concepts to look for in it. None if only the reader knows.
    source
        Where it comes from.
    licence
        The terms under which it may be used.
    everywhere
        Whether every machine and Python version reads the same characters.
    """

    concepts: Concepts | None
    source: str
    licence: str
    everywhere: bool = True


class TextUnavailable(RuntimeError):
    """A text is not available on this machine; ``reason`` is one of missing, short, damaged."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason

    def __str__(self) -> str:
        return f"the text {self.name!r} is not to be had on this machine: {self.reason}"


texts: Registry[Read] = Registry("text", __name__, beside=frozenset({"draw", "own"}))


def about(name: str) -> AboutText:
    """Return the description of the text ``name``.

    Raises
    ------
    UnknownName
        If no text has this name.
    """
    from core.texts import own

    if own.is_name(name):
        return own.ABOUT
    described = importlib.import_module(texts[name].__module__).ABOUT
    assert isinstance(described, AboutText)
    return described


def title(name: str) -> str:
    """Return the label key of the text's name, such as ``text_english``; all own texts share ``text_own``."""
    from core.texts import own

    return "text_own" if own.is_name(name) else f"text_{name}"


def probe(name: str) -> str:
    """Return a passage to look at that no training has seen: whole lines or sentences, at most 600 characters.

    A registered text is read with another seed. For source code on disk, that is another stretch of files. For an own
    text, the passage comes from its last tenth, which is always held out. A short text gives a shorter passage.

    Raises
    ------
    TextUnavailable
        If the text is not available on this machine.
    UnknownName
        If no text has this name.
    """
    from core.texts import own

    if own.is_name(name):
        text = own.load(name)
        return passage(text[len(text) - len(text) // 10 :])
    return passage(texts[name](8 * PROBE_LENGTH, PROBE_SEED))


def passage(text: str, length: int = PROBE_LENGTH) -> str:
    """Return up to ``length`` characters, from the first beginning of a line or sentence to the last end of one.

    The preferred beginning is an unindented definition after a blank line.
    """
    for beginning in (_DEFINITION, _LINE, _SENTENCE):
        found = beginning.search(text)
        if found and len(text) - found.end() >= min(length, len(text) // 2):
            text = text[found.end() :]
            break
    if len(text) <= length:
        return text
    ends = [match.end() for match in _ENDING.finditer(text, 0, length)]
    return text[: ends[-1]] if ends and ends[-1] > length // 2 else text[:length]


_DEFINITION = re.compile(r"\n\n+(?=def |class |@)")
_LINE = re.compile(r"\n+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’]?\s|(?<=[。！？])[”’」』]?")
_ENDING = re.compile(r"\n|[.!?][\"”’]?(?=\s)|[。！？][”’」』]?")
