"""Is something marked often enough to be searched for? This is known before any network reads the text."""

import numpy as np

from core.units.blocks import blocks, middle
from core.units.finder import CHANGES

FEWEST_RANGES = CHANGES // 2
"""The fewest marked ranges in each half. Each changes the label twice: where it begins and where it ends."""


def ranges_by_half(marked: np.ndarray, part: int) -> tuple[float, float]:
    """Return how many ranges of ``marked`` (time,) are before and after ``part``: 1/2 for each change in a half."""
    first, second = (int(np.count_nonzero(np.diff(half))) for half in (marked[:part], marked[part:]))
    return first / 2, second / 2


def parted(text: str) -> int:
    """Return the position at which a search splits ``text`` into halves."""
    return middle(blocks(text)) if text else 0
