"""How many characters the line has had so far."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.POSITION, Concepts.CODE, left_out="nothing")


@concepts.register
def label(text: str) -> Labels:
    """Label the first character of a line with 0, the second with 1, and so on, up to the line break at its end."""
    columns = [column for line in text.split("\n") for column in range(len(line) + 1)]
    return Labels(np.array(columns[: len(text)], dtype=np.float64), np.ones(len(text), dtype=bool))
