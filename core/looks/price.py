"""What a look inside a network costs, estimated before it is made: where it may run, and whether it may at all.

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
"""Of every look: the weights become those of a network."""

SECONDS_OF_A_READING, LOOKING_OPERATIONS = 2e-5, 2.5e10
"""Of one core: a time step of a layer that is read at once, and multiplications a second."""

SECONDS_OF_A_HELD_STEP = 4e-4
"""Of a time step of a layer that is taken by itself: something is set from outside there, or a network writes."""

SECONDS_OF_A_SIGNAL = 4e-9
"""Of each value of a unit that a trace holds."""

SECONDS_OF_A_STATE = 3e-7
"""Of each value of a unit that is searched, to sort it in both networks."""

SECONDS_OF_A_CONCEPT = 7e-8
"""Of each value of a unit and each concept, to score it with a hundred shuffles."""

SECONDS_OF_A_PROBE = 2.0
"""Of each concept at most: a linear reading of all units, before and after training."""

SEARCHING_BYTES = 120 * 10**6
"""Of a search, whatever the network: a block of units at all characters."""

COPIES = 3
"""Of a network's weights while it is looked at: as they are kept, as they came, and as torch has them."""

BRIEF = 40 * 10**6, 0.25
"""Bytes and seconds up to which a look shows no progress, waits for no long one, and may be made as a page is drawn."""

HERE = 150 * 10**6, 4.0
"""Bytes and seconds up to which an app that looks itself does so beside its pages, as long as it has no worker."""

AT_ALL = 600 * 10**6, 240.0
"""Bytes and seconds beyond which it is not made: less than a worker may take."""


class Price(NamedTuple):
    """What a look costs.

    Attributes
    ----------
    size
        Bytes at most while it is made, beyond what the process holds anyway.
    seconds
        Of one core.
    answer
        Bytes of what it gives.
    """

    size: float
    seconds: float
    answer: float = 10**5

    def within(self, bound: tuple[float, float]) -> bool:
        """Whether it costs no more than so many bytes and seconds."""
        return self.size <= bound[0] and self.seconds <= bound[1]


class TooLarge(Exception):
    """A look would cost more than any may; says what it would cost."""

    def __init__(self, price: Price) -> None:
        super().__init__(f"{price.size / 10**6:.0f} MB, {price.seconds:.0f} s")
        self.price = price

    def __reduce__(self) -> tuple[type[TooLarge], tuple[Price]]:
        return type(self), (self.price,)


def of_reading(run: Run, steps: int) -> Price:
    """Of a trace of so many time steps."""
    answer = BYTES_OF_A_VALUE * float(steps) * (_values(run) + run.inputs.size + run.outputs.size)
    seconds = _seconds(run, steps) + SECONDS_OF_A_SIGNAL * steps * _values(run)
    return Price(2.5 * answer + _weight_bytes(run), seconds, answer)


def of_holding(run: Run, steps: int, alternatives: int, least: int = 1) -> Price:
    """Of reading a text with things set from outside, or of writing: step by step, some alternatives at a time.

    Parameters
    ----------
    least
        How often the text is read at least, where there are several samples.
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
    """Of searching all units for some concepts in so many characters."""
    values = float(_states(run) * characters)
    seconds = networks * _seconds(run, characters) + values * (
        networks / 2 * SECONDS_OF_A_STATE + concepts * SECONDS_OF_A_CONCEPT
    )
    rows = _states(run)
    seconds += concepts * SECONDS_OF_A_PROBE * min(1.0, rows / 1_000) ** 1.5 * probes
    answer = 100.0 * concepts * rows
    return Price(min(SEARCHING_BYTES, 50 * values + 10**7) + _weight_bytes(run), seconds, answer)


def _seconds(run: Run, steps: int) -> float:
    """Of reading so many time steps at once."""
    said = 1 if run.arrangement.plan.pattern is Pattern.MANY_TO_ONE else steps
    effort = run.arrangement.effort(steps, said)
    return SECONDS_OF_A_LOOK + SECONDS_OF_A_READING * effort.steps + effort.multiplications / LOOKING_OPERATIONS


def _units(run: Run) -> int:
    return run.spec.layer_count * run.spec.hidden_size


def _values(run: Run) -> int:
    """Of all signals of all units at one time step."""
    return len(run.arrangement.signals) * _units(run)


def _states(run: Run) -> int:
    """Values of all states of all units at one time step."""
    return sum(signal.role is Role.STATE for signal in run.arrangement.signals.values()) * _units(run)


def _weight_bytes(run: Run) -> float:
    return float(COPIES * BYTES_OF_A_VALUE * sum(math.prod(shape) for shape in run.arrangement.shapes().values()))
