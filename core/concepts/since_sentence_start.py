"""How many characters the sentence has had so far."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.POSITION, Concepts.PROSE, left_out="nothing")

ENDS, ENDS_AT_ONCE = ".!?", "。！？"
CLOSING = "\"'”’」』）)"


@concepts.register
def label(text: str) -> Labels:
    """0 at the first character of a sentence; the space between two belongs to the one before.

    A sentence ends with a line, with 。！？ or with . ! ? before white space; closing quotation marks stay with it.
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
