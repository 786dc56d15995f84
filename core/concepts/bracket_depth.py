"""How many brackets are open."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.COUNT, Concepts.CODE, left_out="brackets")


@concepts.register
def label(text: str) -> Labels:
    """Round, square and curly ones alike, 0 and up; the brackets themselves are not scored."""
    read = program(text)
    return Labels(
        read.depth.astype(np.float64), ~np.isin(read.part, (SyntaxPart.BRACKET, SyntaxPart.UNREAD)), read.unread
    )


def at_stake(text: str) -> Labels:
    """Return what stands inside brackets, and what closes them: a closing bracket counts among what it closes."""
    labels = label(text)
    return Labels(labels.values, labels.values > 0, labels.unread)
