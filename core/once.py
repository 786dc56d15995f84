"""A cache: each value is made once, a second caller waits for the first, and the cache has a limit in bytes."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

Made = TypeVar("Made")
Given = ParamSpec("Given")

MEGABYTE = 10**6
LEAST_WEIGHT = 200
"""The fewest bytes that a kept value and its key count as."""


@dataclass
class _Entry(Generic[Made]):
    """A value that was made, its bytes, the seconds that making it took, and when it was last asked for."""

    made: Made
    size: int
    seconds: float
    asked: float


class _Making(Generic[Made]):
    """A value that is being made.

    Every thread that waits for it gets it, even if it is not kept. If making it fails, they get the exception.
    """

    def __init__(self) -> None:
        self.maker = threading.get_ident()
        self.entry: _Entry[Made] | None = None
        self.failure: Exception | None = None
        self._ended = threading.Event()

    def end(self) -> None:
        """Let the waiting threads go on."""
        self._ended.set()

    def wait(self) -> None:
        """Wait for the end.

        Raises
        ------
        RuntimeError
            If the thread that makes the value calls this: it would wait for itself.
        """
        if self.maker == threading.get_ident():
            raise RuntimeError("something was asked for while it was being made, by what makes it")
        self._ended.wait()


class Kept(Generic[Made]):
    """A cache of values by key, up to ``limit`` bytes.

    When the limit is exceeded, the least recently used value is dropped first. Making one value never blocks another.
    If making a value fails, all waiting callers get the exception. It is not kept: the next caller tries again.

    Parameters
    ----------
    limit
        Bytes. A value that is larger by itself is returned but not kept.
    weigh
        Gives the bytes of one value.
    """

    def __init__(self, limit: int, weigh: Callable[[Any], int] | None = None) -> None:
        self.limit, self._weigh = limit, weigh or weight
        self._made: OrderedDict[Hashable, _Entry[Made]] = OrderedDict()
        self._making: dict[Hashable, _Making[Made]] = {}
        self._lock = threading.Lock()
        self.bytes = 0
        """The bytes of all values that are kept."""
        self.makings = 0
        """How often a value was not found here and had to be made."""

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the value that is kept under ``key``, or else the one that ``make`` returns.

        If ``make`` raises an exception, all waiting callers get it too. If it is interrupted instead (by a
        KeyboardInterrupt, for example), one of the waiting callers makes the value.

        Raises
        ------
        RuntimeError
            If ``make`` asks for the same key again.
        """
        while True:
            with self._lock:
                found = self._found(key)
                if found is not None:
                    return found.made
                making = self._making.get(key)
                if making is None:
                    mine = self._making[key] = _Making()
                    self.makings += 1
                    break
            making.wait()
            if making.failure is not None:
                raise making.failure
            if making.entry is not None:
                return making.entry.made
        try:
            mine.entry = self._entry(make)
            self._keep(key, mine.entry)
            return mine.entry.made
        except Exception as failure:
            mine.failure = failure
            raise
        finally:
            with self._lock:
                del self._making[key]
            mine.end()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
            self.bytes = 0

    def put(self, key: Hashable, made: Made, *, seconds: float) -> None:
        """Keep a value that was made elsewhere in so many seconds."""
        self._keep(key, _Entry(made, max(self._weigh(made), LEAST_WEIGHT), seconds, time.monotonic()))

    def forget_cheap(self, *, unused_for: float, made_in: float) -> None:
        """Forget what was made in at most ``made_in`` seconds and not asked for in the last ``unused_for`` seconds."""
        with self._lock:
            past = time.monotonic() - unused_for
            for key in [key for key, one in self._made.items() if one.asked < past and one.seconds <= made_in]:
                self.bytes -= self._made.pop(key).size

    def _entry(self, make: Callable[[], Made]) -> _Entry[Made]:
        begun = time.monotonic()
        made = make()
        ended = time.monotonic()
        return _Entry(made, max(self._weigh(made), LEAST_WEIGHT), ended - begun, ended)

    def found(self, key: Hashable) -> _Entry[Made] | None:
        """Return the entry that is kept under ``key``; None if there is none, or if it is still being made."""
        with self._lock:
            return self._found(key)

    def _found(self, key: Hashable) -> _Entry[Made] | None:
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
            found.asked = time.monotonic()
        return found

    def _keep(self, key: Hashable, entry: _Entry[Made]) -> None:
        with self._lock:
            if entry.size > self.limit or key in self._made:
                return
            self._made[key] = entry
            self.bytes += entry.size
            while self.bytes > self.limit:
                self.bytes -= self._made.popitem(last=False)[1].size

    def __len__(self) -> int:
        return len(self._made)


def once(megabytes: float) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Decorate a function of hashable arguments, so that each result is made once and then kept.

    The results are kept up to ``megabytes`` in all. The decorated function has its ``Kept`` as the attribute ``kept``.
    """

    def decorate(function: Callable[Given, Made]) -> Callable[Given, Made]:
        kept: Kept[Made] = Kept(int(megabytes * MEGABYTE))

        @wraps(function)
        def answer(*arguments: Given.args, **options: Given.kwargs) -> Made:
            return kept.get((arguments, tuple(sorted(options.items()))), lambda: function(*arguments, **options))

        answer.kept = kept  # type: ignore[attr-defined]
        return answer

    return decorate


def weight(made: Any) -> int:
    """Return about how many bytes an array, a table, a text, or a container of them takes."""
    return _weighed(made, set())


def _weighed(made: Any, seen: set[int]) -> int:
    if id(made) in seen:
        return 0
    seen.add(id(made))
    size = getattr(made, "nbytes", None)  # arrays, and the datasets of xarray
    if isinstance(size, int):
        return size
    if hasattr(made, "memory_usage"):  # tables of pandas
        return int(made.memory_usage(deep=True).sum())
    total = sys.getsizeof(made, LEAST_WEIGHT)
    if isinstance(made, Mapping):
        return total + sum(_weighed(one, seen) for pair in made.items() for one in pair)
    if isinstance(made, list | tuple | set | frozenset):
        return total + sum(_weighed(one, seen) for one in made)
    if is_dataclass(made) and not isinstance(made, type):
        return total + sum(_weighed(getattr(made, one.name), seen) for one in fields(made))
    return total
