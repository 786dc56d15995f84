"""Whether a character belongs to a keyword of Python."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.CODE, left_out="nothing")


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 each character of a reserved word; ``match`` and other soft keywords do not count."""
    read = program(text)
    return Labels((read.part == SyntaxPart.KEYWORD).astype(np.float64), read.part != SyntaxPart.UNREAD, read.unread)
