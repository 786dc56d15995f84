"""How many brackets are open."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.COUNT, Concepts.CODE, left_out="brackets")


@concepts.register
def label(text: str) -> Labels:
    """Label each character with how many round, square and curly brackets are open, 0 and up.

    The brackets themselves are not scored.
    """
    read = program(text)
    return Labels(
        read.depth.astype(np.float64), ~np.isin(read.part, (SyntaxPart.BRACKET, SyntaxPart.UNREAD)), read.unread
    )


def at_stake(text: str) -> Labels:
    """Return the characters inside brackets and the closing brackets: a closing bracket counts as inside."""
    labels = label(text)
    return Labels(labels.values, labels.values > 0, labels.unread)
