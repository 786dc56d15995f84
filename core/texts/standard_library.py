"""The source of the running interpreter's standard library, read from disk: real code by hundreds of authors."""

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from core.once import once
from core.texts import AboutText, Concepts, TextUnavailable, texts

ABOUT = AboutText(
    concepts=Concepts.CODE,
    source="the standard library of the Python that runs here, without tests, IDLE, encodings and third-party packages",
    licence="PSF-2.0",
    everywhere=False,
)

LEFT_OUT = {"test", "tests", "idlelib", "idle_test", "encodings", "site-packages", "dist-packages", "__pycache__"}
BUILD = "_sysconfigdata"  # generated when this Python was compiled; full of names of compilers and folders
STRETCH = 1_000_000  # bytes between the files at which two consecutive seeds begin


@texts.register
def read(length: int, seed: int) -> str:
    """Return whole files one after the other, in the order of their paths, cut after ``length`` characters.

    Tabs and form feeds stay. Lines with a character beyond ASCII are left out. Otherwise a letter in one author's name
    would become a symbol of its own.

    Parameters
    ----------
    seed
        0 begins with the first file, each further seed about a million characters later. So the texts of consecutive
        seeds do not overlap up to about that length.
    """
    sources = _sources()
    parts, missing = [], length
    for path in _from(sources, seed * STRETCH):
        part = _ascii_lines(path)[:missing]
        parts.append(part)
        missing -= len(part)
        if not missing:
            return "".join(parts)
    raise TextUnavailable("standard_library", "short")


@once(megabytes=64)
def _sources() -> tuple[tuple[Path, int], ...]:
    """Return paths and sizes in bytes, in the order of the parts of the paths."""
    root = Path(sysconfig.get_path("stdlib"))
    found = []
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name not in LEFT_OUT]
        found += [Path(folder, name) for name in names if name.endswith(".py") and not name.startswith(BUILD)]
    sizes = [(path, path.stat().st_size) for path in sorted(found, key=lambda path: path.relative_to(root).parts)]
    if not any(size for _, size in sizes):  # zipped away, or stripped down to empty files
        raise TextUnavailable("standard_library", "missing")
    return tuple(sizes)


def _from(sources: tuple[tuple[Path, int], ...], offset: int) -> Iterator[Path]:
    """Yield each path once, from the first file that begins at or after ``offset`` bytes, and then from the start."""
    offset %= sum(size for _, size in sources)
    before, first = 0, 0
    while before < offset and first < len(sources) - 1:
        before += sources[first][1]
        first += 1
    yield from (path for path, _ in (*sources[first:], *sources[:first]))


def _ascii_lines(path: Path) -> str:
    lines = path.read_bytes().replace(b"\r\n", b"\n").splitlines(keepends=True)
    return b"".join(line for line in lines if line.isascii()).decode("ascii")
