"""How many characters the sentence has had so far."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.POSITION, Concepts.PROSE, left_out="nothing")

ENDS, ENDS_AT_ONCE = ".!?", "。！？"
CLOSING = "\"'”’」』）)"


@concepts.register
def label(text: str) -> Labels:
    """Count the characters since a sentence began: its first one is 0.

    The space between two sentences belongs to the first of them. A sentence ends at the end of a line, after 。！？, or
    after . ! ? before white space. Closing quotation marks still belong to it.
    """
    values, since, mark, over = np.zeros(len(text)), 0, "", False
    for at, character in enumerate(text):
        if mark and character not in CLOSING:
            over = over or mark == "at once" or character.isspace()
            mark = ""
        if over and not character.isspace():
            since, over = 0, False
        values[at] = since
        since += 1
        if character in ENDS_AT_ONCE:
            mark = "at once"
        elif character in ENDS:
            mark = "before a space"
        over = over or character == "\n"
    return Labels(values, np.ones(len(text), dtype=bool))
