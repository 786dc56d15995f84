"""How many columns of white space the line begins with."""

import numpy as np

from core.concepts import About, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = About(Kind.COUNT, Concepts.CODE, left_out="white_space")

TAB_STOP = 8


@concepts.register
def label(text: str) -> Labels:
    """Columns, 0 and up; a tab goes on to the next multiple of 8, as Python's tokenizer counts.

    Scored where there is ink: on the white space itself a network that only counts the blanks so far would seem to
    know the depth, and a blank line has none.
    """
    columns: list[int] = []
    for line in text.splitlines(keepends=True):
        blank = line[: len(line) - len(line.lstrip())].rstrip("\r\n")
        columns += [len(blank.expandtabs(TAB_STOP))] * len(line)
    scored = np.array([not character.isspace() for character in text], dtype=bool)
    return Labels(np.array(columns, dtype=np.float64), scored)
