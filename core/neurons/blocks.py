"""Whole lines that stay together when labels are shuffled or a text is drawn anew."""

import numpy as np

SHORTEST = 200
LONGEST = 2 * SHORTEST
BLOCKS = 20
"""In a short text, about so many: of two or three blocks, a shuffle often gives the order that was there before."""


def blocks(text: str) -> np.ndarray:
    """Number of the block of each character, from 0 on. Shape: (time,).

    A block is as many whole lines as make 200 characters, or a twentieth of a text of less than 4,000; where a line
    does not end, it is cut after twice that. What is near in a text is alike, and no shuffle of single characters
    would be a fair control of that.
    """
    shortest = max(1, min(SHORTEST, len(text) // BLOCKS))
    longest = shortest * LONGEST // SHORTEST
    number, begun = 0, 0
    numbers = np.empty(len(text), dtype=np.int64)
    for at, character in enumerate(text):
        numbers[at] = number
        length = at + 1 - begun
        if (character == "\n" and length >= shortest) or length >= longest:
            number, begun = number + 1, at + 1
    return numbers


def middle(block: np.ndarray) -> int:
    """Where a text is parted into halves: where the block begins that holds its middle.

    block : (time,) number of the block of each time step, ascending; at least one time step
    """
    return int(np.searchsorted(block, block[len(block) // 2]))


def shuffles(labels: np.ndarray, block: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
    """The labels with their blocks in another order, ``draws`` times. Shape: (time,) to (draw, time).

    block : (time,) number of the block of each time step, ascending
    """
    parts = np.split(labels, np.flatnonzero(np.diff(block)) + 1)
    return np.stack([np.concatenate([parts[one] for one in generator.permutation(len(parts))]) for _ in range(draws)])
