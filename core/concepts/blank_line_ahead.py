"""Whether the next line is blank."""

import numpy as np

from core.concepts import About, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = About(Kind.BINARY, Concepts.CODE, left_out="nothing")


@concepts.register
def label(text: str) -> Labels:
    """1 all along a line before one without ink, and along the last: the text ends after it."""
    lines = text.splitlines(keepends=True)
    ahead = [following.isspace() for following in lines[1:]] + [True] * bool(lines)
    values = np.repeat(np.array(ahead, dtype=np.float64), [len(line) for line in lines])
    return Labels(values, np.ones(len(text), dtype=bool))
