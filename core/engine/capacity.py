"""How many workers a machine can take."""

import os

from core.machine import SMALL_HOST, available, core_count, memory_limit

MOST_WORKERS = 16

# Measured in docs/decisions/jobs.md. Memory pages that several processes share are counted once.
APP_AND_ENGINE = 540 * 10**6  # the app, the engine host, the fork server with torch
SHARED = 250 * 10**6  # of a worker: what it shares with the fork server, but is counted as its own
WORKER = 150 * 10**6  # of a worker: its own memory while it trains a network of the usual size

WORKER_FLOOR = 600 * 10**6  # some 120 MB of it are library files, which the system can drop
WORKER_CEILING = 2000 * 10**6


def worker_count(cores: int | None = None, total: int | None = None, free: int | None = None) -> int:
    """Return how many workers to start: one per core, as far as the free memory goes.

    A small host gets one, and no host gets more than 16. ``UNROLLED_WORKERS`` overrides both.
    """
    cores, total = cores or core_count(), total or memory_limit()
    asked = os.environ.get("UNROLLED_WORKERS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if total < SMALL_HOST:
        return 1
    free = min(available(), total) if free is None else free
    room = (free - APP_AND_ENGINE) // WORKER
    return max(1, min(cores, room, MOST_WORKERS))


def worker_memory(count: int, total: int | None = None) -> int:
    """Return the bytes, shared ones included, beyond which a worker is ended to protect its neighbours."""
    total = total or memory_limit()
    return max(WORKER_FLOOR, min(WORKER_CEILING, SHARED + (total - APP_AND_ENGINE) // count))
