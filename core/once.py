"""Made once: who comes second waits for the first, and what is kept is bounded by its bytes."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

Made = TypeVar("Made")
Given = ParamSpec("Given")

MEGABYTE = 10**6
LEAST_WEIGHT = 200
"""Bytes that anything kept counts for, with its key."""


class _Making(Generic[Made]):
    """One thing that is being made: its lock is held meanwhile.

    error : why it could not be made, for all who waited with whoever tried
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting = 0
        self.error: Exception | None = None


class Kept(Generic[Made]):
    """What was made, by key, at most ``limit`` bytes of it; what was not asked for longest goes first.

    Each key has a lock of its own, so that making one thing never holds up another. A failure is told to all who wait,
    and not kept: the next who asks tries again. Where whoever makes it is stopped (by an exception that is no
    ``Exception``, as when a reader leaves), one of those who wait makes it.

    Parameters
    ----------
    limit
        Bytes. What alone is larger is handed out and not kept.
    weigh
        The bytes of one thing.
    """

    def __init__(self, limit: int, weigh: Callable[[Any], int] | None = None) -> None:
        self.limit, self._weigh = limit, weigh or weight
        self._made: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._making: dict[Hashable, _Making[Made]] = {}
        self._lock = threading.Lock()
        self.bytes = 0
        """Of all that is kept."""
        self.makings = 0
        """How often something was made, and not found here."""

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under ``key``, else what ``make`` gives. Raises what it raises."""
        found = self.found(key)
        if found is not None:
            return found[0]
        with self._lock:
            making = self._making.setdefault(key, _Making())
            making.waiting += 1
        try:
            with making.lock:
                found = self.found(key)
                if found is not None:
                    return found[0]
                if making.error is not None:
                    raise making.error
                self.makings += 1
                try:
                    made = make()
                except Exception as error:
                    making.error = error
                    with self._lock:  # who asks from now on did not wait for this one
                        if self._making.get(key) is making:
                            del self._making[key]
                    raise
                self._keep(key, made)
                return made
        finally:
            with self._lock:
                making.waiting -= 1
                if not making.waiting and self._making.get(key) is making:
                    del self._making[key]

    def found(self, key: Hashable) -> tuple[Made, int] | None:
        """What is kept under ``key`` and its bytes; None if nothing is, or if it is being made."""
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
            return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
            self.bytes = 0

    def _keep(self, key: Hashable, made: Made) -> None:
        size = max(self._weigh(made), LEAST_WEIGHT)
        with self._lock:
            if size > self.limit:
                return
            self._made[key] = made, size
            self.bytes += size
            while self.bytes > self.limit:
                _, (_, gone) = self._made.popitem(last=False)
                self.bytes -= gone

    def __len__(self) -> int:
        return len(self._made)


def once(megabytes: float) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Decorate a function of hashable arguments, so that its answers are made once and kept up to so many megabytes.

    The decorated function has ``kept``, its ``Kept``.
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
    """About how many bytes something takes: arrays, tables and texts, and whatever holds them."""
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
