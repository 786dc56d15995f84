"""The price of a look inside a network, estimated before it runs: it decides where the look may run, if at all.

Measured in docs/decisions/looks.md.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from core.networks import Pattern
from core.runs.run import Run
from core.signals import Role

BYTES_OF_A_VALUE = 4

SECONDS_OF_A_LOOK = 0.005
"""Seconds that every look takes to load the weights into a network."""

SECONDS_OF_A_READING, LOOKING_OPERATIONS = 2e-5, 2.5e10
"""On one core: seconds for a time step of a layer when a whole text is read at once, and multiplications per second."""

SECONDS_OF_A_HELD_STEP = 4e-4
"""Seconds for a time step of a layer computed by itself, because something is held there or a network writes."""

SECONDS_OF_A_SIGNAL = 4e-9
"""Seconds for each value of a unit that a trace holds."""

SECONDS_OF_A_STATE = 3e-7
"""Seconds to sort one searched value of a unit in both networks, the trained and the untrained one."""

SECONDS_OF_A_CONCEPT = 7e-8
"""Seconds to score one value of a unit for one concept, with a hundred shuffles."""

SECONDS_OF_A_PROBE = 2.0
"""Seconds for each concept at most: a linear probe of all units, before and after training."""

SEARCHING_BYTES = 120 * 10**6
"""Most bytes of a search, whatever the network: those of a block of units at all characters."""

COPIES = 3
"""Copies of a network's weights during a look: as they are kept, as they arrived, and as torch has them."""

BRIEF = 40 * 10**6, 0.25
"""Bytes and seconds up to which a look shows no progress, waits for no long one, and may run while a page is drawn."""

HERE = 150 * 10**6, 4.0
"""Bytes and seconds up to which an app that looks itself runs a look beside its pages, while it has no worker."""

AT_ALL = 600 * 10**6, 240.0
"""Bytes and seconds beyond which no look is made. The bytes equal the lowest memory limit of a worker."""


class Price(NamedTuple):
    """What a look costs.

    Attributes
    ----------
    size
        Most bytes that it takes while it runs, beyond what the process holds anyway.
    seconds
        On one core.
    answer
        Bytes of the answer.
    """

    size: float
    seconds: float
    answer: float = 10**5

    def within(self, bound: tuple[float, float]) -> bool:
        """Whether it costs no more than ``bound``, which is bytes and seconds."""
        return self.size <= bound[0] and self.seconds <= bound[1]


class TooLarge(Exception):
    """A look would cost more than any look may; the message says what it would cost."""

    def __init__(self, price: Price) -> None:
        super().__init__(f"{price.size / 10**6:.0f} MB, {price.seconds:.0f} s")
        self.price = price

    def __reduce__(self) -> tuple[type[TooLarge], tuple[Price]]:
        return type(self), (self.price,)


def of_reading(run: Run, steps: int) -> Price:
    """Return the price of a trace of ``steps`` time steps."""
    answer = BYTES_OF_A_VALUE * float(steps) * (_values(run) + run.inputs.size + run.outputs.size)
    seconds = _seconds(run, steps) + SECONDS_OF_A_SIGNAL * steps * _values(run)
    return Price(2.5 * answer + _weight_bytes(run), seconds, answer)


def of_holding(run: Run, steps: int, alternatives: int, least: int = 1) -> Price:
    """Return the price of reading a text with signals held, or of writing: step by step, some alternatives at once.

    Parameters
    ----------
    least
        In how many rounds, at least, the alternatives are read or written.
    """
    together = max(1, int(2_500_000 / max(steps * _units(run), 1)))
    rounds = max(least, math.ceil(alternatives / together))
    effort = run.arrangement.effort(steps, steps)
    seconds = (
        rounds * SECONDS_OF_A_HELD_STEP * effort.steps + alternatives * effort.multiplications / LOOKING_OPERATIONS
    )
    held = BYTES_OF_A_VALUE * float(min(alternatives, together)) * steps * (_values(run) + run.outputs.size)
    traced = of_reading(run, steps)
    return Price(3 * held + traced.size, SECONDS_OF_A_LOOK + seconds + traced.seconds)


def of_search(run: Run, characters: int, concepts: int, *, networks: int = 2, probes: bool = True) -> Price:
    """Return the price of searching all units for some concepts in so many characters."""
    values = float(_states(run) * characters)
    seconds = networks * _seconds(run, characters) + values * (
        networks / 2 * SECONDS_OF_A_STATE + concepts * SECONDS_OF_A_CONCEPT
    )
    rows = _states(run)
    seconds += concepts * SECONDS_OF_A_PROBE * min(1.0, rows / 1_000) ** 1.5 * probes
    answer = 100.0 * concepts * rows
    return Price(min(SEARCHING_BYTES, 50 * values + 10**7) + _weight_bytes(run), seconds, answer)


def _seconds(run: Run, steps: int) -> float:
    """Return the seconds that it takes to read ``steps`` time steps at once."""
    said = 1 if run.arrangement.plan.pattern is Pattern.MANY_TO_ONE else steps
    effort = run.arrangement.effort(steps, said)
    return SECONDS_OF_A_LOOK + SECONDS_OF_A_READING * effort.steps + effort.multiplications / LOOKING_OPERATIONS


def _units(run: Run) -> int:
    return run.spec.layer_count * run.spec.hidden_size


def _values(run: Run) -> int:
    """Count the values of all signals of all units at one time step."""
    return len(run.arrangement.signals) * _units(run)


def _states(run: Run) -> int:
    """Count the values of all states of all units at one time step."""
    return sum(signal.role is Role.STATE for signal in run.arrangement.signals.values()) * _units(run)


def _weight_bytes(run: Run) -> float:
    return float(COPIES * BYTES_OF_A_VALUE * sum(math.prod(shape) for shape in run.arrangement.shapes().values()))
