"""Whether a character stands inside a string."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.CODE, left_out="quotes")


@concepts.register
def label(text: str) -> Labels:
    """1 inside; quotation marks and the letters before them, which say so themselves, are not scored."""
    read = program(text)
    inside = (read.part == SyntaxPart.STRING).astype(np.float64)
    return Labels(inside, ~np.isin(read.part, (SyntaxPart.QUOTES, SyntaxPart.UNREAD)), read.unread)
