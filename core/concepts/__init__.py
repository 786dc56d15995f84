"""Each file defines one concept: a number for every character of a text, and the characters at which it is scored."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from core.choices.registry import Registry
from core.texts import Concepts


class Kind(StrEnum):
    """What the numbers of a concept mean: yes or no, how many, or how far along."""

    BINARY = "binary"
    COUNT = "count"
    POSITION = "position"


@dataclass(frozen=True)
class AboutConcept:
    """The description of a concept, given as ``ABOUT`` in its file.

    Parameters
    ----------
    kind
        What its labels mean.
    domain
        The texts in which it makes sense.
    left_out
        The key of the sentence that says which characters are not scored, because they would give the answer away.
    """

    kind: Kind
    domain: Concepts
    left_out: str


@dataclass(frozen=True)
class Labels:
    """A concept's number at every character.

    Parameters
    ----------
    values
        0 or 1 for a binary concept, 0 and up for any other. Shape: (time,), float64.
    scored
        Where a unit may be scored. Shape: (time,), bool.
    unread
        How many characters could not be labelled, for example in a program that Python's tokenizer refuses. None of
        them is scored.
    """

    values: np.ndarray
    scored: np.ndarray
    unread: int = 0


class Label(Protocol):
    """A function that labels any text, even one cut out of the middle of another; an empty text has no labels."""

    __module__: str

    def __call__(self, text: str) -> Labels:
        """Return the label of each character of ``text``, and which characters are scored."""


concepts: Registry[Label] = Registry("concept", __name__, beside=frozenset({"own", "python"}))


def about(name: str) -> AboutConcept:
    """Return the description of the concept ``name``.

    Raises
    ------
    UnknownName
        If no file has this name.
    """
    described = importlib.import_module(concepts[name].__module__).ABOUT
    assert isinstance(described, AboutConcept)
    return described


def labelled(name: str, text: str) -> Labels:
    """Return the labels of the concept ``name`` for every character of ``text``.

    Raises
    ------
    UnknownName
        If no file has this name.
    """
    return concepts[name](text)


def stake(name: str) -> Label | None:
    """Return the concept's own rule for which characters can only be predicted by knowing it.

    The rule is ``at_stake`` in the concept's file. The result is None for a concept without such a rule.

    Raises
    ------
    UnknownName
        If no file has this name.
    """
    rule: Label | None = getattr(importlib.import_module(concepts[name].__module__), "at_stake", None)
    return rule


def of_domain(domain: Concepts) -> tuple[str, ...]:
    """Return the names of the concepts that make sense in code, or in prose, in alphabetical order."""
    return tuple(name for name in concepts if about(name).domain == domain)
