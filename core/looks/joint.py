"""Looks that several readers wait for: begun once, and dropped when the last of them has left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from core.looks.look import UnderWay
from core.once import Kept

Answer = TypeVar("Answer")


class Joint:
    """Looks under way, by key, each shared by all readers who wait for it.

    Parameters
    ----------
    kept
        Where answers are kept for readers who ask later.
    """

    def __init__(self, kept: Kept[Any]) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, tuple[UnderWay[Any], int]] = {}

    @contextmanager
    def joined(self, key: Hashable, begin: Callable[[], UnderWay[Answer]]) -> Iterator[UnderWay[Answer]]:
        """Share a look with all others who wait for it, and keep it going during this block.

        The answer of a look that has ended is kept. A look that nobody waits for any more is dropped.
        """
        with self._lock:
            kept = self._kept.found(key)
            if kept is None:
                under_way, waiting = self._waiting.get(key) or (begin(), 0)
                self._waiting[key] = under_way, waiting + 1
        if kept is not None:  # others may still hold the look that gave it: they are not to be counted anew
            yield UnderWay.ended(kept.made)
            return
        try:
            yield under_way
        finally:
            if under_way.has_answer:
                self._kept.put(key, under_way.result(), seconds=time.monotonic() - under_way.begun)
            with self._lock:
                under_way, waiting = self._waiting.pop(key)
                if waiting > 1:
                    self._waiting[key] = under_way, waiting - 1
                else:
                    under_way.drop()
