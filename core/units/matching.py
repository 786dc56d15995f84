"""Where else are the same units active? For a chosen passage, others are found in which its units are active too."""

from dataclasses import dataclass

import numpy as np

from core.pace import in_pieces, part
from core.runs.run import Run
from core.units import unseen
from core.units.states import HeldRows, Rows, rows

ACTIVE_ABOVE = 0.5
"""A unit is active on one side of 0 where its state, within -1 and 1, is farther from 0 than this."""

SPECIAL = 0.5
"""A unit that is active in this share of the searched text, or in more, says nothing about a passage."""

PASSAGES = 5


@dataclass(frozen=True)
class Passage:
    """A stretch of the searched text.

    Attributes
    ----------
    begin, end
        In characters, end excluded.
    share
        Share of the units that are active on the same side as in the chosen passage, averaged over the stretch.
    """

    begin: int
    end: int
    share: float


@dataclass(frozen=True)
class Matches:
    """The passages that were found, and the units that they were found by.

    Attributes
    ----------
    units
        Row numbers of the states that are active throughout the chosen passage and in less than half of the searched
        text.
    text
        What was searched.
    passages
        The best passages, none of which overlaps another.
    """

    units: tuple[int, ...]
    text: str
    passages: tuple[Passage, ...]


def match_unseen(run: Run, text: str, begin: int, end: int) -> Matches:
    """Return what ``match`` finds in text that ``run`` was not trained on.

    Raises
    ------
    core.texts.TextUnavailable
        If that text is not available here.
    ValueError
        If the text is empty, or as ``match`` raises it.
    """
    searched = unseen.searched(run)
    with part(0.0, 0.1):
        own = rows(run, text)
    with part(0.1, 0.7):
        other = rows(run, searched)
    with part(0.7, 1.0):
        units, passages = match_rows(own, begin, end, other)
    return Matches(units, searched, passages)


def match_rows(own: Rows, begin: int, end: int, searched: Rows) -> tuple[tuple[int, ...], tuple[Passage, ...]]:
    """Apply ``match`` to the passage from ``begin`` to before ``end`` of ``own``, one block of units at a time."""
    length = min(end, own.time) - begin
    if length < 1:
        raise ValueError("an empty passage has no active units")
    units: list[int] = []
    active = np.zeros(searched.time)
    for block in in_pieces(searched.blocks()):
        chosen, other = own.take(block.start, block.stop)[:, begin:end], searched.take(block.start, block.stop)
        side = np.sign(chosen[:, :1])
        on = side * other > ACTIVE_ABOVE
        found = np.flatnonzero((side * chosen > ACTIVE_ABOVE).all(axis=1) & (on.mean(axis=1) < SPECIAL))
        units += (block.start + found).tolist()
        active += on[found].sum(axis=0)
    if not units or searched.time < length:
        return tuple(units), ()
    return tuple(units), _best(active / len(units), length)


def match(chosen: np.ndarray, searched: np.ndarray) -> tuple[tuple[int, ...], tuple[Passage, ...]]:
    """Return the units active throughout ``chosen``, and stretches of the same length in which they are active too.

    A unit is active on the side s of 0 where s x > 1/2. Units that are active in half of ``searched`` or more are left
    out. The share of the stretch that begins at t is a mean over units and time steps:

    share_t = mean of [s x > 1/2] over units and over t ... t + length - 1

    Parameters
    ----------
    chosen
        The chosen passage, at least one time step. Shape: (unit, time).
    searched
        As long as ``chosen``, or longer. Shape: (unit, time).

    Raises
    ------
    ValueError
        If the passage is empty.

    Notes
    -----
    Source: the idea of Strobelt et al. (2018), LSTMVis, section 4, with one threshold for both sides.
    """
    own, other = (HeldRows(one, ("",), (1, 1, len(one))) for one in (chosen, searched))
    return match_rows(own, 0, chosen.shape[1], other)


def _best(active: np.ndarray, length: int) -> tuple[Passage, ...]:
    """Return the stretches of ``length`` with the largest mean of ``active``, (time,); none overlaps another."""
    whole = np.concatenate([[0.0], np.cumsum(active)])
    share = (whole[length:] - whole[:-length]) / length
    passages: list[Passage] = []
    for begin in np.argsort(-share, kind="stable").tolist():
        if all(begin + length <= one.begin or one.end <= begin for one in passages):
            passages.append(Passage(begin, begin + length, float(share[begin])))
        if len(passages) == PASSAGES:
            break
    return tuple(passages)
