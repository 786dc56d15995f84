"""Things that are made once: a second caller waits for the first, and the bytes of what is kept are bounded."""

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
"""The fewest bytes that one kept thing, with its key, is counted as."""


@dataclass
class _Entry(Generic[Made]):
    """One thing that was made, its bytes, the seconds that it took, and when it was last asked for."""

    made: Made
    size: int
    seconds: float
    asked: float


class _Making(Generic[Made]):
    """One thing that is being made. Those who wait get it even if it is not kept, or the exception of its maker."""

    def __init__(self) -> None:
        self.maker = threading.get_ident()
        self.entry: _Entry[Made] | None = None
        self.failure: Exception | None = None
        self._ended = threading.Event()

    def end(self) -> None:
        """Let those go on who wait."""
        self._ended.set()

    def wait(self) -> None:
        """Wait for the end.

        Raises
        ------
        RuntimeError
            In the thread that makes it, which would wait for itself.
        """
        if self.maker == threading.get_ident():
            raise RuntimeError("something was asked for while it was being made, by what makes it")
        self._ended.wait()


class Kept(Generic[Made]):
    """What was made, by key, up to ``limit`` bytes.

    When there is more, the thing that has not been asked for longest is dropped first. Making one thing never holds up
    another. A failure is told to all who wait for it and is not kept: the next caller tries again.

    Parameters
    ----------
    limit
        Bytes. A thing that is larger by itself is handed out and not kept.
    weigh
        Gives the bytes of one thing.
    """

    def __init__(self, limit: int, weigh: Callable[[Any], int] | None = None) -> None:
        self.limit, self._weigh = limit, weigh or weight
        self._made: OrderedDict[Hashable, _Entry[Made]] = OrderedDict()
        self._making: dict[Hashable, _Making[Made]] = {}
        self._lock = threading.Lock()
        self.bytes = 0
        """The bytes of all that is kept."""
        self.makings = 0
        """How often something was not found here and had to be made."""

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under ``key``, or else what ``make`` gives.

        An exception of ``make`` is passed on to all who wait for it. If the maker was interrupted instead
        (KeyboardInterrupt and its like), one of those who wait makes the thing.

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
        """Keep what was made elsewhere in so many seconds."""
        self._keep(key, _Entry(made, max(self._weigh(made), LEAST_WEIGHT), seconds, time.monotonic()))

    def forget_cheap(self, *, unused_for: float, made_in: float) -> None:
        """Forget what nobody has asked for in so many seconds, if making it took no longer than ``made_in``."""
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
        """Return what is kept under ``key``; None if nothing is, or if it is still being made."""
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
    """Decorate a function of hashable arguments, so that each answer is made once and then kept.

    Its answers are kept up to ``megabytes`` in all. The decorated function has an attribute ``kept``, its ``Kept``.
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
    """Return about how many bytes arrays, tables, texts, or whatever holds them, take."""
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
