"""Whether a character belongs to a number in digits."""

import numpy as np

from core.concepts import AboutConcept, Kind, Labels, concepts
from core.texts import Concepts

ABOUT = AboutConcept(Kind.BINARY, Concepts.PROSE, left_out="nothing")

SEPARATORS = ".,"
CHINESE = "〇零一二两三四五六七八九十百千万亿"


@concepts.register
def label(text: str) -> Labels:
    """Label with 1 a digit, a point or comma between two digits, and each of several Chinese numerals in a row.

    A single Chinese numeral does not count, because it is as often an article as a number: 一条鱼. Fixed words made of
    numerals, such as 千万 for "by all means", are taken for numbers.
    """
    digit = np.array([character.isdecimal() for character in text], dtype=bool)
    separator = np.array([character in SEPARATORS for character in text], dtype=bool)
    chinese = np.array([character in CHINESE for character in text], dtype=bool)
    number = digit | (separator & _before(digit) & _after(digit)) | (chinese & (_before(chinese) | _after(chinese)))
    return Labels(number.astype(np.float64), np.ones(len(text), dtype=bool))


def _before(mark: np.ndarray) -> np.ndarray:
    """Return whether the character before each one has the mark."""
    return np.concatenate([[False], mark])[:-1]


def _after(mark: np.ndarray) -> np.ndarray:
    return np.concatenate([mark, [False]])[1:]
