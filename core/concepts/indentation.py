"""How many columns of white space a line of code begins with."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

ABOUT = AboutConcept(Kind.COUNT, Concepts.CODE, left_out="continued")

TAB_STOP = 8


@concepts.register
def label(text: str) -> Labels:
    """Label each character with its line's columns of indentation, 0 and up.

    A tab extends to the next multiple of 8, as in Python's tokenizer.

    White space is not scored, because there a network that only counts the blanks so far would seem to know the depth.
    So a blank line is not scored at all. Lines that continue an open bracket or string are not scored either: only
    statements are indented, and the blanks before such a line are a matter of alignment. Where the tokenizer cannot
    read the text, every line is taken for a statement.
    """
    read = program(text)
    columns: list[int] = []
    scored: list[bool] = []
    for line in text.splitlines(keepends=True):
        before = len(columns) - 1
        continued = before >= 0 and (read.depth[before] > 0 or read.part[before] == SyntaxPart.STRING)
        blank = line[: len(line) - len(line.lstrip())].rstrip("\r\n")
        columns += [len(blank.expandtabs(TAB_STOP))] * len(line)
        scored += [not (continued or character.isspace()) for character in line]
    return Labels(np.array(columns, dtype=np.float64), np.array(scored, dtype=bool))


def at_stake(text: str) -> Labels:
    """Return the leading blanks of a statement and the first character after them, where the depth must be known."""
    labels = label(text)
    beginning: list[bool] = []
    for line in text.splitlines(keepends=True):
        blanks = len(line) - len(line.lstrip())
        indented = blanks < len(line) and bool(labels.scored[len(beginning) + blanks])
        beginning += [indented and at <= blanks for at in range(len(line))]
    return Labels(labels.values, np.array(beginning, dtype=bool))
