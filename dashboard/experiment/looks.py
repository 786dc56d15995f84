"""Looks inside a trained network, each a function: computed once, where there is room for torch."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.runs.run import Run
from core.texts import TextUnavailable
from dashboard.shell.words import label

if TYPE_CHECKING:
    import xarray as xr

    from core.concepts import Labels
    from core.signals import Line
    from core.units.finder import Finding


def trace(run: Run, probe: str) -> xr.Dataset:
    """Every signal inside the network of ``run`` as it reads ``probe``; computed once."""
    return _inside(run.spec.key, hashlib.sha256(probe.encode()).hexdigest(), "traces.tracing:trace", (run, probe))


def example(run: Run, seed: int) -> xr.Dataset:
    """The same for one example of the run's own task, drawn with ``seed``: what a task with numbers has for a text."""
    return _inside(run.spec.key, f"example {seed}", "traces.tracing:trace_example", (run, seed))


def free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> xr.Dataset:
    """Every signal inside the network of ``run`` while it writes ``length`` symbols itself, starting from ``first``."""
    options = {"temperature": temperature, "top_k": top_k, "seed": seed}
    asked = f"free run {first!r} {length} {sorted(options.items())}"
    return _inside(run.spec.key, asked, "traces.tracing:free_run", (run, first, length), options)


def worked(run: Run, trace: xr.Dataset, *, time: int, unit: int, layer: int = 0) -> Mapping[str, Line]:
    """The cell's equations with the numbers of one unit at one time step, as ``dashboard.equations`` draws them."""
    return _look("traces.worked:worked", run, trace, time=time, unit=unit, layer=layer)


def glance(run: Run, concept: str) -> Finding | None:
    """The unit of ``run`` that goes with ``concept`` best on a little unseen text; None if there is none here."""
    with suppress(TextUnavailable):
        return _inside(run.spec.key, f"glance at {concept}", "units.unseen:glance", (run, concept))
    return None


def findings(run: Run, concepts: Sequence[str]) -> Mapping[str, Finding] | None:
    """The same for several concepts on more of it."""
    with suppress(TextUnavailable):
        return _inside(run.spec.key, f"search for {concepts}", "units.unseen:find_each", (run, concepts))
    return None


def finding_marked(run: Run, asked: Hashable, text: str, labels: Labels) -> Finding:
    """The same for a concept of the reader's own, marked in a text that no training has seen.

    asked : what is marked and where, of which the labels follow; told from any other by its ``repr``
    """
    return _inside(run.spec.key, f"search for marked {asked!r}", "units.unseen:find_marked", (run, text, labels))


def what_if(function: str, run: Run, *arguments: Any, **options: Any) -> Any:
    """What follows in ``run`` from setting something in it; computed once.

    function : "module:name" below ``core``, called with the run and what follows; all of it told apart by its ``repr``

    None for a text that is not to be had here.
    """
    with suppress(TextUnavailable):
        return _followed(run.spec.key, repr((function, arguments, options)), function, (run, *arguments), options)
    return None


@st.cache_resource(max_entries=16, show_spinner=False)
def _inside(
    key: str, asked: str, _function: str, _arguments: tuple[Any, ...], _options: Mapping[str, Any] | None = None
) -> Any:
    return _look(_function, *_arguments, **(_options or {}))


@st.cache_resource(max_entries=128, show_spinner=False)
def _followed(
    key: str, asked: str, _function: str, _arguments: tuple[Any, ...], _options: Mapping[str, Any]
) -> Any:  # small, and many while a slider is moved: they must not push traces and searches out
    return _look(_function, *_arguments, **_options)


def _look(function: str, *arguments: Any, **options: Any) -> Any:
    from core.engine.engine import EngineUnavailable
    from core.engine.looking import look

    try:
        return look(function, *arguments, **options)
    except EngineUnavailable:
        st.error(label("train.failed_engine"))
        st.stop()
