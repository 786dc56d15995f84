"""The way from an app process to its engine: the one that ``UNROLLED_SCHEDULER`` names, else this machine's host."""

import asyncio
import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from core.engine.host import ADDRESS, LOCK
from core.home import home
from core.machine import instructions

if TYPE_CHECKING:
    from distributed import Client

ENGINE_ROOT = Path(__file__).parents[2]
SECONDS_TO_START, SECONDS_TO_REACH = 180.0, 12.0
"""Of a host of ours, which loads torch, and of a scheduler that is named and should be there."""
HOST_STARTS = 5
SECONDS_TO_CONNECT = 5.0

_started: dict[Path, subprocess.Popen[bytes]] = {}
"""For each directory, the host that this process started last; it is kept so that its end is noticed."""

_beginning = threading.Lock()

_instead: dict[Path, Path] = {}
"""The directory that this process uses where it cannot write into the one that was wanted: one host is enough."""

_choosing = threading.Lock()


class EngineUnavailable(Exception):
    """No engine answers, and none could be started; the message says what was tried."""


class AnswerLost(EngineUnavailable):
    """There is an engine, but whoever worked at an answer was lost, or took too long."""


class Engine:
    """The engine of one cache directory, as one app process sees it."""

    def __init__(self) -> None:
        self.scheduler = os.environ.get("UNROLLED_SCHEDULER")
        self.home = home()
        self._directory: Path | None = None

    async def connect(self) -> "Client":
        """Return a client of the engine, which is started if it is not running.

        Raises
        ------
        EngineUnavailable
            If no engine answers: as soon as five hosts have been started in vain, or else after three minutes; a
            scheduler that is named is tried for 12 s.
        """
        deadline = time.monotonic() + (SECONDS_TO_REACH if self.scheduler else SECONDS_TO_START)
        starts = 0
        while time.monotonic() < deadline and starts < HOST_STARTS:
            address = self.scheduler or _living(read_address(self.directory))
            if address:
                with suppress(OSError, TimeoutError):
                    return await _client(address)
            starts += self.begin()
            import distributed  # noqa: F401 - takes half a second, while the host starts

            await asyncio.sleep(0.1)
        raise EngineUnavailable(self.scheduler or f"{self.directory} after {starts} starts")

    def begin(self) -> bool:
        """Start a host if this machine trains and has none; return at once, and say whether one was started."""
        if self.scheduler or _is_served(self.directory):
            return False
        _started[self.directory] = start(self.directory)
        return True

    @property
    def directory(self) -> Path:
        """Where the host keeps its lock and address: in the cache, or in a temporary directory if that is read-only."""
        if self._directory is None:
            self._directory = _writable(self.home / f"engine-{_fingerprint()}")
        return self._directory


def begin() -> None:
    """Start a host in the background, so that it is soon ready for the first reader's first look.

    Only the first call in a process does anything. It returns at once.
    """
    if _beginning.acquire(blocking=False):  # never released: once per process
        with suppress(OSError):  # whoever connects later reports what is wrong
            Engine().begin()


def start(directory: Path, idle_seconds: float = 60.0) -> subprocess.Popen[bytes]:
    """Start a host in the background; it exits soon if the directory already has one."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ENGINE_ROOT), os.environ.get("PYTHONPATH")))),
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **instructions(),
    }
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    with (directory / "engine.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "core.engine.host", str(directory), "--idle", str(idle_seconds)],
            cwd=ENGINE_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **detached,
        )


def stop(cache: Path | None = None) -> None:
    """End the hosts of a cache directory, and wait until they and their workers are gone."""
    import psutil

    cache = cache or home()
    told = [read_address(directory).get("pid") for directory in cache.glob("engine-*")]
    ours = [process.pid for directory, process in _started.items() if directory.parent == cache and not process.poll()]
    for pid in {*told, *ours} - {None}:
        with suppress(psutil.NoSuchProcess):
            host = psutil.Process(pid)
            if not any(word.startswith(str(cache)) for word in host.cmdline()):
                continue  # the pid now belongs to another process
            processes = [host, *host.children(recursive=True)]
            host.terminate()
            _, alive = psutil.wait_procs(processes, timeout=10)
            for process in alive:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
    for process in _started.values():
        process.poll()  # so that hosts that have ended do not stay as zombies


def read_address(directory: Path) -> dict[str, Any]:
    """Return what the host wrote about itself: address, pid and workers; empty if there is nothing to read.

    The host may have died since.
    """
    try:
        told = json.loads((directory / ADDRESS).read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _is_served(directory: Path) -> bool:
    """Whether a host runs or is starting: one that this process started, or one that holds the lock."""
    if directory in _started and _started[directory].poll() is None:
        return True
    try:
        with FileLock(directory / LOCK, timeout=0):
            return False
    except Timeout:
        return True


def _living(told: dict[str, Any]) -> str | None:
    """Return the address, unless the process that wrote it is gone."""
    import psutil

    return str(told["address"]) if "address" in told and psutil.pid_exists(int(told.get("pid", 0))) else None


async def _client(address: str) -> "Client":
    from distributed import Client

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # the queue reports a lost engine itself
    client = Client(
        address, asynchronous=True, set_as_default=False, timeout=SECONDS_TO_CONNECT, direct_to_workers=False
    )
    try:
        return await client
    except BaseException:
        await client.close(timeout=0)
        raise


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    """Return a mark that changes with the code and the interpreter.

    A host that was started before an update of the code serves only apps that run the old code.
    """
    files = sorted((ENGINE_ROOT / "core").rglob("*.py"))
    marks = [(str(path.relative_to(ENGINE_ROOT)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((sys.version, sys.prefix, marks)).encode()).hexdigest()[:8]


def _writable(wanted: Path) -> Path:
    """``wanted`` if files can be written there, else a new directory that only this app process knows."""
    probe = wanted / f"probe-{os.getpid()}"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(bytes(4096))
        probe.unlink()
    except OSError:
        with _choosing:
            if wanted not in _instead:
                _instead[wanted] = Path(tempfile.mkdtemp(prefix="unrolled-engine-"))
            return _instead[wanted]
    return wanted
