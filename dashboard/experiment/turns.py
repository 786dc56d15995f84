"""Readers take turns: when a training ends, the pages of all who watched it are not drawn anew in the same second."""

import threading
import time
from collections.abc import Callable


class Turns:
    """At most ``per_second`` turns a second are given, for all who share this object; the first at once.

    Parameters
    ----------
    per_second
        Turns given in a second, above 0.
    clock
        Seconds, ever growing.
    """

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds_apart, self._clock = 1 / per_second, clock
        self._next = -float("inf")
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Say whether it is the caller's turn. Who is told no asks again later."""
        with self._lock:
            now = self._clock()
            if now < self._next:
                return False
            self._next = now + self._seconds_apart
            return True
