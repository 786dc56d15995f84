"""Finished runs on disk: one safetensors file each, written whole or not at all, and checked before it is used."""

import json
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import safetensors
import safetensors.numpy

from core.home import home
from core.runs.run import Run

log = logging.getLogger(__name__)

FILE_LIMIT = 64 * 10**6
HEADER_LIMIT = 10**6
UNSAVED_LIMIT = 256 * 10**6
STORE_LIMIT = "2GB"
HOUR = 3600.0
MOST_AXES = 4
"""Most axes of an array: those of a convolution."""

_KEY = re.compile(r"run-[0-9a-f]{40}")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|kB|MB|GB|TB)?")
_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_ITEM_SIZES = {"F64": 8, "F32": 4, "F16": 2, "I64": 8, "U8": 1}
_SNAPSHOT = re.compile(r"snapshot-([1-9]\d{0,5})")
_PER_UPDATE = ("loss", "gradient_norm", "clipped", "seconds")


class Torn(ValueError):
    """A file in the store is not the finished run that its name promises.

    Attributes
    ----------
    reason
        One of truncated, too_large, foreign (another program's, or another run's) and misshapen (its arrays do not fit
        its settings).
    """

    def __init__(self, key: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{key} is {reason}" + (f": {detail}" if detail else ""))
        self.key, self.reason, self.detail = key, reason, detail


class Missing(KeyError):
    """No such run is kept here."""


class StoreUnwritable(Exception):
    """A run could not be written; the message says where and why. The run itself is unharmed."""

    def __init__(self, directory: Path, problem: str) -> None:
        super().__init__(f"cannot write to {directory}: {problem}")
        self.directory, self.problem = directory, problem

    def __reduce__(self) -> tuple[type["StoreUnwritable"], tuple[Path, str]]:
        return type(self), (self.directory, self.problem)


class Place(Protocol):
    """A place where runs are kept, such as a directory or the memory of this process."""

    def has(self, key: str) -> bool:
        """Whether the whole run is here."""

    def put(self, run: Run) -> None:
        """Keep ``run``.

        Raises
        ------
        StoreUnwritable
            If it cannot be written.
        """

    def header(self, key: str) -> dict[str, Any]:
        """Return all of a run but the arrays.

        Raises
        ------
        Missing
            If no such run is kept here.
        Torn
            If its file is not the run that its name promises.
        """

    def arrays(self, key: str) -> dict[str, np.ndarray]:
        """Return ``weight/...``, ``curve/...`` and ``snapshot-<update>/...``.

        Raises
        ------
        Missing
            If no such run is kept here.
        Torn
            If its file is not the run that its name promises.
        """


class Store:
    """Runs under ``directory``, which take up to ``limit_bytes``.

    A file is complete when it appears under its name: it is written under another name, forced to disk and renamed.
    When the limit is exceeded, the least recently used runs lose their arrays and keep their header. A run used within
    the last hour loses nothing, even if the limit stays exceeded for that time.

    Parameters
    ----------
    limit_bytes
        If None, nothing is ever removed or marked as used.
    """

    def __init__(self, directory: Path, limit_bytes: int | None) -> None:
        self.directory, self.limit_bytes = directory, limit_bytes
        self._good: dict[str, tuple[int, int]] = {}  # key -> inode and size of a file that was checked
        self._torn: dict[str, tuple[tuple[int, int], Torn]] = {}

    def has(self, key: str) -> bool:
        """Return whether the whole run is here; this takes microseconds once its file has been checked.

        Asking counts as a use, so a run that is on somebody's screen is not removed as the least recently used.
        """
        try:
            self._inspect(key)
        except (Missing, Torn):
            return False
        self._touch(key)
        return True

    def put(self, run: Run) -> None:
        """Keep ``run``; it is safely on disk when this returns.

        Raises
        ------
        StoreUnwritable
            If it cannot be written. Nothing is left half written.
        """
        key = run.spec.key
        if self.has(key):
            return
        path = self._path(key)
        content = encode(run)
        if len(content) > FILE_LIMIT:
            raise StoreUnwritable(self.directory, f"{len(content)} bytes are more than the {FILE_LIMIT} of a run")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
            path.with_suffix(".json").unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnwritable(self.directory, error.strerror or str(error)) from error
        self._evict()

    def header(self, key: str) -> dict[str, Any]:
        """Return all of a run but the arrays, even if the arrays were removed.

        Raises
        ------
        Missing
            If no such run is kept here.
        Torn
            If its file is not the run that its name promises.
        """
        try:
            return self._inspect(key, anew=True)
        except Missing:
            try:
                with self._path(key).with_suffix(".json").open("rb") as file:
                    header = _parse(key, file.read(HEADER_LIMIT + 1))
            except OSError:
                raise Missing(key) from None
            if header.get("key") != key:
                raise Torn(key, "foreign") from None
            return header

    def arrays(self, key: str) -> dict[str, np.ndarray]:
        """Return ``weight/...``, ``curve/...`` and ``snapshot-<update>/...``.

        Raises
        ------
        Missing
            If no such run is kept here, or its arrays were removed.
        Torn
            If its file is not the run that its name promises.
        """
        return self.load(key).arrays()

    def load(self, key: str) -> Run:
        """Return the whole run.

        Raises
        ------
        Missing
            If no such run is kept here, or its arrays were removed.
        Torn
            If its file is not the run that its name promises.
        """
        self._inspect(key)
        try:
            content = self._path(key).read_bytes()
        except OSError:
            raise Missing(key) from None
        self._touch(key)
        return decode(key, content)

    def torn(self) -> tuple[Torn, ...]:
        """Return the files that were found to be torn or foreign and are still there; each was logged once."""
        return tuple(torn for key, (mark, torn) in list(self._torn.items()) if self._mark(key) == mark)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise Missing(key)
        return self.directory / key[4:6] / f"{key}.safetensors"

    def _mark(self, key: str) -> tuple[int, int] | None:
        try:
            status = self._path(key).stat()
        except OSError:
            return None
        return status.st_ino, status.st_size

    def _inspect(self, key: str, anew: bool = False) -> dict[str, Any]:
        """Check that the file is laid out like the run, and return its header.

        The header is empty if the same file was checked before, unless ``anew``.
        """
        mark = self._mark(key)
        if mark is None:
            raise Missing(key)
        known = self._torn.get(key)
        if known and known[0] == mark:
            raise known[1].with_traceback(None)
        if self._good.get(key) == mark and not anew:
            return {}
        try:
            with self._path(key).open("rb") as file:
                header = _checked_header(key, file.read(min(mark[1], 8 + HEADER_LIMIT)), mark[1])
        except OSError:
            raise Missing(key) from None
        except Torn as torn:
            log.warning("%s is ignored: %s", self._path(key), torn)
            self._torn[key] = mark, torn
            raise
        self._good[key] = mark
        return header

    def _touch(self, key: str) -> None:
        if self.limit_bytes is None:
            return
        path = self._path(key)
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > 60:
                os.utime(path)

    def _evict(self) -> None:
        """Remove what killed writers left behind, then the arrays of the least recently used runs beyond the limit."""
        if self.limit_bytes is None:
            return
        now = time.time()
        kept: list[tuple[float, int, Path]] = []
        total = 0
        for path, status in _files(self.directory):
            if path.suffix == ".tmp" and now - status.st_mtime > HOUR:
                _remove(path)
                continue
            total += status.st_size
            if path.suffix == ".safetensors" and _KEY.fullmatch(path.stem):
                kept.append((status.st_mtime, status.st_size, path))
        for used, size, path in sorted(kept):
            if total <= self.limit_bytes or now - used < HOUR:
                break
            total -= size - self._shrink(path)

    def _shrink(self, path: Path) -> int:
        """Replace a run by its header, and return the bytes that the header takes."""
        content = b""
        with suppress(Torn, Missing, OSError):
            content = json.dumps(self._inspect(path.stem, anew=True)).encode()
            _write(path.with_suffix(".json"), content)
        _remove(path)
        return len(content)


class UnsavedRuns:
    """Runs that could not be written to disk, at most 256 MB of them, in the memory of this process.

    Readers see and download them like any other run, until newer ones push them out.
    """

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    def has(self, key: str) -> bool:
        """Return whether the run is here."""
        return key in self._runs

    def put(self, run: Run) -> None:
        """Keep ``run``; the oldest runs are dropped when there is no room for all."""
        with self._lock:
            self._runs[run.spec.key] = run
            while len(self._runs) > 1 and sum(map(_size, self._runs.values())) > UNSAVED_LIMIT:
                del self._runs[next(iter(self._runs))]

    def header(self, key: str) -> dict[str, Any]:
        """Return all of a run but the arrays.

        Raises
        ------
        Missing
            If no such run is kept here.
        """
        return self.load(key).header()

    def arrays(self, key: str) -> dict[str, np.ndarray]:
        """Return ``weight/...``, ``curve/...`` and ``snapshot-<update>/...``.

        Raises
        ------
        Missing
            If no such run is kept here.
        """
        return self.load(key).arrays()

    def load(self, key: str) -> Run:
        """Return the whole run.

        Raises
        ------
        Missing
            If no such run is kept here.
        """
        try:
            return self._runs[key]
        except KeyError:
            raise Missing(key) from None


def store() -> Store:
    """Return the runs that readers have trained, under ``home()``.

    ``UNROLLED_STORE_LIMIT`` (such as 500MB) limits their size; the default is 2GB.
    """
    return _store(home() / "runs", os.environ.get("UNROLLED_STORE_LIMIT", STORE_LIMIT))


@lru_cache(maxsize=1)
def saved() -> Store:
    """Return the runs that come with the app, which only reads them."""
    return Store(Path(__file__).parents[2] / "assets" / "runs", limit_bytes=None)


@lru_cache(maxsize=1)
def unsaved() -> UnsavedRuns:
    """Return the runs of this process that could not be written."""
    return UnsavedRuns()


def has(key: str) -> bool:
    """Whether the run is kept anywhere: trained here, saved with the app, or unsaved in memory."""
    return store().has(key) or saved().has(key) or unsaved().has(key)


def load(key: str) -> Run:
    """Return the run from wherever it is kept.

    A torn file is logged and skipped.

    Raises
    ------
    Missing
        If no such run is kept anywhere.
    """
    for place in (store(), saved(), unsaved()):
        with suppress(Missing, Torn):
            return place.load(key)
    raise Missing(key)


def encode(run: Run) -> bytes:
    """Return the run as the bytes of a safetensors file: arrays, and one JSON header."""
    header = json.dumps(run.header(), allow_nan=False)
    arrays = {name: np.ascontiguousarray(array) for name, array in run.arrays().items()}
    return bytes(safetensors.numpy.save(arrays, metadata={"run": header}))


def decode(key: str, content: bytes) -> Run:
    """Return the run that ``encode`` wrote.

    Raises
    ------
    Torn
        If ``content`` is anything else.
    """
    header = _checked_header(key, content[: 8 + HEADER_LIMIT], len(content))
    try:
        return Run.restore(header, safetensors.numpy.load(content))
    except (safetensors.SafetensorError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise Torn(key, "foreign", str(error)) from error


@lru_cache(maxsize=8)
def _store(directory: Path, limit: str) -> Store:
    match = _SIZE.fullmatch(limit.strip())
    if not match:
        log.error("UNROLLED_STORE_LIMIT=%r is no size such as 500MB; using %s", limit, STORE_LIMIT)
        return _store(directory, STORE_LIMIT)
    return Store(directory, int(float(match[1]) * _UNITS[match[2] or "B"]))


def _checked_header(key: str, start: bytes, size: int) -> dict[str, Any]:
    """Return the header of a file of ``size`` bytes that begins with ``start``; raise Torn if anything does not fit."""
    if size > FILE_LIMIT:
        raise Torn(key, "too_large", f"{size} bytes")
    length = int.from_bytes(start[:8], "little")
    if size < 10 or length > HEADER_LIMIT:
        raise Torn(key, "truncated" if size < 10 else "foreign")
    if 8 + length > size:
        raise Torn(key, "truncated")
    layout = _parse(key, start[8 : 8 + length])
    try:
        header = _parse(key, layout.pop("__metadata__")["run"].encode())
        run = Run.restore(header, {})
        shapes = {name: _shape(key, name, entry) for name, entry in layout.items()}
        if any((entry["dtype"] == "F16") != name.startswith("snapshot-") for name, entry in layout.items()):
            raise Torn(key, "foreign", "half precision")
        end = max((entry["data_offsets"][1] for entry in layout.values()), default=0)
    except Torn:
        raise
    except (KeyError, OverflowError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Torn(key, "foreign", str(error)) from error
    if header.get("key") != key or run.spec.key != key:
        raise Torn(key, "foreign", "it holds another run")
    if 8 + length + end != size:
        raise Torn(key, "truncated", f"{size} of {8 + length + end} bytes")
    _check_shapes(key, run, shapes)
    return header


def _parse(key: str, text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Torn(key, "foreign", "no JSON header") from error
    if len(text) > HEADER_LIMIT or not isinstance(found, dict):
        raise Torn(key, "foreign", "no JSON header")
    return found


def _shape(key: str, name: str, entry: Mapping[str, Any]) -> tuple[int, ...]:
    shape, (start, end) = tuple(entry["shape"]), entry["data_offsets"]
    if not all(type(length) is int and length >= 0 for length in (*shape, start, end)) or len(shape) > MOST_AXES:
        raise Torn(key, "misshapen", name)
    if int(np.prod(shape, dtype=object)) * _ITEM_SIZES[entry["dtype"]] != end - start:
        raise Torn(key, "misshapen", name)
    return shape


def _check_shapes(key: str, run: Run, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise Torn unless the arrays have the shapes of the network and of a history that the run's settings allow."""

    def require(fits: bool, name: str) -> None:
        if not fits:
            raise Torn(key, "misshapen", name)

    updates, weights = run.spec.updates, run.arrangement.shapes()
    for name, shape in weights.items():
        require(shapes.get(f"weight/{name}") == shape, name)
    for name, shape in shapes.items():
        kind, _, own = name.partition("/")
        snapshot = _SNAPSHOT.fullmatch(kind)
        require(kind == "curve" or weights.get(own) == shape, name)
        require(kind in ("weight", "curve") or (snapshot is not None and int(snapshot[1]) < updates), name)
    losses = shapes.get("curve/loss", ())
    require(len(losses) == 1 and losses[0] <= updates, "loss")
    for name in _PER_UPDATE:
        require(shapes.get(f"curve/{name}") == losses, name)
    evaluations = shapes.get("curve/held_out_update", ())
    require(len(evaluations) == 1 and evaluations[0] <= updates, "held_out_update")
    require(shapes.get("curve/held_out_loss") == evaluations, "held_out_loss")


def _write(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, whole or not at all, and on disk before this returns."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        _remove(temporary)
    if os.name == "posix":  # force the new name to disk as well; Windows has no such call
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _files(directory: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in directory.glob("??/*"):
        with suppress(OSError):
            yield path, path.stat()


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _size(run: Run) -> int:
    return sum(array.nbytes for array in run.arrays().values())
