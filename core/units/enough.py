"""Is something marked often enough to be searched for? Known before any network has read the text."""

import numpy as np

from core.units.blocks import blocks, middle
from core.units.finder import CHANGES

FEWEST_RANGES = CHANGES // 2
"""Marked ranges in each half, at least: each changes the label where it begins and where it ends."""


def ranges_by_half(marked: np.ndarray, part: int) -> tuple[float, float]:
    """How many ranges of (time,) bool lie before and behind ``part``: 1/2 for each change within a half."""
    first, second = (int(np.count_nonzero(np.diff(half))) for half in (marked[:part], marked[part:]))
    return first / 2, second / 2


def parted(text: str) -> int:
    """Where a search parts ``text`` into halves."""
    return middle(blocks(text)) if text else 0
