"""The machine that this is: its memory, its cores, and whether it is a small one."""

import os
import re
from contextlib import suppress
from pathlib import Path

import psutil

SMALL_HOST = 1500 * 10**6
"""Bytes of memory below which a machine has no room for torch in the app as well as in its worker."""

CGROUPS = Path("/sys/fs/cgroup")
_FILES = (  # of a container: limit, use, and how much of the use is files that can be read again
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)
_READ_AGAIN = re.compile(r"^(?:total_)?inactive_file (\d+)$", re.MULTILINE)


def available() -> int:
    """Return the bytes that this machine, or the container in which this runs, can still give."""
    free = int(psutil.virtual_memory().available)
    for files in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            limit, use, statistics = ((CGROUPS / file).read_text() for file in files)
            can_go = max(map(int, _READ_AGAIN.findall(statistics)), default=0)
            free = min(free, int(limit) - int(use) + can_go)
    return max(free, 0)


def elsewhere() -> bool:
    """Say whether this machine has no room for torch in the app.

    The environment variable ``UNROLLED_LOOK`` (app or worker) overrides what is measured.
    """
    asked = os.environ.get("UNROLLED_LOOK", "")
    return asked == "worker" if asked in ("app", "worker") else memory_limit() < SMALL_HOST


def memory_limit() -> int:
    """Return the bytes that this machine has, or that the container in which this runs may take."""
    total = int(psutil.virtual_memory().total)
    for limit, _, _ in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            total = min(total, int((CGROUPS / limit).read_text()))
    return total


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1
