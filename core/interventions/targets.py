"""The characters that cannot be predicted without knowing a concept: there a unit that knows it would be missed."""

from dataclasses import dataclass

import numpy as np

from core.concepts import Kind, Labels, about, labelled, stake
from core.concepts.own import by_pattern


@dataclass(frozen=True)
class OwnPattern:
    """The reader's own concept, which is binary, as a pattern that ``core.concepts.own.by_pattern`` takes."""

    pattern: str


def labels_of(concept: str | OwnPattern, text: str) -> Labels:
    """Return the labels of a concept, named or of the reader's own.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be read, or matches nothing or everything.
    """
    return by_pattern(text, concept.pattern) if isinstance(concept, OwnPattern) else labelled(concept, text)


def kind_of(concept: str | OwnPattern) -> Kind:
    """Return what the labels of a concept are.

    Raises
    ------
    UnknownName
        If no concept has this name.
    """
    return Kind.BINARY if isinstance(concept, OwnPattern) else about(concept).kind


def at_stake(concept: str | OwnPattern, text: str) -> Labels:
    """Return where ``concept`` is at stake for a network that predicts each character from those before it.

    - A concept whose file has a rule ``at_stake`` is at stake where that rule says.
    - Any other concept that is binary or a count is at stake at each scored character where it holds, and at the one
      after it: to predict a closing mark, one has to know that something is open. The value is that of the concept; at
      the character after, it is the value at the character before it.
    - A position is at stake at every character.

    Returns
    -------
    Labels
        The concept's value at every character, with the characters at stake as ``scored``.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be read, or matches nothing or everything.
    """
    rule = None if isinstance(concept, OwnPattern) else stake(concept)
    if rule:
        return rule(text)
    labels = labels_of(concept, text)
    if kind_of(concept) is Kind.POSITION:
        return Labels(labels.values, np.ones(len(text), dtype=bool), labels.unread)
    holds = np.where(labels.scored, labels.values, 0.0)
    before = np.concatenate([[0.0], holds])[: len(text)]
    held = np.where(holds > 0, holds, before)
    return Labels(held, held > 0, labels.unread)
