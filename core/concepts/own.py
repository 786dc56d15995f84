"""The reader's own concept: passages marked by a pattern, or by hand."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.concepts import Labels
from core.once import once

LONGEST_PATTERN = 80

ELEMENT = re.compile(r"(\\[dDwWsStn]|\\[^A-Za-z0-9]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[(){}|?*+^$])([?*+]?)", re.DOTALL)
"""One character or class of characters, and how often it may occur."""

AMBIGUOUS = ("[[", "[^[", "--", "&&", "~~", "||")
"""Pairs of characters that a later Python may read as set operations inside a class."""


RANGE_WRITTEN = re.compile(r"\s*(\d+)\s*(?:[-–—－]\s*(\d+)\s*)?")
"""One range as a reader writes it, with any of the dashes that a keyboard may have."""


class BadConcept(ValueError):
    """A concept of the reader's own that cannot be used.

    Attributes
    ----------
    reason
        One of empty, too_long, unsupported, unreadable, outside (of the text), matches_nothing and matches_everything.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"no concept of the reader's own: {reason}")
        self.reason = reason


class Element(NamedTuple):
    """An element of a pattern: which characters of a text it matches, (time,) bool, and how many of them."""

    takes: np.ndarray
    optional: bool
    repeated: bool


def by_pattern(text: str, pattern: str) -> Labels:
    r"""Label every character of a match of ``pattern`` with 1.

    A pattern is a sequence of characters, ``.``, and classes such as ``[a-z]``, ``\d``, ``\w`` or ``\s``. Each may be
    followed by ``?``, ``*`` or ``+``. ``^`` before the pattern is the beginning of a line, ``$`` after it the end.
    There are no groups, alternatives or backreferences. This bounds the work for any pattern: one pass over the text
    for each element.

    Raises
    ------
    BadConcept
        If the pattern cannot be read, or if it matches nothing or everything.

    Notes
    -----
    Each match begins at the first possible place after the match before and is the longest from there. This is the rule
    of POSIX (IEEE Std 1003.1, Regular Expressions, 9.1): the leftmost match, and of these the longest.
    """
    return _labels(matched(text, pattern))


@once(megabytes=4)
def matched(text: str, pattern: str) -> np.ndarray:
    """Return whether each character belongs to a match of ``pattern``.

    Returns
    -------
    numpy.ndarray
        Shape: (time,), bool. The array is cached and cannot be written to.

    Raises
    ------
    BadConcept
        If the pattern cannot be read.
    """
    if not pattern:
        raise BadConcept("empty")
    if len(pattern) > LONGEST_PATTERN:
        raise BadConcept("too_long")
    from_start, to_end = pattern.startswith("^"), _ENDS_LINE.search(pattern) is not None
    elements = _elements(text, pattern[from_start : len(pattern) - to_end])
    line_ends = np.array([character == "\n" for character in text], dtype=bool)
    farthest = _farthest(elements, np.append(line_ends, True) | (not to_end))
    starts = (np.append(True, line_ends) | (not from_start)) & (farthest > np.arange(len(farthest)))
    marked, at = np.zeros(len(text), dtype=bool), 0
    for begin in np.flatnonzero(starts).tolist():
        if begin >= at:
            at = farthest[begin]
            marked[begin:at] = True
    marked.flags.writeable = False
    return marked


def by_selection(text: str, ranges: Sequence[tuple[int, int]]) -> Labels:
    """Label the characters of ``ranges`` with 1.

    Parameters
    ----------
    ranges
        The first position of each range, counted from 0, and the position after its last.

    Raises
    ------
    BadConcept
        If there is no range, if one is empty or not within the text, or if all of the text is chosen.
    """
    if not ranges:
        raise BadConcept("empty")
    marked = np.zeros(len(text), dtype=bool)
    for begin, end in ranges:
        if not 0 <= begin < end <= len(text):
            raise BadConcept("outside")
        marked[begin:end] = True
    return _labels(marked)


def read_places(written: str) -> list[tuple[int, int]]:
    """Read ranges that are written like ``3-9, 20`` and count from 1.

    Returns
    -------
    list of tuple
        The first position of each range, counted from 0, and the position after its last.

    Raises
    ------
    BadConcept
        If a part is not a range.
    """
    ranges = []
    for part in filter(str.strip, re.split("[,;，；、]", written)):
        found = RANGE_WRITTEN.fullmatch(part)
        if found is None:
            raise BadConcept("unreadable")
        ranges.append((int(found[1]) - 1, int(found[2] or found[1])))
    return ranges


def write_places(ranges: Sequence[tuple[int, int]]) -> str:
    """Return ranges as a text that ``read_places`` reads."""
    return ",".join(f"{begin + 1}-{end}" if end > begin + 1 else str(end) for begin, end in ranges)


def stretches(marked: np.ndarray) -> list[tuple[int, int]]:
    """Return the ranges in which ``marked``, (time,) bool, is true: first position, and position after the last."""
    edges = np.flatnonzero(np.diff(marked, prepend=False, append=False))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


_ENDS_LINE = re.compile(r"(?<!\\)(?:\\\\)*\$$")


def _elements(text: str, pattern: str) -> list[Element]:
    codes, inverse = np.unique([ord(character) for character in text], return_inverse=True)
    elements, at = [], 0
    while at < len(pattern):
        found = ELEMENT.match(pattern, at)
        if found is None or any(pair in found[1] for pair in AMBIGUOUS):
            raise BadConcept("unsupported")
        try:
            one = re.compile(found[1])
        except re.error as error:
            raise BadConcept("unsupported") from error
        takes = np.array([one.fullmatch(chr(code)) is not None for code in codes], dtype=bool)[inverse]
        elements.append(Element(takes, optional=found[2] in ("?", "*"), repeated=found[2] in ("*", "+")))
        at = found.end()
    return elements


def _farthest(elements: Sequence[Element], ends: np.ndarray) -> np.ndarray:
    """Return where the longest match from each position between characters ends; -1 where there is no match.

    Parameters
    ----------
    ends
        Where a match may end. Shape: (time + 1,), bool.

    Returns
    -------
    numpy.ndarray
        Shape: (time + 1,).
    """
    farthest = np.where(ends, np.arange(len(ends)), -1)
    for takes, optional, repeated in reversed(elements):
        taken = np.where(takes, farthest[1:], -1)
        taken = np.append(_best_of_run(taken, takes) if repeated else taken, -1)
        farthest = np.maximum(taken, farthest) if optional else taken
    return farthest


def _best_of_run(values: np.ndarray, takes: np.ndarray) -> np.ndarray:
    """Return, for each character, the largest value from it to the end of its run of matching characters."""
    run = np.cumsum(~takes[::-1]) * (len(takes) + 2)  # lifts each run above all runs before it, so one pass is enough
    return np.asarray((np.maximum.accumulate(values[::-1] + run) - run)[::-1])


def _labels(marked: np.ndarray) -> Labels:
    if not marked.any():
        raise BadConcept("matches_nothing")
    if marked.all():
        raise BadConcept("matches_everything")
    return Labels(marked.astype(np.float64), np.ones(len(marked), dtype=bool))
