"""How many characters ago the last punctuation mark was."""

from unicodedata import category

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.POSITION, Concepts.PROSE, left_out="punctuation")


@concepts.register
def label(text: str) -> Labels:
    """Count the characters since the last punctuation mark: the first one after it is 1.

    The marks themselves are 0 and not scored. A mark is whatever Unicode calls punctuation. Before the first mark, the
    count begins with the text: its first character is 1.
    """
    marks = np.array([category(character).startswith("P") for character in text], dtype=bool)
    time = np.arange(len(text))
    last = np.maximum.accumulate(np.where(marks, time, -1))
    return Labels((time - last).astype(np.float64), ~marks)
