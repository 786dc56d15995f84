"""Whether a character stands inside a string."""

import numpy as np

from core.concepts import About, Kind, Labels, concepts
from core.concepts.python import Part, program
from core.texts import Concepts

ABOUT = About(Kind.BINARY, Concepts.CODE, left_out="quotes")


@concepts.register
def label(text: str) -> Labels:
    """1 inside; quotation marks and the letters before them, which say so themselves, are not scored."""
    read = program(text)
    inside = (read.part == Part.STRING).astype(np.float64)
    return Labels(inside, ~np.isin(read.part, (Part.QUOTES, Part.UNREAD)), read.unread)
