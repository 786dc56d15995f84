"""One file, one concept: what is known of every character of a text, and where a unit may be asked about it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from core.choices.registry import Registry
from core.texts import Concepts


class Kind(StrEnum):
    """What the numbers of a concept are: yes or no, how many, or how far along."""

    BINARY = "binary"
    COUNT = "count"
    POSITION = "position"


@dataclass(frozen=True)
class AboutConcept:
    """What a concept says of itself, as ``ABOUT`` in its file.

    Parameters
    ----------
    kind
        What its labels are.
    domain
        The texts in which it makes sense.
    left_out
        The key of the sentence that says which characters are not scored. They would give the answer away.
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
    """Labels of every text, also of one cut out of the middle of another; an empty one has none."""

    __module__: str

    def __call__(self, text: str) -> Labels:
        """Return the label of each character of ``text``, and which characters are scored."""


concepts: Registry[Label] = Registry("concept", __name__, beside=frozenset({"own", "python"}))


def about(name: str) -> AboutConcept:
    """Return what the concept ``name`` says of itself.

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
    """Return the concept's own rule of which characters ask for it.

    The rule is ``at_stake`` in the concept's file. A concept without one gives None.

    Raises
    ------
    UnknownName
        If no file has this name.
    """
    rule: Label | None = getattr(importlib.import_module(concepts[name].__module__), "at_stake", None)
    return rule


def of_domain(domain: Concepts) -> tuple[str, ...]:
    """Names of the concepts that make sense in code, or in prose, in alphabetical order."""
    return tuple(name for name in concepts if about(name).domain == domain)
