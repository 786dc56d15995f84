"""Whether a character stands inside quotation marks."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.PROSE, left_out="quotes")

STRAIGHT = '"'
OPENING, CLOSING = "“「『", "”」』"


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 what stands inside quotation marks.

    The marks themselves are not scored. Single marks do not count, because they are apostrophes too. A quotation that
    is still open at the end of a line is taken to end there.
    """
    depth, straight = 0, False
    values = np.zeros(len(text))
    for at, character in enumerate(text):
        if character == "\n":
            depth, straight = 0, False
        elif character == STRAIGHT:
            straight = not straight
        elif character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth = max(0, depth - 1)
        values[at] = straight or depth > 0
    marks = {STRAIGHT, *OPENING, *CLOSING}
    return Labels(values, np.array([character not in marks for character in text], dtype=bool))
