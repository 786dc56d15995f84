"""Print the machine and a table of all benchmarks: ``python -m benchmarks``.

``python -m benchmarks trace`` measures the named ones only. The beginning of a name is enough: ``class``.
"""

import os
import platform
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported: one thread, as in the workers that train

import psutil

from benchmarks import HEADING, as_markdown, benchmarks
from core.choices.registry import UnknownName


def machine() -> str:
    """Describe the machine and how busy it was: wall-clock figures mean little on a busy one."""
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
    """Return the only benchmark whose name begins so, or else ``beginning``, which is then reported as unknown."""
    found = [name for name in benchmarks.names() if name.startswith(beginning)]
    return found[0] if len(found) == 1 else beginning


def main(names: list[str]) -> int:
    """Measure, print, and return 1 if any figure breaks its bound, else 0."""
    print(f"{machine()}\n\n{HEADING}", flush=True)
    held = True
    for name in [named(beginning) for beginning in names] or benchmarks.names():
        for row in benchmarks[name]():
            print(as_markdown(row), flush=True)  # at once: it is not lost if a later measurement fails
            held &= row.holds
    return 0 if held else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UnknownName as error:
        sys.exit(str(error))
