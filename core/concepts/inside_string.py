"""Whether a character stands inside a string."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.CODE, left_out="quotes")


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 what stands inside a string.

    The quotation marks and the letters before them are not scored: they give the answer away.
    """
    read = program(text)
    inside = (read.part == SyntaxPart.STRING).astype(np.float64)
    return Labels(inside, ~np.isin(read.part, (SyntaxPart.QUOTES, SyntaxPart.UNREAD)), read.unread)
