"""What a worker does beside its training: answer a question of an app process, in pieces, and stop when asked to.

A question waits for no training, and a brief one waits for no long one. The worker goes on speaking meanwhile, because
questions are answered in threads of their own: one for brief ones, one for long ones.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from core.engine.spare import give_back
from core.pace import NotWanted, heard_by

if TYPE_CHECKING:
    from distributed import Worker

ASIDE_TOPIC = "unrolled-aside"
"""One topic for all questions: an engine keeps a topic for ever."""

SECONDS_BETWEEN_SHARES = 0.25

_unwanted: dict[str, threading.Event] = {}
_answering: dict[bool, ThreadPoolExecutor] = {}
_making_room = threading.Lock()


async def answer_aside(
    token: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    options: dict[str, Any],
    *,
    long: bool,
    dask_worker: "Worker",
) -> Any:
    """Answer a question on this worker, after those of its kind that came before it.

    Parameters
    ----------
    token
        Names the question; how far it has come is told under it, and ``stop_aside`` ends it.
    long
        Whether it takes more than a moment. Brief questions and long ones do not wait for each other.
    dask_worker
        This worker, as ``Client.run`` passes it.

    Raises
    ------
    NotWanted
        If it was stopped before it had an answer.
    Exception
        What the function raises.
    """
    unwanted = _unwanted[token] = threading.Event()
    told = -SECONDS_BETWEEN_SHARES

    def listen(share: float) -> None:
        nonlocal told
        if unwanted.is_set():
            raise NotWanted
        if long and time.monotonic() - told >= SECONDS_BETWEEN_SHARES:
            told = time.monotonic()
            dask_worker.log_event(ASIDE_TOPIC, {"token": token, "share": share})

    try:
        work = partial(_heard, listen, function, arguments, options)
        return await asyncio.get_running_loop().run_in_executor(_threads(long), work)
    finally:
        _unwanted.pop(token, None)
        give_back()


def stop_aside(token: str) -> None:
    """End the answer to a question between two of its pieces, if this worker is at it."""
    if unwanted := _unwanted.get(token):
        unwanted.set()


def _heard(
    listen: Callable[[float], None], function: Callable[..., Any], arguments: Sequence[Any], options: dict[str, Any]
) -> Any:
    with heard_by(listen):
        listen(0.0)
        return function(*arguments, **options)


def _threads(long: bool) -> ThreadPoolExecutor:
    with _making_room:  # not at import: a thread that runs before a fork is missing after it
        if long not in _answering:
            _answering[long] = ThreadPoolExecutor(1, thread_name_prefix="aside")
        return _answering[long]
