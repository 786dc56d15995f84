"""What a look inside a network costs, estimated before it is made: where it may run, and whether it may at all.

Measured in docs/decisions/looks.md.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from core.networks import Pattern
from core.runs.run import Run
from core.signals import Role

SECONDS_OF_A_READING, LOOKING_OPERATIONS = 1e-4, 2.5e10
"""Of one core: a readable time step of a layer, and multiplications of a batch a second."""

BYTES_OF_A_STATE = 50
"""Of each value of a unit that is searched: as it was read, in both networks, ranked, and in shares."""

SECONDS_OF_A_STATE = 5e-7
"""Of each value of a unit, to sort it and to score it with a hundred shuffles."""

BRIEF = 40 * 10**6, 0.25
"""Bytes and seconds up to which a look is made at once in the process that serves all readers."""

HERE = 280 * 10**6, 4.0
"""Bytes and seconds up to which it is made there, one at a time, as long as there is no worker to make it."""

AT_ALL = 1_200 * 10**6, 120.0
"""Bytes and seconds beyond which it is not made: less than a worker may take."""

SEARCHED_STATES = AT_ALL[0] // BYTES_OF_A_STATE
"""Values of units that a search may hold: of a large network it reads fewer characters."""

ALTERNATIVES = {
    "interventions.cost:cost": 22,
    "interventions.gating:gated": 24,
    "interventions.gating:compared": 9,
    "interventions.editing:edit": 22,
    "interventions.writing:write": 2,
    "interventions.writing:sweep": 90,
}
"""How often a look reads or writes its text beside itself."""

SEARCHES = {
    "units.unseen:glance": (1, 4_000),
    "units.unseen:find_each": (1, 20_000),
    "units.unseen:find_marked": (1, 20_000),
    "units.emergence:emergence_unseen": (4, 20_000),
    "units.matching:match_unseen": (1, 20_000),
}
"""Looks that hold what every unit does with a long text: how many times as long as one search, and of how much text."""

WRITTEN = 400
COPIES = 3
"""Of a network's weights while it is looked at: as they are kept, as they came, and as torch has them."""


class Price(NamedTuple):
    """What a look costs.

    Attributes
    ----------
    size
        Bytes.
    seconds
        Of one core.
    """

    size: float
    seconds: float

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


def price(function: str, run: Run, arguments: tuple[Any, ...]) -> Price:
    """Of a look at ``run`` by its name, "module:function", with what it is asked."""
    length = max((len(one) for one in arguments if isinstance(one, str)), default=0)
    if function in SEARCHES:
        characters = length if function.endswith("find_marked") else searched_characters(run, SEARCHES[function][1])
        values = _states_of_a_step(run) * characters
        reading = _read(run, characters, 1).seconds
        return Price(BYTES_OF_A_STATE * values, SEARCHES[function][0] * (2 * reading + SECONDS_OF_A_STATE * values))
    if function in ALTERNATIVES:
        return _read(run, max(length, WRITTEN), ALTERNATIVES[function], kept=1)
    if function.endswith(":trace_example"):  # its number is a seed
        length, arguments = max(run.spec.build_task().lengths(run.spec.truncation_length)), ()
    numbers = [one for one in arguments if type(one) is int]
    return _read(run, max([length, *numbers, 1]), 1, kept=len(run.arrangement.signals))


def searched_characters(run: Run, most: int = 20_000) -> int:
    """How many characters of a text a search of ``run`` may read: fewer of a network with many units."""
    return min(most, int(SEARCHED_STATES / max(_states_of_a_step(run), 1)))


def _states_of_a_step(run: Run) -> int:
    """Values of all states of all units at one time step."""
    states = sum(signal.role is Role.STATE for signal in run.arrangement.signals.values())
    return states * run.spec.layer_count * run.spec.hidden_size


def _read(run: Run, steps: int, alternatives: int, kept: int = 2) -> Price:
    """Return the price of reading so many time steps, with so many alternatives beside each other.

    Parameters
    ----------
    kept
        How many signals of every unit are held at the end.
    """
    arrangement = run.arrangement
    said = 1 if arrangement.plan.pattern is Pattern.MANY_TO_ONE else steps
    effort = arrangement.effort(steps, said)
    wide = run.spec.layer_count * run.spec.hidden_size * kept + 3 * run.inputs.size + 3 * run.outputs.size
    seconds = SECONDS_OF_A_READING * effort.steps + alternatives * effort.multiplications / LOOKING_OPERATIONS
    weights = sum(math.prod(shape) for shape in arrangement.shapes().values())
    return Price(4.0 * (2 * steps * alternatives * wide + COPIES * weights), seconds)
