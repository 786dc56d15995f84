"""Waiting for a job to get somewhere, and finding the processes behind it."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psutil

from core.engine import engine
from core.engine.job import JobState, Status
from core.engine.queue import Queue

Found = TypeVar("Found")

PATIENCE = 90.0
"""Seconds that a busy machine may take for what takes a quiet one a few."""


def until(queue: Queue, key: str, states: set[JobState], reader: str | None = None) -> Status:
    """Ask as a page does, only more often, until the job is in one of ``states``."""
    return eventually(lambda: queue.status(key, reader), lambda status: status.state in states)


def eventually(look: Callable[[], Found], enough: Callable[[Found], object]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while True:
        found = look()
        if enough(found):
            return found
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.01)


def processes_of(home: Path) -> list[psutil.Process]:
    """The engine hosts of a cache directory, and all their descendants."""
    hosts = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(home) in word for word in process.info["cmdline"] or ()) and process.pid != psutil.Process().pid
    ]
    return [*hosts, *(child for host in hosts for child in host.children(recursive=True))]


def host_process(home: Path) -> psutil.Process:
    told = [engine.read_address(directory) for directory in home.glob("engine-*")]
    return psutil.Process(next(one["pid"] for one in told if one))


def worker_process(queue: Queue, key: str) -> psutil.Process:
    """The process that trains ``key`` now."""
    pids = on_workers(queue, os.getpid)
    address = on_scheduler(queue, address_of, key)
    return psutil.Process(pids[address])


def address_of(key: str, dask_scheduler: Any) -> str:
    """Runs in the scheduler."""
    return str(dask_scheduler.tasks[key].processing_on.address)


def on_workers(queue: Queue, function: Callable[[], Any]) -> Any:
    return _call(queue, lambda client: client.run(function))


def on_scheduler(queue: Queue, function: Callable[..., Any], *arguments: Any) -> Any:
    return _call(queue, lambda client: client.run_on_scheduler(function, *arguments))


def _call(queue: Queue, ask: Callable[[Any], Any]) -> Any:
    async def asking() -> Any:
        return await ask(queue._client)

    assert queue._loop is not None
    return asyncio.run_coroutine_threadsafe(asking(), queue._loop).result(PATIENCE)
