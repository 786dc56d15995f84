"""How deep each character of a program stands, and which characters may tell."""

import numpy as np

TAB_STOP = 8


def indentation(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns of white space that the line of each character begins with, and where that may be scored.

    depth : (time,) float, columns, 0 and up; a tab goes on to the next multiple of 8, as Python's tokenizer counts
    scored : (time,) bool, the characters that are not white space. On the white space itself a network that only
        counts the blanks so far would seem to know the depth; a blank line has none.
    """
    depth: list[int] = []
    for line in text.splitlines(keepends=True):
        blank = line[: len(line) - len(line.lstrip())].rstrip("\r\n")
        depth += [len(blank.expandtabs(TAB_STOP))] * len(line)
    scored = np.array([not character.isspace() for character in text], dtype=bool)
    return np.array(depth, dtype=np.float64), scored
