"""How many workers a machine can take."""

import os
import re
from contextlib import suppress
from pathlib import Path

import psutil
from dask.system import CPU_COUNT
from distributed.system import MEMORY_LIMIT

SMALL_HOST = 1500 * 10**6
MOST_WORKERS = 16

# Measured in docs/decisions/jobs.md; pages that processes share counted once.
APP_AND_ENGINE = 540 * 10**6  # the app with torch, the engine host, the fork server
SHARED = 250 * 10**6  # of a worker: what it has in common with the fork server, and yet seems to have for itself
WORKER = 150 * 10**6  # of its own, while it trains a network of the usual size

WORKER_FLOOR = 600 * 10**6  # some 120 of them are files of libraries, which the system can drop
WORKER_CEILING = 2000 * 10**6

CGROUPS = Path("/sys/fs/cgroup")
_FILES = (  # of a container: limit, use, and how much of the use is files that can be read again
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)
_READ_AGAIN = re.compile(r"^(?:total_)?inactive_file (\d+)$", re.MULTILINE)


def available() -> int:
    """Bytes that this machine, or the container that this is, can still give."""
    free = int(psutil.virtual_memory().available)
    for files in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            limit, use, statistics = ((CGROUPS / file).read_text() for file in files)
            can_go = max(map(int, _READ_AGAIN.findall(statistics)), default=0)
            free = min(free, int(limit) - int(use) + can_go)
    return max(free, 0)


def worker_count(cores: int = CPU_COUNT, total: int = MEMORY_LIMIT, free: int | None = None) -> int:
    """One worker per core, as far as the free memory goes; one on a small host; ``UNROLLED_WORKERS`` overrides."""
    asked = os.environ.get("UNROLLED_WORKERS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if total < SMALL_HOST:
        return 1
    room = ((available() if free is None else free) - APP_AND_ENGINE) // WORKER
    return max(1, min(cores, room, MOST_WORKERS))


def worker_memory(count: int, total: int = MEMORY_LIMIT) -> int:
    """Bytes, shared ones included, beyond which a worker is ended before it ends its neighbours."""
    return max(WORKER_FLOOR, min(WORKER_CEILING, SHARED + (total - APP_AND_ENGINE) // count))
