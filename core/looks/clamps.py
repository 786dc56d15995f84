"""Looks at what follows when something in a network is set from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.looks.look import look
from core.looks.price import Price, of_holding
from core.runs.run import Run
from core.signals import Role

if TYPE_CHECKING:
    import pandas as pd

    from core.interventions.outcomes import Cost, Edit, Gated, Sweep
    from core.interventions.targets import OwnPattern
    from core.traces.clamp import Clamp

DRAWN = 22
"""Readings for one clamp: as learned, with the clamp, and with the same clamp on twenty choices of other units."""

WRITTEN = 400
SWEPT, WRITINGS = 18, 5
"""A sweep's values, nine for the units and nine for others, and how many samples are written at each."""


def _price_of_text(run: Run) -> Price:
    return Price(10**6, 0.1)


@look(_price_of_text)
def unseen_for_clamps(run: Run) -> str:
    """Return unseen text that took no part in choosing a unit. Raises TextUnavailable."""
    from core.interventions import cost

    return cost.unseen_for_clamps(run)


def _price_of_cost(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern) -> Price:
    return of_holding(run, len(text), DRAWN)


@look(_price_of_cost)
def cost(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern) -> Cost:
    """Return what ``clamp`` adds to the loss, by class of the concept, compared with other units held the same way."""
    from core.interventions import cost

    return cost.cost(run, text, clamp, concept)


def _price_of_gated(run: Run, text: str, clamp: Clamp, state: str, unit: int) -> Price:
    return of_holding(run, len(text), DRAWN + 2, least=2)


@look(_price_of_gated)
def gated(run: Run, text: str, clamp: Clamp, state: str, unit: int) -> Gated:
    """Return a text read with a gate as learned and held, step by step, and what holding it in other units costs."""
    from core.interventions import gating

    return gating.gated(run, text, clamp, state, unit)


def _price_of_compared(run: Run, text: str, units: tuple[int, ...] | None, layer: int) -> Price:
    gates = sum(signal.role is Role.GATE for signal in run.arrangement.signals.values())
    return of_holding(run, len(text), 1 + 2 * gates)


@look(_price_of_compared)
def compared(run: Run, text: str, units: tuple[int, ...] | None, layer: int) -> pd.DataFrame:
    """Return what each gate adds to the mean loss when it is held open and when it is held shut."""
    from core.interventions import gating

    return gating.compared(run, text, units, layer)


def _price_of_edit(run: Run, text: str, clamp: Clamp) -> Price:
    return of_holding(run, len(text), DRAWN)


@look(_price_of_edit)
def edit(run: Run, text: str, clamp: Clamp) -> Edit:
    """Return how long one change of a state lasts, compared with changes as large in other units."""
    from core.interventions import editing

    return editing.edit(run, text, clamp)


def _price_of_writing(run: Run, text: str, clamp: Clamp, seed: int, prompt: str) -> Price:
    return of_holding(run, max(len(text), len(prompt) + WRITTEN), 2)


@look(_price_of_writing)
def write(run: Run, text: str, clamp: Clamp, seed: int, prompt: str) -> tuple[str, str]:
    """Return what the network writes as learned, and what it writes under ``clamp``."""
    from core.interventions import writing

    return writing.write(run, text, clamp, seed, prompt)


def _price_of_sweep(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern, prompt: str) -> Price:
    return of_holding(run, len(prompt) + WRITTEN, SWEPT * WRITINGS, least=WRITINGS)


@look(_price_of_sweep)
def sweep(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern, prompt: str) -> Sweep:
    """Return how strongly ``concept`` shows in what the network writes with units held at nine values."""
    from core.interventions import writing

    return writing.sweep(run, text, clamp, concept, prompt)
