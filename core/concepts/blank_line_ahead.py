"""Whether the next line is blank."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.CODE, left_out="nothing")


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 each character of a line that a blank line follows.

    The last line is not scored: what comes after it is not known.
    """
    lines = text.splitlines(keepends=True)
    ahead = [following.isspace() for following in lines[1:]] + [False] * bool(lines)
    values = np.repeat(np.array(ahead, dtype=np.float64), [len(line) for line in lines])
    return Labels(values, np.arange(len(text)) < len(text) - sum(map(len, lines[-1:])))
