"""The engine host: scheduler and workers of this machine, in a process of their own; ``python -m core.engine.host``.

An app starts it in the background (core.engine.engine). App processes that share a cache directory share one host. It
cannot run inside a Streamlit script, because every process that is started there imports the script again.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import secrets
import shutil
import signal
import sys
import time
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

ADDRESS = "engine.json"
LOCK = "engine.lock"

SECONDS_WITHOUT_WORKERS = 12.0
"""After which a host leaves. A worker that was lost is back within a few."""


def main() -> None:
    """Serve until no app has been connected for a while; exit if another host serves this directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="where the lock and the address are kept")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds without an app after which to leave")
    arguments = parser.parse_args()
    try:
        with FileLock(arguments.directory / LOCK, timeout=2):  # an app may hold it for a moment, to test it
            _sweep(arguments.directory)
            asyncio.run(serve(arguments.directory, arguments.idle))
    except Timeout:
        sys.exit(0)


async def serve(directory: Path, idle_seconds: float) -> None:
    """Start scheduler and workers on the loopback interface, publish their address, and exit when idle or asked to."""
    _configure()
    from distributed import LocalCluster

    from core.engine.capacity import worker_count, worker_memory

    count = worker_count()
    leaving = asyncio.Event()
    for name in ("SIGTERM", "SIGINT"):
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), leaving.set)
    address = directory / ADDRESS
    _tell(address)  # only the pid so far, so that this host can be stopped
    async with LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        memory_limit=worker_memory(count),
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        local_directory=str(directory / "scratch"),
        asynchronous=True,
    ) as cluster:
        _tell(address, address=cluster.scheduler_address, workers=count)
        try:
            await _until_idle(cluster.scheduler, idle_seconds, leaving)
        finally:
            address.unlink(missing_ok=True)


async def _until_idle(scheduler: Any, idle_seconds: float, leaving: asyncio.Event) -> None:
    busy = staffed = time.monotonic()
    while not leaving.is_set() and time.monotonic() - busy < idle_seconds:
        if scheduler.tasks or scheduler.clients.keys() - {"fire-and-forget"}:
            busy = time.monotonic()
        if scheduler.workers:
            staffed = time.monotonic()
        elif time.monotonic() - staffed > SECONDS_WITHOUT_WORKERS:
            return  # they are not coming back: an app that is connected starts another host
        with suppress(TimeoutError):
            await asyncio.wait_for(leaving.wait(), timeout=min(1.0, idle_seconds / 4))


def _configure() -> None:
    """Set distributed up for short trainings on one machine, and start a fork server that has torch in memory."""
    from core.engine.spare import leave_out
    from core.machine import is_small

    # Only on Linux are workers forked. On macOS, a fork of a process that has used the system's linear algebra may
    # crash. Windows has no fork.
    # On a small machine, a process to fork from would hold torch a second time, only to start a worker a second faster.
    forks = sys.platform == "linux" and not is_small()
    if forks:  # first: it loads torch while this process loads distributed
        multiprocessing.get_context("forkserver").set_forkserver_preload(["distributed", "core.engine.warm"])
        forkserver.ensure_running()  # before distributed does so with its own list of modules
    leave_out("pandas")  # distributed loads it, 35 MB, for nothing
    import dask

    dask.config.set(
        {
            "distributed.worker.multiprocessing-method": "forkserver" if forks else "spawn",
            "distributed.worker.preload": ["core.engine.warm"],
            "distributed.worker.profile.enabled": False,
            "distributed.worker.memory.target": False,
            "distributed.worker.memory.spill": False,
            "distributed.worker.memory.pause": False,
            "distributed.scheduler.allowed-failures": 2,
            "distributed.scheduler.worker-saturation": 1.0,
            "distributed.scheduler.default-task-durations": {"run": "10s"},
            "distributed.scheduler.active-memory-manager.start": False,
            "distributed.admin.low-level-log-length": 50,
            # Most of the time nothing trains: look at clocks and memory less often than 50 times a second.
            "distributed.admin.tick.interval": "500ms",
            "distributed.worker.memory.monitor-interval": "500ms",
            "distributed.admin.system-monitor.interval": "5s",
            "distributed.admin.system-monitor.log-length": 10,
            "distributed.admin.system-monitor.gil.enabled": False,
        }
    )


def _sweep(directory: Path) -> None:
    """Remove what hosts of earlier code left in the cache directory."""
    for other in directory.parent.glob("engine-*"):
        lock = other / LOCK
        with suppress(OSError, Timeout):
            if other != directory and time.time() - lock.stat().st_mtime > 24 * 3600:
                FileLock(lock, timeout=0).acquire().lock.release()
                shutil.rmtree(other)


def _tell(path: Path, **more: str | int) -> None:
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    temporary.write_text(json.dumps({"pid": os.getpid(), **more}), encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    main()
