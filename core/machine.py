"""The machine that this process runs on: its memory, its cores, and whether it counts as small."""

import os
import re
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import psutil

SMALL_HOST = 1500 * 10**6
"""Bytes of memory below which a machine counts as small: it runs only one worker and searches less text."""

INSTRUCTIONS = "ATEN_CPU_CAPABILITY"
"""The environment variable that tells torch which instructions to use."""

CGROUPS = Path("/sys/fs/cgroup")
_FILES = (  # of a container: its limit, its use, and how much of that use is file cache, which can be dropped
    ("memory.max", "memory.current", "memory.stat"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
)
_READ_AGAIN = re.compile(r"^(?:total_)?inactive_file (\d+)$", re.MULTILINE)


def available() -> int:
    """Return how many bytes of memory are still free on this machine, or in the container in which this runs."""
    free = int(psutil.virtual_memory().available)
    for files in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            limit, use, statistics = ((CGROUPS / file).read_text() for file in files)
            can_go = max(map(int, _READ_AGAIN.findall(statistics)), default=0)
            free = min(free, int(limit) - int(use) + can_go)
    return max(free, 0)


def looks_in_app() -> bool:
    """Say whether the app itself looks inside networks, which needs torch: only if ``UNROLLED_LOOK`` is ``app``."""
    return os.environ.get("UNROLLED_LOOK") == "app"


def is_small() -> bool:
    """Say whether this machine has less memory than ``SMALL_HOST``."""
    return memory_limit() < SMALL_HOST


def memory_limit() -> int:
    """Return how many bytes of memory this machine has, or the container in which this runs may take.

    The environment variable ``UNROLLED_MEMORY``, in MB, overrides what is measured. Set it where a limit is hidden, or
    to see how the app behaves on a small machine.
    """
    told = os.environ.get("UNROLLED_MEMORY", "")
    if told.isdecimal() and int(told) > 0:
        return int(told) * 10**6
    total = int(psutil.virtual_memory().total)
    for limit, _, _ in _FILES:
        with suppress(OSError, ValueError):  # no such file, or no limit ("max")
            total = min(total, int((CGROUPS / limit).read_text()))
    return total


def instructions() -> dict[str, str]:
    """Return what to set in the environment of a process that trains, before its torch computes anything.

    With AVX-512, torch adds in another order than with AVX2, so that a training which is thrown about ends elsewhere.
    Where a processor has both, torch is asked for AVX2. The saved runs were made with it, and nearly every x86-64
    processor has it. Empty where that changes nothing, and where the environment already asks for something.
    """
    asked = os.environ.get(INSTRUCTIONS)
    return {INSTRUCTIONS: "avx2"} if asked is None and _has_avx512() else {}


def _has_avx512() -> bool:
    with suppress(ImportError, AttributeError):  # numpy looks for its own use, and promises nothing
        return bool(import_module("numpy._core._multiarray_umath").__cpu_features__.get("AVX512F"))
    return False


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1
