"""The one bridge between pages and what runs or is kept elsewhere: jobs, the store, torch, Streamlit's caches.

A page asks ``finished(spec)`` for a result, draws ``training_panel([spec], key)`` to let the reader make one, and
``trace(run, probe)`` to look inside.
"""

import gc
import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st
import xarray as xr
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.run import Run
from core.runs.store import Torn, saved, store
from core.spec import RunSpec
from dashboard import figure
from dashboard.controls import number
from dashboard.words import label

if TYPE_CHECKING:
    from core.worked import Line

ACTIVE = ("starting", "queued", "training")
_tracing = threading.Lock()
_warming = threading.Lock()


def finished(spec: RunSpec) -> Run | None:
    """The result of an experiment if there is one: trained here, else saved with the app."""
    for place in (store(), saved()):
        if place.has(spec.key):
            try:
                return _load(spec.key, place is saved())
            except Torn:
                st.warning(label("train.torn", key=spec.key))
    return None


def training_panel(specs: Sequence[RunSpec], key: str) -> None:
    """One prominent button to train ``specs``; then place in the queue, progress and Stop; at the end a sentence.

    Nothing is drawn twice a second but what changes, and nothing at all once every run has ended.
    """
    missing = [spec for spec in specs if not store().has(spec.key)]
    active = any(_status(spec).state in ACTIVE for spec in missing)
    if active:
        _progress(tuple(specs), key)
    else:
        _button(missing, key)


def trace(run: Run, probe: str) -> xr.Dataset:
    """Every signal inside the network of ``run`` as it reads ``probe``; computed once, here, on one thread."""

    def read() -> xr.Dataset:
        from core.tracing import trace

        return trace(run, probe)

    return _inside(run.spec.key, hashlib.sha256(probe.encode()).hexdigest(), read)


def example(run: Run, seed: int) -> xr.Dataset:
    """The same for one example of the run's own task, drawn with ``seed``: what a task with numbers has for a text."""

    def read() -> xr.Dataset:
        import torch

        from core.tasks import tasks
        from core.tracing import trace

        task = tasks[run.spec.task](**dict(run.spec.options))
        batches = task.batches(1, run.spec.truncation_length, torch.Generator().manual_seed(seed))
        return trace(run, next(batches))

    return _inside(run.spec.key, f"example {seed}", read)


def free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> xr.Dataset:
    """Every signal inside the network of ``run`` while it writes ``length`` symbols itself, starting from ``first``."""

    def write() -> xr.Dataset:
        from core.tracing import free_run

        return free_run(run, first, length, temperature=temperature, top_k=top_k, seed=seed)

    return _inside(run.spec.key, f"free run {first!r} {length} {temperature} {top_k} {seed}", write)


def worked(run: Run, trace: xr.Dataset, *, time: int, unit: int, layer: int = 0) -> Mapping[str, "Line"]:
    """The cell's equations with the numbers of one unit at one time step, as ``dashboard.equations`` draws them."""
    from core.worked import worked

    with _tracing:
        return worked(run, trace, time=time, unit=unit, layer=layer)


def provenance(run: Run) -> None:
    """Say where a figure's numbers come from: trained here or saved with the app; seed, updates, seconds, machine."""
    figure.provenance(run, trained_here=store().has(run.spec.key))


def warm_up() -> None:
    """After the first page is drawn: start the engine, import torch, freeze what is loaded."""
    if _warming.acquire(blocking=False):  # never released: once per process
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def reader() -> str:
    """This reader, for the bound of two experiments at a time: the browser's cookie, else the session."""
    context = get_script_run_ctx()
    cookie = st.context.cookies.get("_streamlit_xsrf")
    return hashlib.sha256(str(cookie or (context and context.session_id)).encode()).hexdigest()[:16]


@st.fragment(run_every=1)
def _progress(specs: tuple[RunSpec, ...], key: str) -> None:
    states = [_status(spec) for spec in specs]
    if not any(one.state in ACTIVE for one in states):
        st.rerun()
    done, asked = sum(one.update for one in states), sum(one.updates for one in states)
    st.progress(done / max(asked, 1), text=label("train.progress", done=number(done), asked=number(asked)))
    st.button(label("train.stop"), key=f"{key}-stop", on_click=_stop, args=(specs,))


def _button(specs: Sequence[RunSpec], key: str) -> None:
    st.button(
        label("train.button"),
        key=f"{key}-train",
        type="primary",
        on_click=_start,
        args=(specs, key),
        disabled=not specs,
    )
    refusal = st.session_state.get(f"{key}-refusal")
    if refusal:
        st.warning(refusal)


def _start(specs: Sequence[RunSpec], key: str) -> None:
    from core.runs.queue import Refused, queue

    st.session_state.pop(f"{key}-refusal", None)
    try:
        for spec in specs:
            queue().submit(spec, reader())
    except Refused as refusal:
        st.session_state[f"{key}-refusal"] = str(refusal)


def _stop(specs: Sequence[RunSpec]) -> None:
    from core.runs.queue import queue

    for spec in specs:
        queue().cancel(spec.key, reader())


def _status(spec: RunSpec):
    from core.runs.queue import queue

    return queue().status(spec.key)


@st.cache_resource(max_entries=32, show_spinner=False)
def _load(key: str, is_saved: bool) -> Run:
    return (saved() if is_saved else store()).load(key)


@st.cache_resource(max_entries=32, show_spinner=False)
def _inside(key: str, asked: str, _look: Callable[[], xr.Dataset]) -> xr.Dataset:
    import torch

    with _tracing:
        torch.set_num_threads(1)
        return _look()


def _warm_up() -> None:
    from core.runs import queue

    queue.warm()
    import torch

    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()
