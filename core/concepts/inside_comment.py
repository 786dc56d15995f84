"""Whether a character stands inside a comment."""

import numpy as np

from core.concepts import About, Kind, Labels, concepts
from core.concepts.python import Part, program
from core.texts import Concepts

ABOUT = About(Kind.BINARY, Concepts.CODE, left_out="hash")


@concepts.register
def label(text: str) -> Labels:
    """1 from the character after the ``#`` to the end of the line; the ``#`` itself is not scored."""
    read = program(text)
    inside = (read.part == Part.COMMENT).astype(np.float64)
    return Labels(inside, ~np.isin(read.part, (Part.HASH, Part.UNREAD)), read.unread)
