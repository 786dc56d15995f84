"""How far a long computation has come, and whether anybody still wants it.

What takes long is computed in pieces, and says between two of them how far it has come. Whoever started it listens, and
may raise ``NotWanted`` from there to end it. A computation that nobody listens to is not slowed down.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Piece = TypeVar("Piece")
Listener = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""


class NotWanted(Exception):
    """Nobody waits for the answer any more, so the computation ends without one."""


def _nobody(_: float) -> None:
    pass


_listener: ContextVar[Listener] = ContextVar("listener", default=_nobody)
_part: ContextVar[tuple[float, float]] = ContextVar("part", default=(0.0, 1.0))


def tell(share: float) -> None:
    """Say how much of the present part is done, from 0 to 1.

    Raises
    ------
    NotWanted
        If the listener wants the computation to end.
    """
    begin, end = _part.get()
    _listener.get()(begin + share * (end - begin))


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have ``listener`` told of everything that is computed in this block, in this thread."""
    listening, part = _listener.set(listener), _part.set((0.0, 1.0))
    try:
        yield
    finally:
        _part.reset(part)
        _listener.reset(listening)


@contextmanager
def part(begin: float, end: float) -> Iterator[None]:
    """Have what is computed in this block count as this part of the present one."""
    token = _part.set(_within(_part.get(), begin, end))
    try:
        tell(0.0)
        yield
    finally:
        _part.reset(token)


def in_pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Go through all of ``pieces``, each an equal part of the present one. A piece may have parts of its own."""
    whole = _part.get()
    for number, piece in enumerate(pieces):
        # Not ``part``: a loop that ends early closes its generator who knows when, and perhaps in another thread.
        _part.set(_within(whole, number / len(pieces), (number + 1) / len(pieces)))
        tell(0.0)
        yield piece
    _part.set(whole)


def _within(whole: tuple[float, float], begin: float, end: float) -> tuple[float, float]:
    width = whole[1] - whole[0]
    return whole[0] + begin * width, whole[0] + end * width
