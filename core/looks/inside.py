"""Looks at everything that happens inside a network while it reads or writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.looks.look import look
from core.looks.price import Price, of_holding, of_reading
from core.runs.run import Run

if TYPE_CHECKING:
    import xarray

    from core.signals import Line


def _price_of_trace(run: Run, probe: str) -> Price:
    return of_reading(run, len(probe))


@look(_price_of_trace)
def trace(run: Run, probe: str) -> xarray.Dataset:
    """Return every signal inside the network of ``run`` as it reads ``probe``."""
    from core.traces import tracing

    return tracing.trace(run, probe)


def _price_of_example(run: Run, seed: int) -> Price:
    return of_reading(run, sum(run.spec.build_task().lengths(run.spec.truncation_length)))


@look(_price_of_example)
def trace_example(run: Run, seed: int) -> xarray.Dataset:
    """Return every signal as the network reads one example of its own task, drawn with ``seed``."""
    from core.traces import tracing

    return tracing.trace_example(run, seed)


def _price_of_free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> Price:
    return of_holding(run, length, 1)._replace(answer=of_reading(run, length).answer)


@look(_price_of_free_run)
def free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> xarray.Dataset:
    """Return every signal while the network writes ``length`` symbols itself, starting from ``first``."""
    from core.traces import writing

    return writing.free_run(run, first, length, temperature=temperature, top_k=top_k, seed=seed)


def _price_of_worked(
    run: Run, trace: xarray.Dataset, *, time: int, unit: int, layer: int = 0, direction: int = 0, example: int = 0
) -> Price:
    return of_reading(run, 1)


@look(_price_of_worked)
def worked(
    run: Run, trace: xarray.Dataset, *, time: int, unit: int, layer: int = 0, direction: int = 0, example: int = 0
) -> Mapping[str, Line]:
    """Return the cell's equations with the numbers of one unit at one time step."""
    from core.traces import worked as equations

    return equations.worked(run, trace, time=time, unit=unit, layer=layer, direction=direction, example=example)
