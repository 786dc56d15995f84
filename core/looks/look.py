"""A look: a function that is computed where there is room for it, and costs what its price says."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial, update_wrapper
from typing import Generic, ParamSpec, TypeVar, cast

from core.looks import saved
from core.looks.price import AT_ALL, BRIEF, HERE, Price, TooLarge
from core.machine import looks_in_app
from core.pace import NotWanted, heard_by

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

UNDER_WAY = 24
"""How many looks, brief ones not counted, one app process has under way at most."""

MADE_HERE, COMING_IN = 100 * 10**6, 100 * 10**6
"""Bytes that looks may take together in the process that serves all readers: while they are made there, and while
answers come in from workers."""


class TooMany(Exception):
    """So many long looks are under way that another one would only wait."""


class Room:
    """A supply of bytes that is given out first come, first served."""

    def __init__(self, size: float) -> None:
        self.size = self._free = size
        self._changed = threading.Condition()
        self._waiting: list[object] = []

    @contextmanager
    def taken(self, size: float) -> Iterator[None]:
        """Wait until ``size`` bytes are free, and hold them during this block; a size beyond the room takes it all."""
        size, me = min(size, self.size), object()
        with self._changed:
            self._waiting.append(me)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is me and self._free >= size)
                self._free -= size
            finally:
                self._waiting.remove(me)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += size
                self._changed.notify_all()


_made_here, _coming_in = Room(MADE_HERE), Room(COMING_IN)
_here = ThreadPoolExecutor(1, thread_name_prefix="look")
_slots = threading.BoundedSemaphore(UNDER_WAY)


class UnderWay(Generic[Answer]):
    """A look that has been begun.

    Attributes
    ----------
    share
        How much of it is done, 0 to 1. None before its first report; a brief look on a worker makes none.
    token
        Names the look for the worker that makes it.
    begun
        When it was begun, in seconds of ``time.monotonic``.
    """

    def __init__(self) -> None:
        self.share: float | None = None
        self.token = secrets.token_hex(8)
        self.begun = time.monotonic()
        self._future: Future[Answer] = Future()
        self._dropped = threading.Event()

    @classmethod
    def ended(cls, answer: Answer) -> UnderWay[Answer]:
        """Return a look that already has its answer."""
        one = cls()
        one._future.set_result(answer)
        return one

    @property
    def has_answer(self) -> bool:
        """Whether it has ended with an answer."""
        return self._future.done() and self._future.exception() is None

    def wait(self, seconds: float | None) -> bool:
        """Wait until the look ends, for at most ``seconds`` unless None, and say whether it has ended."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return False
        return True

    def result(self) -> Answer:
        """Wait for the answer and return it.

        Raises what the look raises, NotWanted if it was dropped, and EngineUnavailable.
        """
        return self._future.result()

    def drop(self) -> None:
        """End the look after its current piece, because nobody waits for it any more; return at once."""
        self._dropped.set()
        if not self._future.done():
            from core.engine.queue import queue

            queue().drop_aside(self.token)

    def hear(self, share: float) -> None:
        """Record how far the look has come; raises NotWanted if it was dropped."""
        if self._dropped.is_set():
            raise NotWanted
        self.share = share

    def when_settled(self, then: Callable[[], None]) -> None:
        """Call ``then`` once there is an answer, or a reason why there is none."""
        self._future.add_done_callback(lambda _: then())

    def settle(self, compute: Callable[[], Answer]) -> None:
        """Take what ``compute`` returns or raises as the answer."""
        try:
            if self._dropped.is_set():
                raise NotWanted
            self._future.set_result(compute())
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, in another thread
            self._future.set_exception(error)


class Look(Generic[Given, Answer]):
    """A function of ``core`` that needs torch; it is called like the function that it wraps.

    The decorator ``look`` makes one. It is pickled by its module's name and its own, so that a worker finds it.
    """

    def __init__(self, function: Callable[Given, Answer], price: Callable[Given, Price]) -> None:
        self._function, self.price = function, price
        update_wrapper(self, function)

    def __reduce__(self) -> str:
        return self._function.__qualname__

    def __repr__(self) -> str:
        return f"{self._function.__module__}.{self._function.__qualname__}"

    def __call__(self, *arguments: Given.args, **options: Given.kwargs) -> Answer:
        """Compute the look, and wait for the answer.

        Raises
        ------
        TooLarge
            If it would cost more than any look may; nothing was begun.
        TooMany
            If too many long looks are under way; nothing was begun.
        EngineUnavailable
            If it needs a worker and none can be had.
        Exception
            What the function raises.
        """
        return self.begin(*arguments, **options).result()

    def here(self, *arguments: Given.args, **options: Given.kwargs) -> Answer:
        """Compute it in this process, on one thread."""
        import torch

        torch.set_num_threads(1)
        return self._function(*arguments, **options)

    def is_brief(self, *arguments: Given.args, **options: Given.kwargs) -> bool:
        """Whether the look costs so little that it shows no progress and waits for no long one."""
        return self.price(*arguments, **options).within(BRIEF)

    def begin(self, *arguments: Given.args, **options: Given.kwargs) -> UnderWay[Answer]:
        """Begin the look on a worker, so that the process that serves the pages needs no torch.

        If the answer came with the app, nothing is computed.
        If the app makes looks itself (``looks_in_app``), a brief one is made at once. While the app has no worker, it
        also makes longer ones, up to the bounds ``HERE``, in a thread of their own.

        Raises TooLarge and TooMany. A brief look that is made at once also raises what the function raises.
        """
        kept = saved.answers.found(self, arguments, options)
        if kept is not None:
            return UnderWay.ended(cast(Answer, kept.answer))
        from core.engine.queue import queue

        price = self.price(*arguments, **options)
        if not price.within(AT_ALL):
            raise TooLarge(price)
        brief, in_app = price.within(BRIEF), looks_in_app()
        if brief and in_app:
            with _made_here.taken(price.size):
                return UnderWay.ended(self.here(*arguments, **options))
        if not brief and not _slots.acquire(blocking=False):
            raise TooMany
        one: UnderWay[Answer] = UnderWay()
        if not brief:
            one.when_settled(_slots.release)
        if not in_app or queue().connected or not price.within(HERE):

            def ask() -> Answer:
                # A brief answer is small, and waits for no long one.
                with nullcontext() if brief else _coming_in.taken(2 * price.answer):
                    answer: Answer = queue().ask_aside(
                        _call, (self, *arguments), options, long=not brief, token=one.token, heard=one.hear
                    )
                    return answer

            threading.Thread(target=one.settle, args=(ask,), name="look", daemon=True).start()
        else:

            def compute() -> Answer:
                with _made_here.taken(price.size), heard_by(one.hear):
                    return self.here(*arguments, **options)

            _here.submit(one.settle, compute)
        return one


def _call(look: Look[Given, Answer], *arguments: Given.args, **options: Given.kwargs) -> Answer:
    """Compute the look, on a worker."""
    return look.here(*arguments, **options)


def look(price: Callable[Given, Price]) -> Callable[[Callable[Given, Answer]], Look[Given, Answer]]:
    """Decorate a function of ``core`` with its price; it may import torch, but only inside."""
    return partial(_make, price)


def _make(price: Callable[Given, Price], function: Callable[Given, Answer]) -> Look[Given, Answer]:
    return Look(function, price)
