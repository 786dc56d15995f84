"""The only bridge between the pages and the engine that trains: its queue, and what a page asks of it."""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeGuard

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import store as runs
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.experiment import looks

if TYPE_CHECKING:
    from core.engine.job import Status as Status
    from core.engine.queue import Queue, Refused

UNDISTURBED = 4.0
"""Seconds that the first readers, perhaps a whole class, have this process to themselves before it prepares the rest.
What they ask for does not wait so long."""

SECONDS_BETWEEN_SWEEPS = 30.0
"""Seconds between two sweeps, which return the memory of ended sessions to the system."""

LOOKS_A_SECOND = 60
"""The maximum number of polls of one training in a second, by all its readers, that one process serves on the side."""

_warming = threading.Lock()


def warm_up() -> None:
    """Start preparations in the background, once the first page is drawn: connect to the engine, freeze objects."""
    if _warming.acquire(blocking=False):  # never released: once per process
        waiting = threading.Timer(UNDISTURBED, _warm_up)
        waiting.daemon = True
        waiting.start()


def reader() -> str:
    """Return a name for this reader, made from the browser's cookie or else the session, never from the IP address.

    The queue uses it to limit the experiments of each reader.
    """
    context = get_script_run_ctx()
    cookie = st.context.cookies.get("_streamlit_xsrf")
    return hashlib.sha256(str(cookie or (context and context.session_id)).encode()).hexdigest()[:16]


def active(specs: Sequence[RunSpec]) -> bool:
    """Say whether any of these trainings waits or runs.

    If all of them have a stored result, there is nothing to wait for, and the queue is not imported.
    """
    missing = [spec for spec in specs if not runs.has(spec.key)]
    who = reader() if missing else ""
    return any(goes(queue().status(spec.key, who)) for spec in missing)


def statuses(specs: Sequence[RunSpec], results: Sequence[Run | None]) -> list[Status | None]:
    """Return the status of each training; None where there is a result."""
    who = "" if all(results) else reader()
    return [None if run else queue().status(spec.key, who) for spec, run in zip(specs, results, strict=True)]


def seconds_between_looks(specs: Sequence[RunSpec]) -> float:
    """Return the seconds between two polls of unfinished trainings: 1, or more if more than 60 readers watch one."""
    watching = max(queue().reader_count(spec.key) for spec in specs)
    return float(max(1, -(-watching // LOOKS_A_SECOND)))


def submit(specs: tuple[RunSpec, ...]) -> Refused | None:
    """Submit trainings as one experiment. Return None, or a refusal that says why they were not accepted."""
    from core.engine.queue import Refused

    try:
        queue().submit(specs, reader())
    except Refused as refusal:
        return refusal
    return None


def cancel(specs: Sequence[RunSpec]) -> None:
    """Stop trainings, unless somebody else waits for them."""
    queue().cancel([spec.key for spec in specs], reader())


def trains(status: Status | None) -> TypeGuard[Status]:
    """Say whether a training runs at this moment."""
    return status is not None and status.state == "training"


def goes(status: Status) -> bool:
    """Say whether a training waits or runs at this moment."""
    return bool(status.state in sys.modules["core.engine.job"].ACTIVE)  # already imported: it made the status


def queue() -> Queue:
    """Return the queue of this process. Its module is imported only when it is needed."""
    from core.engine.queue import queue

    return queue()


def _warm_up() -> None:
    with suppress(ImportError, OSError, ValueError):  # no such limits on Windows; a limit that may not be raised
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # four descriptors per open tab
    from core import machine
    from core.engine import queue
    from core.engine.spare import give_back

    queue.warm()
    if machine.looks_in_app():
        import core.traces.tracing  # noqa: F401
    gc.collect()
    gc.freeze()
    while True:  # nothing tells when a session ends, and collecting after every run, as Streamlit can, costs too much
        time.sleep(SECONDS_BETWEEN_SWEEPS)
        looks.forget_ended()
        gc.collect()
        give_back()
