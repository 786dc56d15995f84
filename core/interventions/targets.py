"""The characters that cannot be foretold without knowing a concept: where a unit that knows it would be missed."""

from dataclasses import dataclass

import numpy as np

from core.concepts import Kind, Labels, about, labelled
from core.concepts.own import by_pattern


@dataclass(frozen=True)
class Pattern:
    """A concept of the reader's own, as ``core.concepts.own.by_pattern`` takes it; binary."""

    pattern: str


def labels_of(concept: str | Pattern, text: str) -> Labels:
    """A concept by its name, or the reader's own. Raises UnknownName and core.concepts.own.BadConcept."""
    return by_pattern(text, concept.pattern) if isinstance(concept, Pattern) else labelled(concept, text)


def at_stake(concept: str | Pattern, text: str) -> Labels:
    """Where ``concept`` is asked of a network that predicts each character from those before it.

    - indentation: the leading blanks of each line and the first character after them. A blank within them is easy;
      the depth has to be known where they end. The value is the depth of the line
    - any other that is binary or a count: each character where it holds, and the one that ends it, for a closing mark
      is foretold by who knows that something is open. The value is what holds, of the last one what held before it
    - a position: every character

    Returns the concept's value (time,) and, as ``scored``, the characters at stake.

    Raises UnknownName and core.concepts.own.BadConcept.
    """
    labels = labels_of(concept, text)
    if concept == "indentation":
        return Labels(labels.values, _beginnings(text))
    if isinstance(concept, str) and about(concept).kind is Kind.POSITION:
        return Labels(labels.values, np.ones(len(text), dtype=bool), labels.unread)
    before = np.concatenate([[0.0], labels.values])[: len(text)]
    held = np.where(labels.values > 0, labels.values, before)
    return Labels(held, held > 0, labels.unread)


def _beginnings(text: str) -> np.ndarray:
    """Of every line that is not blank, the leading blanks and the first character after them."""
    lines = text.splitlines(keepends=True)
    ends = [len(line) - len(line.lstrip()) if not line.isspace() else -1 for line in lines]
    return np.array([at <= end for line, end in zip(lines, ends, strict=True) for at in range(len(line))], dtype=bool)
