"""What a worker does beside its training: answer a question of an app process, in pieces, and stop when asked to.

A question never waits for a training, and a brief question never waits for a long one. One thread answers brief
questions and another one answers long ones, so that the worker also keeps responding to the engine.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from core.engine.spare import give_back, give_way
from core.pace import NotWanted, heard_by

if TYPE_CHECKING:
    from distributed import Worker

ASIDE_TOPIC = "unrolled-aside"
"""One topic for all questions, because an engine never forgets a topic."""

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
    """Answer a question on this worker, after earlier questions of its kind, brief or long.

    Parameters
    ----------
    token
        Names the question in reports of its progress and for ``stop_aside``.
    long
        Whether it takes more than a moment. Brief questions and long ones do not wait for each other.
    dask_worker
        This worker, as ``Client.run`` passes it.

    Raises
    ------
    NotWanted
        If the question was stopped before it was answered.
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
    """Stop answering a question after the current piece, if this worker is answering it."""
    if unwanted := _unwanted.get(token):
        unwanted.set()


def _heard(
    listen: Callable[[float], None], function: Callable[..., Any], arguments: Sequence[Any], options: dict[str, Any]
) -> Any:
    with heard_by(listen):
        listen(0.0)
        return function(*arguments, **options)


def _threads(long: bool) -> ThreadPoolExecutor:
    with _making_room:  # not at import: a thread started before a fork is missing after it
        if long not in _answering:
            initialise = give_way if long else None
            _answering[long] = ThreadPoolExecutor(1, thread_name_prefix="aside", initializer=initialise)
        return _answering[long]
