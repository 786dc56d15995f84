"""Readers take turns: when a training ends, not all pages that watched it are redrawn in the same second."""

import threading
import time
from collections.abc import Callable


class Turns:
    """At most ``per_second`` turns a second for all who share this object. The first turn is given at once.

    Parameters
    ----------
    per_second
        The most turns in a second, above 0.
    clock
        Returns seconds that never go backwards.
    """

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds_apart, self._clock = 1 / per_second, clock
        self._next = -float("inf")
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Say whether it is the caller's turn. A caller that is told no asks again later."""
        with self._lock:
            now = self._clock()
            if now < self._next:
                return False
            self._next = now + self._seconds_apart
            return True
