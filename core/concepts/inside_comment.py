"""Whether a character stands inside a comment."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.CODE, left_out="hash")


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 each character after a ``#`` up to the end of the line; the ``#`` itself is not scored."""
    read = program(text)
    inside = (read.part == SyntaxPart.COMMENT).astype(np.float64)
    return Labels(inside, ~np.isin(read.part, (SyntaxPart.HASH, SyntaxPart.UNREAD)), read.unread)
