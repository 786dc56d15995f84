"""The characters that cannot be foretold without knowing a concept: where a unit that knows it would be missed."""

from dataclasses import dataclass

import numpy as np

from core.concepts import Kind, Labels, about, labelled, stake
from core.concepts.own import by_pattern


@dataclass(frozen=True)
class OwnPattern:
    """A concept of the reader's own, as ``core.concepts.own.by_pattern`` takes it; binary."""

    pattern: str


def labels_of(concept: str | OwnPattern, text: str) -> Labels:
    """Return the labels of a concept, named or of the reader's own.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be asked about.
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
    """Return where ``concept`` is asked of a network that predicts each character from those before it.

    - A concept whose file has a rule ``at_stake`` is asked where that rule says.
    - Any other concept that is binary or a count is asked at each scored character where it holds, and at the one after
      it: to foretell a closing mark, one has to know that something is open. The value is what holds; at the character
      after, it is what held before.
    - A position is asked at every character.

    Returns
    -------
    Labels
        The concept's value at every character, with the characters at stake as ``scored``.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be asked about.
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
