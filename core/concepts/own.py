"""The reader's own concept: passages marked by a pattern, or by hand."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.concepts import Labels

LONGEST = 80

ELEMENT = re.compile(r"(\\[dDwWsStn]|\\[^A-Za-z0-9]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[(){}|?*+^$])([?*+]?)", re.DOTALL)
"""One character or class of characters, and how often."""

AMBIGUOUS = ("[[", "[^[", "--", "&&", "~~", "||")
"""What Python's classes may one day read as operations on sets."""


PLACES = re.compile(r"\s*(\d+)\s*(?:[-–—－]\s*(\d+)\s*)?")
"""One range as it is written, with any of the dashes that a keyboard may have."""


class BadConcept(ValueError):
    """A concept that cannot be asked about.

    reason : empty, too_long, unsupported, unreadable, outside (of the text), matches_nothing or matches_everything
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"no concept of the reader's own: {reason}")
        self.reason = reason


class Element(NamedTuple):
    """Part of a pattern along a text: which characters it takes, (time,) bool, and how many of them."""

    takes: np.ndarray
    optional: bool
    repeated: bool


def by_pattern(text: str, pattern: str) -> Labels:
    r"""1 at every character that belongs to some match of ``pattern``, be it the longest, the shortest or another.

    A pattern is a row of characters, ``.``, classes as in ``[a-z]`` and ``\d \w \s``, each once or with ``?``, ``*`` or
    ``+`` after it; ``^`` before it is the beginning of a line, ``$`` after it the end. There are no groups, choices or
    references back, so that its work is bounded: one pass over the text for each element, whatever the pattern.

    Raises BadConcept.

    Source: Thompson (1968), Regular expression search algorithm: all states at once, here for all positions at once.
    """
    return _labels(matched(text, pattern))


def matched(text: str, pattern: str) -> np.ndarray:
    """Whether each character belongs to some match of ``pattern``, (time,) bool. Raises BadConcept if unreadable."""
    if not pattern:
        raise BadConcept("empty")
    if len(pattern) > LONGEST:
        raise BadConcept("too_long")
    from_start, to_end = pattern.startswith("^"), _ENDS_LINE.search(pattern) is not None
    elements = _elements(text, pattern[from_start : len(pattern) - to_end])
    line_ends = np.array([character == "\n" for character in text], dtype=bool)
    starts = np.append(True, line_ends) | (not from_start)
    ends = np.append(line_ends, True) | (not to_end)
    forward = _inside(elements, starts)
    backward = _inside([one._replace(takes=one.takes[::-1]) for one in reversed(elements)], ends[::-1])
    marked = np.zeros(len(text), dtype=bool)
    for element, before, after in zip(elements, forward, reversed(backward), strict=True):
        marked |= element.takes & before[:-1] & after[::-1][1:]
    return marked


def by_selection(text: str, ranges: Sequence[tuple[int, int]]) -> Labels:
    """1 at the characters of ``ranges``, each from its first to before its last position. Raises BadConcept."""
    if not ranges:
        raise BadConcept("empty")
    marked = np.zeros(len(text), dtype=bool)
    for begin, end in ranges:
        if not 0 <= begin < end <= len(text):
            raise BadConcept("outside")
        marked[begin:end] = True
    return _labels(marked)


def read_places(written: str) -> list[tuple[int, int]]:
    """``3-9, 20``, counted from 1, as ranges from the first to before the last position. Raises BadConcept."""
    ranges = []
    for part in filter(str.strip, re.split("[,;，；、]", written)):
        found = PLACES.fullmatch(part)
        if found is None:
            raise BadConcept("unreadable")
        ranges.append((int(found[1]) - 1, int(found[2] or found[1])))
    return ranges


def write_places(ranges: Sequence[tuple[int, int]]) -> str:
    """What ``read_places`` reads."""
    return ",".join(f"{begin + 1}-{end}" if end > begin + 1 else str(end) for begin, end in ranges)


def stretches(marked: np.ndarray) -> list[tuple[int, int]]:
    """The ranges, each from its first to before its last position, in which (time,) bool is true."""
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


def _inside(elements: Sequence[Element], reached: np.ndarray) -> list[np.ndarray]:
    """The positions between characters, (time + 1,), at which each element may take the next character.

    reached : where a match may begin
    """
    inside = []
    for takes, optional, repeated in elements:
        inside.append(_run(reached, takes) if repeated else reached)
        taken = np.append(False, inside[-1][:-1] & takes)
        reached = taken | reached if optional else taken
    return inside


def _run(reached: np.ndarray, takes: np.ndarray) -> np.ndarray:
    """Every position that lies behind a reached one, with nothing between them but characters that are taken."""
    position = np.arange(len(reached))
    last_reached = np.maximum.accumulate(np.where(reached, position, -1))
    last_refused = np.maximum.accumulate(np.where(np.append(False, ~takes), position, 0))
    return last_reached >= last_refused


def _labels(marked: np.ndarray) -> Labels:
    if not marked.any():
        raise BadConcept("matches_nothing")
    if marked.all():
        raise BadConcept("matches_everything")
    return Labels(marked.astype(np.float64), np.ones(len(marked), dtype=bool))
