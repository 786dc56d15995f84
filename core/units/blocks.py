"""Whole lines that stay together when labels are shuffled or a text is drawn anew."""

import numpy as np

SHORTEST = 200
LONGEST_BLOCK = 2 * SHORTEST
BLOCKS = 20
"""In a short text, about so many: of two or three blocks, a shuffle often gives the order that was there before."""

SHORT = BLOCKS * SHORTEST
"""Characters of a text up to which its blocks are too short to be shuffled."""

APART = 10
"""Labels that are moved by less than such a part of the time are too much as they were."""


def blocks(text: str) -> np.ndarray:
    """Return the number of the block of each character, from 0 on. Shape: (time,).

    A block is as many whole lines as make 200 characters, or a twentieth of a text of less than 4,000. Where a line
    does not end, it is cut after twice that. What is near in a text is alike, so a shuffle of single characters would
    be no fair control.
    """
    shortest = max(1, min(SHORTEST, len(text) // BLOCKS))
    longest = shortest * LONGEST_BLOCK // SHORTEST
    number, begun = 0, 0
    numbers = np.empty(len(text), dtype=np.int64)
    for at, character in enumerate(text):
        numbers[at] = number
        length = at + 1 - begun
        if (character == "\n" and length >= shortest) or length >= longest:
            number, begun = number + 1, at + 1
    return numbers


def middle(block: np.ndarray) -> int:
    """Return where a text is parted into halves: where the block begins that holds its middle.

    Parameters
    ----------
    block
        Number of the block of each time step, ascending, with at least one time step. Shape: (time,).
    """
    return int(np.searchsorted(block, block[len(block) // 2]))


def shuffles(labels: np.ndarray, block: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the labels with their blocks in another order, ``draws`` times.

    Parameters
    ----------
    labels
        Shape: (time,).
    block
        Number of the block of each time step, ascending. Shape: (time,).

    Returns
    -------
    numpy.ndarray
        Shape: (draw, time).
    """
    parts = np.split(labels, np.flatnonzero(np.diff(block)) + 1)
    return np.stack([np.concatenate([parts[one] for one in generator.permutation(len(parts))]) for _ in range(draws)])


def shifts(labels: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the labels moved along by a random distance, ``draws`` times, every second time backwards.

    What leaves at the end comes in at the beginning. The distance is at least a tenth of the time, either way. However
    short a text is, what is slow stays slow, while blocks would cut it apart. Every second time the labels are
    reversed, because there are only as many distances as characters, and neighbouring ones are alike.

    Returns
    -------
    numpy.ndarray
        Shape: (draw, time).
    """
    time = len(labels)
    moved = generator.integers(time // APART, time - time // APART, size=draws, endpoint=True)
    return np.stack([np.roll(labels[:: -1 if draw % 2 else 1], by) for draw, by in enumerate(moved)])
