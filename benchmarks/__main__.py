"""Print the machine and one table: ``python -m benchmarks``, or the named ones only: ``python -m benchmarks trace``.

The beginning of a name is enough: ``python -m benchmarks class``.
"""

import os
import platform
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: one thread, as where networks train

import psutil

from benchmarks import HEADING, as_markdown, benchmarks
from core.choices.registry import UnknownName


def machine() -> str:
    """The machine, in words, and how busy it was: wall-clock figures mean little on a busy one."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - Linux has the processor's name only here
            name = next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = psutil.getloadavg()[0]
    return (
        f"{name}, {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}; load {load:.1f} at the start"
    )


def named(beginning: str) -> str:
    """The one benchmark whose name begins so, else what was given: it is then told that it has no such name."""
    found = [name for name in benchmarks.names() if name.startswith(beginning)]
    return found[0] if len(found) == 1 else beginning


def main(names: list[str]) -> int:
    """Measure, print, and return 1 if a figure does not hold its bound."""
    print(f"{machine()}\n\n{HEADING}", flush=True)
    held = True
    for name in [named(beginning) for beginning in names] or benchmarks.names():
        for row in benchmarks[name]():
            print(as_markdown(row), flush=True)  # at once: what is measured is not lost with what comes after it
            held &= row.holds
    return 0 if held else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UnknownName as error:
        sys.exit(str(error))
