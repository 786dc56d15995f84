"""Blocks of whole lines that stay together when a text is resampled, and labels that are moved along a text."""

import numpy as np

SHORTEST = 200
LONGEST_BLOCK = 2 * SHORTEST
BLOCKS = 20
"""About as many blocks as a short text has."""

APART = 10
"""Labels are shifted by at least 1 / APART of the time. A smaller shift would leave them too similar."""


def blocks(text: str) -> np.ndarray:
    """Return the number of the block of each character, from 0 on. Shape: (time,).

    A block is as many whole lines as make 200 characters, or a twentieth of a text of less than 4,000. If no line ends
    in time, it is cut after twice that length. Neighbouring characters are alike, so a text resampled by single
    characters would vary too little.
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
    """Return where a text is split into halves: the beginning of the block that contains its middle.

    Parameters
    ----------
    block
        Number of the block of each time step, ascending, with at least one time step. Shape: (time,).
    """
    return int(np.searchsorted(block, block[len(block) // 2]))


def shifts(labels: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the labels shifted by a random distance, ``draws`` times, every second time in reverse order.

    Labels that leave at the end come in at the beginning. The distance is at least a tenth of the time, either way.
    Labels that change slowly still do so, while shuffled blocks of a text would cut them apart. Every
    second time the labels are reversed, because there are only as many distances as characters, and neighbouring
    distances give similar labels.

    Returns
    -------
    numpy.ndarray
        Shape: (draw, time).
    """
    time = len(labels)
    moved = generator.integers(time // APART, time - time // APART, size=draws, endpoint=True)
    return np.stack([np.roll(labels[:: -1 if draw % 2 else 1], by) for draw, by in enumerate(moved)])
