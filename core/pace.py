"""How far a long computation has come, and whether anybody still wants it.

A long computation works in pieces and reports between two pieces how far it has come. The caller can set a listener. It
is told of the progress and may raise ``NotWanted`` to end the computation. Without a listener, nothing is slowed down.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Piece = TypeVar("Piece")
Listener = Callable[[float], None]
"""A function that is told what share is done, from 0 to 1."""


class NotWanted(Exception):
    """Nobody waits for the answer any more, so the computation ends without one."""


def _nobody(_: float) -> None:
    pass


_listener: ContextVar[Listener] = ContextVar("listener", default=_nobody)
_part: ContextVar[tuple[float, float]] = ContextVar("part", default=(0.0, 1.0))


def tell(share: float) -> None:
    """Report how much of the current part is done, from 0 to 1.

    Raises
    ------
    NotWanted
        If the listener wants the computation to end.
    """
    begin, end = _part.get()
    _listener.get()(begin + share * (end - begin))


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Report the progress of everything that this thread computes in this block to ``listener``."""
    listening, part = _listener.set(listener), _part.set((0.0, 1.0))
    try:
        yield
    finally:
        _part.reset(part)
        _listener.reset(listening)


@contextmanager
def part(begin: float, end: float) -> Iterator[None]:
    """Count what is computed in this block as the part from ``begin`` to ``end`` of the current part."""
    token = _part.set(_within(_part.get(), begin, end))
    try:
        tell(0.0)
        yield
    finally:
        _part.reset(token)


def in_pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Go through all ``pieces``, each an equal share of the current part; a piece may have parts of its own."""
    whole = _part.get()
    for number, piece in enumerate(pieces):
        # ``part`` would not do: if a loop ends early, its generator is closed later, perhaps in another thread.
        _part.set(_within(whole, number / len(pieces), (number + 1) / len(pieces)))
        tell(0.0)
        yield piece
    _part.set(whole)


def _within(whole: tuple[float, float], begin: float, end: float) -> tuple[float, float]:
    width = whole[1] - whole[0]
    return whole[0] + begin * width, whole[0] + end * width
