"""The one bridge between pages and what runs or is kept elsewhere: jobs, the store, torch, Streamlit's caches.

A page asks ``finished(spec)`` for a result, draws ``training_panel([spec], key)`` to let the reader make one, and
``trace(run, probe)`` to look inside.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import store as runs
from core.runs.run import Run
from core.spec import RunSpec
from core.texts import TextUnavailable
from dashboard import address, controls, figure, remaining
from dashboard.removed import nothing_left
from dashboard.words import label

if TYPE_CHECKING:
    import xarray as xr

    from core.concepts import Labels
    from core.engine.job import Status
    from core.engine.queue import Queue
    from core.signals import Line
    from core.units.finder import Finding

BEAT = 1.0
"""Seconds between two looks at a training; nothing beats once it has ended."""

UNDISTURBED = 1.5
"""Seconds in which the browser fetches what the first page needs, before importing torch keeps this process busy."""

POINTS = 300
ROOM = 275
"""Pixels kept for the curve and its title, so that nothing below it moves when it comes, grows and goes."""

_warming = threading.Lock()


@dataclass(frozen=True)
class Watched:
    """One training as a page sees it while it runs and after it.

    update, loss, gradient_norm, clipped : at most 300 points of the curve so far, shape (point,); loss in the task's
        unit, the norm before clipping
    held_out_update, held_out_loss : evaluations on held-out examples
    updates : asked for
    goes : whether it waits or trains at this moment
    run : the result, once there is one
    """

    spec: RunSpec
    update: np.ndarray
    loss: np.ndarray
    gradient_norm: np.ndarray
    clipped: np.ndarray
    held_out_update: np.ndarray
    held_out_loss: np.ndarray
    updates: int
    goes: bool
    run: Run | None


Draw = Callable[[Sequence[Watched]], None]


def finished(spec: RunSpec) -> Run | None:
    """The result of an experiment if there is one: trained here, saved with the app, or kept in memory for now."""
    if not runs.has(spec.key):
        return None
    with suppress(runs.Missing):
        return _load(spec.key)
    return None


def training_panel(specs: Sequence[RunSpec], key: str, *, draw: Draw | None = None, reseed: bool = True) -> None:
    """One prominent button to train ``specs`` as one experiment; then how it goes, and Stop; then how it ended.

    Shows the place in the queue, then updates, loss and seconds left, and the curve as it grows, at most a second old.
    A reload finds the training again: it is known by its settings, not by the tab. When it ends the page is drawn anew
    once, so that ``finished`` gives the result.

    key : names the panel's widgets; one per page
    draw : draws the curves, growing and grown; without it, the loss of each
    reseed : offer another seed when all is trained; needs a setting ``seed`` on the page
    """
    specs = tuple(specs)
    if _active(specs):
        address.fragment(_panel, run_every=BEAT)(specs, key, draw or draw_losses, reseed)
    else:
        _panel(specs, key, draw or draw_losses, reseed)
    _say_problems()


def _look(function: str, *arguments: Any, **options: Any) -> Any:
    from core.engine.engine import EngineUnavailable
    from core.engine.looking import look

    try:
        return look(function, *arguments, **options)
    except EngineUnavailable:
        st.error(label("train.failed_engine"))
        st.stop()


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
    return _inside(run.spec.key, asked, "traces.writing:free_run", (run, first, length), options)


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


def provenance(run: Run) -> None:
    """Say where a figure's numbers come from: trained here or saved with the app; seed, updates, seconds, machine.

    Its settings, its curve, its weights and a script that trains it without this project are one press away.
    """
    key = run.spec.key
    figure.provenance(run, trained_here=runs.store().has(key) or runs.unsaved().has(key))


def warm_up() -> None:
    """After the first page is drawn: start the engine, import torch, freeze what is loaded."""
    if _warming.acquire(blocking=False):  # never released: once per process
        waiting = threading.Timer(UNDISTURBED, _warm_up)
        waiting.daemon = True
        waiting.start()


def reader() -> str:
    """This reader, for the bound of two experiments at a time: the browser's cookie, else the session; never the IP."""
    context = get_script_run_ctx()
    cookie = st.context.cookies.get("_streamlit_xsrf")
    return hashlib.sha256(str(cookie or (context and context.session_id)).encode()).hexdigest()[:16]


# The panel. The same elements in the same places whether it beats or rests, so that the browser keeps them.


def _panel(specs: tuple[RunSpec, ...], key: str, draw: Draw, reseed: bool) -> None:
    results = [finished(spec) for spec in specs]
    who = "" if all(results) else reader()
    statuses = [None if run else _queue().status(spec.key, who) for spec, run in zip(specs, results, strict=True)]
    going = [status for status in statuses if status and _goes(status)]
    beats = bool(get_script_run_ctx() and get_script_run_ctx().fragment_ids_this_run)  # type: ignore[union-attr]
    if beats and not going:
        st.rerun()
    side_by_side = _side_by_side(statuses, key)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if going:
            st.button(label("train.stop"), icon=":material/stop:", key=f"{key}-stop", on_click=_stop, args=(specs,))
            with st.container(width="stretch"):
                st.progress(*_progress(specs, results, statuses, side_by_side))
        else:
            _button(specs, results, key, reseed)
            scored = results[0] if len(specs) == 1 else None
            st.markdown(_sentence(specs, results, statuses), width="stretch", help=_explained(scored))
    refusal = st.session_state.get(f"{key}-refusal")
    if refusal:
        st.warning(refusal)
    draw([_watched(*one) for one in zip(specs, results, statuses, strict=True)])


def _button(specs: tuple[RunSpec, ...], results: Sequence[Run | None], key: str, reseed: bool) -> None:
    if any(run is None for run in results):
        blocked = not all(map(controls.readable, specs))
        controls.main_button(
            label("train.button"), f"{key}-train", on_click=_start, args=(specs, key), disabled=blocked
        )
    elif reseed:
        explained = label("controls.seed_help")
        controls.main_button(
            label("train.another"), f"{key}-another", on_click=_start_anew, args=(specs, key), help=explained
        )


def _side_by_side(statuses: Sequence[Status | None], key: str) -> int:
    """How many train at a time: at this look or at the last, because a place that one has left is soon taken again."""
    before = st.session_state.get(f"{key}-side-by-side", 0)
    now = sum(_trains(status) for status in statuses)
    st.session_state[f"{key}-side-by-side"] = now
    return max(before, now)


def _progress(
    specs: Sequence[RunSpec],
    results: Sequence[Run | None],
    statuses: Sequence[Status | None],
    side_by_side: int,
) -> tuple[float, str]:
    """Share that is done, and the line above it."""
    parts = [_part(*one) for one in zip(specs, results, statuses, strict=True)]
    asked, done = sum(part.updates for part in parts), sum(part.done for part in parts)
    going = [status for status in statuses if status and _goes(status)]
    if not side_by_side:
        places = [status.place for status in going if status.place]
        if places:
            return done / asked, label("train.queued", place=min(places))
        starting = any(one.state == "starting" for one in going)
        return done / asked, label("train.starting" if starting else "train.handed_over")
    words = [label("train.progress", done=done, asked=asked)]
    if len(specs) > 1:
        words.append(label("train.several", count=len(specs), updates=specs[0].updates))
    elif going[0].points.loss:
        words.append(label("train.loss", loss=going[0].points.loss[-1]))
    left = remaining.seconds_left(parts, side_by_side)
    if left is not None:
        words.append(label("train.seconds_left", seconds=left))
    if any(_trains(status) and status.attempt > 1 for status in going):
        words.append(label("train.repeated"))
    if all(status.declined for status in going):
        words.append(label("train.others_wait"))
    return min(1.0, done / asked), " · ".join(words)


def _part(spec: RunSpec, run: Run | None, status: Status | None) -> remaining.Part:
    part = remaining.Part(spec.cell, spec.cost, spec.updates)
    if run:
        here = runs.store().has(spec.key)  # what is saved with the app was trained on another machine
        return replace(part, done=spec.updates, seconds=run.metrics.get("seconds") if here else None)
    if not _trains(status):
        return part
    left = spec.updates - status.update
    known = status.seconds_left is not None and left > 0
    seconds = status.seconds_left / left * status.update if known else None
    return replace(part, done=status.update, seconds=seconds, trains=True)


def _sentence(specs: Sequence[RunSpec], results: Sequence[Run | None], statuses: Sequence[Status | None]) -> str:
    """How it ended, or what it will take."""
    told: dict[str, list[str]] = {}  # by sentence, whom it is about
    seeded = len({spec.seed for spec in specs}) > 1
    for spec, run, status in zip(specs, results, statuses, strict=True):
        name = controls.option("cell", spec.cell)
        if seeded:
            name = label("train.seeded", name=name, seed=spec.seed)
        for sentence in _sentences(spec, run, status, alone=len(specs) == 1):
            told.setdefault(sentence, []).append(name)
    lines = [
        sentence
        if len(names) == len(specs)
        else label("train.about", names=label("train.comma").join(names)) + sentence
        for sentence, names in told.items()
    ]
    settled = all(run or (status and status.state == "failed") for run, status in zip(results, statuses, strict=True))
    if not (lines and settled):
        lines.append(_tally(specs, results, statuses))
    return "  \n".join(lines)


def _sentences(spec: RunSpec, run: Run | None, status: Status | None, *, alone: bool) -> list[str]:
    """What there is to say of one training; what several have in common is left to their tally."""
    told = []
    if run and run.outcome == "diverged":
        advice = "clip" if spec.clip_norm is None else "slower"
        told.append(label("train.diverged", update=run.diverged_at) + " " + label(f"train.advice_{advice}"))
    elif run and alone:
        told.append(_score(run))
    elif status and status.state == "failed":
        told.append(label(f"train.failed_{status.error}"))
    if run and (nothing := nothing_left(run)):
        told.append(nothing)
    if run and runs.unsaved().has(spec.key):
        told.append(label("train.unsaved"))
    return told


def _tally(specs: Sequence[RunSpec], results: Sequence[Run | None], statuses: Sequence[Status | None]) -> str:
    """How many are trained, and what became of the others or what they will take."""
    trained = [run for run in results if run]
    stopped = [status.update for status in statuses if status and status.state == "cancelled"]
    numbers = {"count": len(specs), "trained": len(trained), "missing": len(specs) - len(trained)}
    if len(trained) == len(specs):
        seconds = sum(run.metrics.get("seconds", 0.0) for run in trained)
        return label("train.all_finished", seconds=seconds, **numbers)
    if stopped and len(specs) == 1:
        return label("train.cancelled", update=stopped[0], updates=specs[0].updates)
    if stopped:
        begun = sum(update > 0 for update in stopped)
        return label("train.cancelled_several", begun=begun, untouched=numbers["missing"] - begun, **numbers)
    cost = sum(spec.cost for spec, run in zip(specs, results, strict=True) if run is None)
    return label("train.cost_of_rest" if trained else "train.cost", seconds=cost, **numbers)


def _explained(run: Run | None) -> str | None:
    """What the words of a score mean."""
    if run is None or run.outcome == "diverged":
        return None
    return label("train.score_help" if "bits_per_character" in run.metrics else "train.held_out_help")


def _score(run: Run) -> str:
    facts = {name: run.metrics.get(name, float("nan")) for name in ("updates", "seconds", "held_out_loss")}
    bits = run.metrics.get("bits_per_character")
    if bits is None:
        return label("train.finished", **facts)
    return label("train.finished_text", bits=bits, perplexity=run.metrics.get("perplexity", float("nan")), **facts)


def _watched(spec: RunSpec, run: Run | None, status: Status | None) -> Watched:
    if run:
        curves = run.curves
        kept = _thinned(len(curves["loss"]))
        update = kept + 1
        found = {name: curves[name][kept] for name in ("loss", "gradient_norm", "clipped")}
        found |= {name: curves[name] for name in ("held_out_update", "held_out_loss")}
    else:
        points: Any = status.points if status else None
        names = ("update", "loss", "gradient_norm", "clipped", "held_out_update", "held_out_loss")
        found = {name: np.asarray(getattr(points, name, ()), dtype=float) for name in names}
        update = found.pop("update")
    goes = bool(status and _goes(status))
    return Watched(spec=spec, update=update, updates=spec.updates, goes=goes, run=run, **found)


def _thinned(count: int) -> np.ndarray:
    """At most 300 positions of ``count``, evenly spaced, the last one among them."""
    if count <= POINTS:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, POINTS).round().astype(int))


def draw_losses(watched: Sequence[Watched]) -> None:
    from dashboard.charts import training

    unit = watched[0].spec.task
    with st.container(height=ROOM, border=False):
        started = any(len(one.update) for one in watched)
        waiting = label("train.first_points") if not started and any(one.goes for one in watched) else None
        top = training.ceiling(watched, empty=5.0 if unit == "characters" else 0.5)
        updates = max(one.updates for one in watched)
        names = tuple(dict.fromkeys(one.spec.cell for one in watched))
        words = {
            "loss": label(f"train.axis_{unit}") if unit in ("characters", "adding") else label("train.axis"),
            "update": label("train.axis_update"),
            "held_out": label("train.held_out"),
            "training": label("train.training"),
        } | {name: controls.option("cell", name) for name in names}
        figure.show(
            lambda: training.losses(updates=updates, top=top, cells=names, words=words),
            name="losses",
            decided_by=(updates, top, names, unit),
            data=lambda: training.loss_frames(watched, waiting),
            data_decided_by=tuple(one.spec.key for one in watched) if all(one.run for one in watched) else None,
            title=label("train.losses"),
            alt=label("train.losses_alt", updates=updates),
        )


def _say_problems() -> None:
    """One line for what is wrong with the store, if anything is."""
    torn = runs.store().torn()
    if torn:
        st.caption(":material/warning: " + label("train.torn", count=len(torn)))


# What the buttons do


def _start(specs: tuple[RunSpec, ...], key: str) -> None:
    from core.engine.queue import Refused

    st.session_state.pop(f"{key}-refusal", None)
    try:
        _queue().submit(specs, reader())
    except Refused as refusal:
        st.session_state[f"{key}-refusal"] = label(f"train.refused_{refusal.reason}", **refusal.values)


def _start_anew(specs: tuple[RunSpec, ...], key: str) -> None:
    """The same with seeds that nobody has seen on this page yet."""
    count = len({spec.seed for spec in specs})
    anew = tuple(spec.later_seed(count) for spec in specs)
    address.change({"seed": anew[0].seed})
    _start(anew, key)


def _stop(specs: tuple[RunSpec, ...]) -> None:
    _queue().cancel([spec.key for spec in specs], reader())


def _active(specs: Sequence[RunSpec]) -> bool:
    # Without a run there is nothing to wait for, and the queue is not even imported before the first page is drawn.
    missing = [spec for spec in specs if not runs.has(spec.key)]
    who = reader() if missing else ""
    return any(_goes(_queue().status(spec.key, who)) for spec in missing)


def _trains(status: Status | None) -> bool:
    return status is not None and status.state == "training"


def _goes(status: Status) -> bool:
    return status.state in sys.modules["core.engine.job"].ACTIVE


def _queue() -> Queue:
    from core.engine.queue import queue

    return queue()


@st.cache_resource(max_entries=24, show_spinner=False)
def _load(key: str) -> Run:
    return runs.load(key)


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


def _warm_up() -> None:
    with suppress(ImportError, OSError, ValueError):  # no such limits on Windows; a limit that may not be raised
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # four descriptors per open tab
    from core.engine import looking, queue

    queue.warm()
    if not looking.elsewhere():
        import core.traces.tracing  # noqa: F401
    gc.collect()
    gc.freeze()
