"""Looks inside a trained network: each is a function here, computed once and kept.

The functions of ``core`` that compute them need torch, which a page must not load: on a small host only a worker has
room for it. So a module of ``core`` that needs torch is named here, not imported. To an editor and a type checker the
name is the module itself.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from core.once import MEGABYTE, Kept
from core.runs.run import Run
from core.texts import TextUnavailable
from dashboard.shell.words import label

SECONDS_OF_A_TRACE, SECONDS_TO_TRACE_AGAIN = 75.0, 0.3
"""How long a trace is kept that nobody looks at, and how long a reader who comes back may wait for it."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Named:
    """The name of a module of ``core``. Its attributes are the names under which a worker finds its functions."""

    def __init__(self, module: str) -> None:
        self.module = module

    def __getattr__(self, function: str) -> str:
        return f"{self.module}:{function}"


if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from core.concepts import Labels
    from core.interventions import cost as costs
    from core.interventions import editing, gating, writing
    from core.interventions.cost import Cost
    from core.interventions.editing import Edit
    from core.interventions.gating import Gated
    from core.interventions.targets import OwnPattern
    from core.interventions.writing import Sweep
    from core.signals import Line
    from core.traces import tracing
    from core.traces import worked as equations
    from core.traces import writing as free_running
    from core.traces.clamp import Clamp
    from core.units import emergence as emergences
    from core.units import matching, unseen
    from core.units.emergence import Emergence
    from core.units.finder import Finding
    from core.units.matching import Matches
else:
    costs, editing = Named("interventions.cost"), Named("interventions.editing")
    gating, writing = Named("interventions.gating"), Named("interventions.writing")
    tracing, equations = Named("traces.tracing"), Named("traces.worked")
    free_running = Named("traces.writing")
    emergences, matching, unseen = Named("units.emergence"), Named("units.matching"), Named("units.unseen")


def trace(run: Run, probe: str) -> xr.Dataset:
    """Return every signal inside the network of ``run`` as it reads ``probe``."""
    return _inside(tracing.trace, hashlib.sha256(probe.encode()).hexdigest(), run, probe)


def example(run: Run, seed: int) -> xr.Dataset:
    """Return every signal as it reads one example of its own task, drawn with ``seed``.

    A task with numbers has examples where a task with texts has a passage.
    """
    return _inside(tracing.trace_example, f"example {seed}", run, seed)


def free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> xr.Dataset:
    """Return every signal while the network writes ``length`` symbols itself, starting from ``first``."""
    asked = f"free run {first!r} {length} {temperature} {top_k} {seed}"
    return _inside(free_running.free_run, asked, run, first, length, temperature=temperature, top_k=top_k, seed=seed)


def worked(
    run: Run, trace: xr.Dataset, *, time: int, unit: int, layer: int = 0, direction: int = 0
) -> Mapping[str, Line]:
    """Return the cell's equations with the numbers of one unit at one time step.

    ``dashboard.figures.equations`` draws them.
    """
    return _look(equations.worked, run, trace, time=time, unit=unit, layer=layer, direction=direction)


def glance(run: Run, concept: str) -> Finding | None:
    """Return the unit that goes best with ``concept`` on a little unseen text; None if there is none here."""
    with suppress(TextUnavailable):
        return _inside(unseen.glance, f"glance at {_searched(run)} characters for {concept}", run, concept)
    return None


def findings(run: Run, concepts: Sequence[str]) -> Mapping[str, Finding] | None:
    """Return the unit that goes best with each of several concepts, on more unseen text; None if there is none here."""
    with suppress(TextUnavailable):
        return _inside(unseen.find_each, f"search of {_searched(run)} characters for {concepts}", run, concepts)
    return None


def foresee_findings(run: Run, concepts: tuple[str, ...]) -> None:
    """Begin that search in the background for readers who are about to ask for it, if there is a worker to make it."""
    from core.engine.queue import queue

    asked = run.spec.key, concepts
    if asked in _foreseen or not queue().connected:
        return
    _foreseen.add(asked)

    def search() -> None:
        with suppress(Exception, StopException):  # who asks for it in earnest is told what is wrong
            findings(run, concepts)

    threading.Thread(target=search, daemon=True).start()


def finding_marked(run: Run, asked: Hashable, text: str, labels: Labels) -> Finding:
    """Return the unit that goes best with a concept of the reader's own, marked in an unseen text.

    Parameters
    ----------
    asked
        What is marked and where, from which the labels follow. Its ``repr`` tells it from any other.
    """
    return _inside(unseen.find_marked, f"search for marked {asked!r}", run, text, labels)


def matches(run: Run, probe: str, begin: int, end: int) -> Matches | None:
    """Return passages of unseen text in which the same units are active; None if there is no such text here."""
    with suppress(TextUnavailable):
        return _followed(matching.match_unseen, run, probe, begin, end)
    return None


def emergence(run: Run, concept: str | OwnPattern) -> Emergence | None:
    """Return how well each unit knew ``concept`` earlier in training; None if there is no unseen text here."""
    with suppress(TextUnavailable):
        return _followed(emergences.emergence_unseen, run, concept)
    return None


def text_for_clamps(run: Run) -> str | None:
    """Return unseen text that took no part in choosing a unit; None if there is none here."""
    with suppress(TextUnavailable):
        return _followed(costs.unseen_for_clamps, run)
    return None


def cost(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern) -> Cost:
    """Return what the network loses under ``clamp``, by class of the concept, beside other units held the same way."""
    return _followed(costs.cost, run, text, clamp, concept)


def gated(run: Run, text: str, clamp: Clamp, state: str, unit: int) -> Gated:
    """Return a text read with a gate held, moment by moment, beside the same in other units."""
    return _followed(gating.gated, run, text, clamp, state, unit)


def gates_compared(run: Run, text: str, units: tuple[int, ...] | None, layer: int) -> pd.DataFrame:
    """Return what each gate adds to the mean loss when it is held open and when it is held shut."""
    return _followed(gating.compared, run, text, units, layer)


def edit(run: Run, text: str, clamp: Clamp) -> Edit:
    """Return how long one change of a state lives, beside changes as large in other units."""
    return _followed(editing.edit, run, text, clamp)


def written(run: Run, text: str, clamp: Clamp, seed: int, prompt: str) -> tuple[str, str]:
    """Return what the network writes as learned, and what it writes under ``clamp``."""
    return _followed(writing.write, run, text, clamp, seed, prompt)


def swept(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern, prompt: str) -> Sweep:
    """Return how strongly ``concept`` shows in what the network writes with units held at nine values."""
    return _followed(writing.sweep, run, text, clamp, concept, prompt)


def forget_ended() -> None:
    """Forget traces that nobody has looked at for more than a minute. A search, which takes seconds, stays."""
    _large_answers.forget_cheap(unused_for=SECONDS_OF_A_TRACE, made_in=SECONDS_TO_TRACE_AGAIN)


def _inside(
    function: Callable[Concatenate[Run, Given], Answer],
    asked: str,
    run: Run,
    *arguments: Given.args,
    **options: Given.kwargs,
) -> Answer:
    """Return a large answer, kept under ``asked``."""
    return cast(
        Answer,
        _large_answers.get((run.spec.key, asked, str(function)), partial(_look, function, run, *arguments, **options)),
    )


def _followed(
    function: Callable[Concatenate[Run, Given], Answer], run: Run, *arguments: Given.args, **options: Given.kwargs
) -> Answer:
    """Return a small answer, kept under the ``repr`` of all that it was asked with."""
    asked = repr((function, arguments, options))
    return cast(Answer, _small_answers.get((run.spec.key, asked), partial(_look, function, run, *arguments, **options)))


_large_answers: Kept[Any] = Kept(96 * MEGABYTE)
_small_answers: Kept[Any] = Kept(24 * MEGABYTE)
"""Many of them while a slider is moved: they must not push traces and searches out."""


_foreseen: set[tuple[str, tuple[str, ...]]] = set()
"""Searches that were begun before anybody asked for them."""


def _searched(run: Run) -> int:
    """Return how many characters a search reads here, on which what it finds depends."""
    from core.units.unseen import searched_length  # with pandas, which the first page does without

    return searched_length(run)


def _look(
    function: Callable[Concatenate[Run, Given], Answer], run: Run, *arguments: Given.args, **options: Given.kwargs
) -> Answer:
    """Call a function of ``core`` where there is room for torch. The page stops in words if no engine answers."""
    from core.engine.engine import EngineUnavailable
    from core.engine.looking import look
    from core.runs.price import TooLarge

    try:
        return cast(Answer, look(str(function), run, *arguments, **options))
    except EngineUnavailable:
        st.error(label("train.failed_engine"))
    except TooLarge as refused:
        cost = refused.price
        st.warning(label("train.look_too_large", megabytes=cost.size / MEGABYTE, seconds=cost.seconds))
    st.stop()
