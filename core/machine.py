"""The machine that this is: its memory, its cores, and whether it is a small one."""

import os
import re
from contextlib import suppress
from pathlib import Path

import psutil

SMALL_HOST = 1500 * 10**6
"""Bytes of memory below which a machine has room for one worker only, and for little text in a search."""

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


def looks_in_app() -> bool:
    """Say whether the app looks inside networks itself, which takes torch: only if ``UNROLLED_LOOK`` is ``app``."""
    return os.environ.get("UNROLLED_LOOK") == "app"


def is_small() -> bool:
    """Say whether this machine has less than ``SMALL_HOST``."""
    return memory_limit() < SMALL_HOST


def memory_limit() -> int:
    """Return the bytes that this machine has, or that the container in which this runs may take.

    The environment variable ``UNROLLED_MEMORY``, in MB, says less than can be seen: where a limit is hidden, or to see
    what a small machine does.
    """
    told = os.environ.get("UNROLLED_MEMORY", "")
    if told.isdecimal() and int(told) > 0:
        return int(told) * 10**6
    total = int(psutil.virtual_memory().total)
    for limit, _, _ in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            total = min(total, int((CGROUPS / limit).read_text()))
    return total


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1
