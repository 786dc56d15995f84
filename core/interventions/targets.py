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
    """A concept by its name, or the reader's own. Raises UnknownName and core.concepts.own.BadConcept."""
    return by_pattern(text, concept.pattern) if isinstance(concept, OwnPattern) else labelled(concept, text)


def kind_of(concept: str | OwnPattern) -> Kind:
    """What the labels of a concept are. Raises UnknownName."""
    return Kind.BINARY if isinstance(concept, OwnPattern) else about(concept).kind


def at_stake(concept: str | OwnPattern, text: str) -> Labels:
    """Where ``concept`` is asked of a network that predicts each character from those before it.

    - a concept whose file has a rule ``at_stake`` of its own: as that says
    - any other that is binary or a count: each scored character where it holds, and the one after it, for a closing
      mark is foretold by who knows that something is open. The value is what holds, of the last one what held before
    - a position: every character

    Returns the concept's value (time,) and, as ``scored``, the characters at stake.

    Raises UnknownName and core.concepts.own.BadConcept.
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
