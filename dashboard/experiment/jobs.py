"""The one bridge to the engine that trains: its queue, and what a page asks of it."""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeGuard

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import store as runs
from core.runs.run import Run
from core.spec import RunSpec

if TYPE_CHECKING:
    from core.engine.job import Status as Status
    from core.engine.queue import Queue, Refused

UNDISTURBED = 1.5
"""Seconds in which the browser fetches what the first page needs, before importing torch keeps this process busy."""

_warming = threading.Lock()


def warm_up() -> None:
    """After the first page is drawn: start the engine, import torch, freeze what is loaded."""
    if _warming.acquire(blocking=False):  # never released: once per process
        waiting = threading.Timer(UNDISTURBED, _warm_up)
        waiting.daemon = True
        waiting.start()


def reader() -> str:
    """This reader, for the bound of two experiments at a time: the browser's cookie, else the session; never the IP."""
    context = get_script_run_ctx()
    cookie = st.context.cookies.get("_streamlit_xsrf")
    return hashlib.sha256(str(cookie or (context and context.session_id)).encode()).hexdigest()[:16]


def active(specs: Sequence[RunSpec]) -> bool:
    # Without a run there is nothing to wait for, and the queue is not even imported before the first page is drawn.
    missing = [spec for spec in specs if not runs.has(spec.key)]
    who = reader() if missing else ""
    return any(goes(queue().status(spec.key, who)) for spec in missing)


def statuses(specs: Sequence[RunSpec], results: Sequence[Run | None]) -> list[Status | None]:
    """How it stands with each training; None where there is a result."""
    who = "" if all(results) else reader()
    return [None if run else queue().status(spec.key, who) for spec, run in zip(specs, results, strict=True)]


def submit(specs: tuple[RunSpec, ...]) -> Refused | None:
    """Hand trainings in as one experiment; a refusal says why they were not taken."""
    from core.engine.queue import Refused

    try:
        queue().submit(specs, reader())
    except Refused as refusal:
        return refusal
    return None


def cancel(specs: Sequence[RunSpec]) -> None:
    """Stop trainings, as far as nobody else waits for them."""
    queue().cancel([spec.key for spec in specs], reader())


def trains(status: Status | None) -> TypeGuard[Status]:
    """Whether it trains at this moment."""
    return status is not None and status.state == "training"


def goes(status: Status) -> bool:
    """Whether it waits or trains at this moment."""
    return bool(status.state in sys.modules["core.engine.job"].ACTIVE)  # the module is here, for it made the status


def queue() -> Queue:
    from core.engine.queue import queue

    return queue()


def _warm_up() -> None:
    with suppress(ImportError, OSError, ValueError):  # no such limits on Windows; a limit that may not be raised
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # four descriptors per open tab
    from core.engine import looking, queue

    queue.warm()
    if not looking.elsewhere():
        import core.traces.tracing  # noqa: F401
    gc.collect()
    gc.freeze()
