"""Looks inside a trained network, as pages ask for them: computed once, kept, and shown with their progress.

The looks themselves are functions of ``core.looks``. A page gets the answer of one. While a long look is computed, the
page shows how far it has come. The look ends early when the reader leaves or asks for something else, unless other
readers wait for it too.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from core.looks import clamps, inside, units
from core.looks.joint import Joint
from core.looks.look import Look, TooMany, UnderWay
from core.looks.price import TooLarge
from core.once import MEGABYTE, Kept
from core.runs.run import Run
from core.texts import TextUnavailable
from core.units.searched import FIRST_LOOK, searched_length
from dashboard.shell.words import label

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from streamlit.delta_generator import DeltaGenerator

    from core.concepts import Labels
    from core.interventions.outcomes import Cost, Edit, Gated, Sweep
    from core.interventions.targets import OwnPattern
    from core.signals import Line
    from core.traces.clamp import Clamp
    from core.units.emergence import Emergence
    from core.units.finder import Finding
    from core.units.matching import Matches

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

SECONDS_OF_A_TRACE, SECONDS_TO_TRACE_AGAIN = 75.0, 0.3
"""How long an unused trace is kept, and how long it may take to compute it again for a reader who comes back."""

BEAT = 0.4
"""Seconds between two updates of the progress of a long look."""


def trace(run: Run, probe: str) -> xr.Dataset:
    """Return every signal inside the network of ``run`` as it reads ``probe``."""
    return _inside(inside.trace, hashlib.sha256(probe.encode()).hexdigest(), run.without_past, probe)


def example(run: Run, seed: int) -> xr.Dataset:
    """Return every signal as the network of ``run`` reads one example of its task, drawn with ``seed``.

    A task that trains on no text, such as adding numbers, has examples instead of passages.
    """
    return _inside(inside.trace_example, f"example {seed}", run.without_past, seed)


def free_run(run: Run, first: str, length: int, *, temperature: float, top_k: int | None, seed: int) -> xr.Dataset:
    """Return every signal while the network itself writes ``length`` symbols, starting from ``first``."""
    asked = f"free run {first!r} {length} {temperature} {top_k} {seed}"
    return _inside(
        inside.free_run, asked, run.without_past, first, length, temperature=temperature, top_k=top_k, seed=seed
    )


def worked(
    run: Run, trace: xr.Dataset, *, time: int, unit: int, layer: int = 0, direction: int = 0
) -> Mapping[str, Line]:
    """Return the cell's equations with the numbers of one unit at one time step.

    ``dashboard.figures.equations`` draws them. Only the neighbouring time steps are sent to the worker.
    """
    first = max(time - 1, 0)
    near = trace.isel(time=slice(first, time + 2)).drop_dims("symbol", errors="ignore")
    return inside.worked(run.without_past, near, time=time - first, unit=unit, layer=layer, direction=direction)


def glance(run: Run, concept: str) -> Finding | None:
    """Return the unit that matches ``concept`` best on a little unseen text; None if the text is not available here."""
    with suppress(TextUnavailable):
        return _inside(units.glance, f"glance at {FIRST_LOOK} characters for {concept}", run, concept)
    return None


def findings(run: Run, concepts: Sequence[str]) -> Mapping[str, Finding] | None:
    """Return the unit that matches each concept best, on more unseen text; None if the text is not available here."""
    with suppress(TextUnavailable):
        return _inside(units.find_each, _search_of(concepts), run, tuple(concepts), searched_length())
    return None


def foresee_findings(run: Run, concepts: tuple[str, ...]) -> None:
    """Begin the search of ``findings`` in the background, before a reader asks for it, if the engine is connected."""
    from core.engine.queue import queue

    asked = run.spec.key, concepts
    if asked in _foreseen or not queue().connected:
        return
    _foreseen.add(asked)

    def search() -> None:
        with suppress(Exception):  # a reader who asks for the search is told what is wrong
            look, asked = units.find_each, _search_of(concepts)
            with _large_answers.joint.joined(
                _key(look, run, asked), partial(look.begin, run, concepts, searched_length())
            ) as under_way:
                under_way.wait(None)

    threading.Thread(target=search, daemon=True).start()


def finding_marked(run: Run, asked: Hashable, text: str, labels: Labels) -> Finding:
    """Return the unit that best matches a concept of the reader's own, as it is marked in ``text``.

    Parameters
    ----------
    asked
        The pattern or the places that decide the labels. Its ``repr`` must identify it.
    """
    return _inside(units.find_marked, f"search for marked {asked!r}", run, text, labels)


def matches(run: Run, probe: str, begin: int, end: int) -> Matches | None:
    """Return passages of unseen text in which the same units are active; None if the text is not available here."""
    with suppress(TextUnavailable):
        return _followed(units.match_unseen, run, probe, begin, end)
    return None


def emergence(run: Run, concept: str | OwnPattern) -> Emergence | None:
    """Return how well each unit knew ``concept`` earlier in training; None if the text is not available here."""
    with suppress(TextUnavailable):
        return _followed(units.emergence_unseen, run, concept)
    return None


def text_for_clamps(run: Run) -> str | None:
    """Return unseen text that was not used to choose a unit; None if the text is not available here."""
    with suppress(TextUnavailable):
        return _followed(clamps.unseen_for_clamps, run)
    return None


def cost(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern) -> Cost:
    """Return what ``clamp`` adds to the loss, by class of the concept, compared with the same clamp of other units."""
    return _followed(clamps.cost, run, text, clamp, concept)


def gated(run: Run, text: str, clamp: Clamp, state: str, unit: int) -> Gated:
    """Return how ``text`` is read with a gate held, at each time step, compared with the same gate of other units."""
    return _followed(clamps.gated, run, text, clamp, state, unit)


def gates_compared(run: Run, text: str, units: tuple[int, ...] | None, layer: int) -> pd.DataFrame:
    """Return what each gate adds to the mean loss when it is held open and when it is held shut."""
    return _followed(clamps.compared, run, text, units, layer)


def edit(run: Run, text: str, clamp: Clamp) -> Edit:
    """Return how long one change of a state lives, compared with equally large changes in other units."""
    return _followed(clamps.edit, run, text, clamp)


def written(run: Run, text: str, clamp: Clamp, seed: int, prompt: str) -> tuple[str, str]:
    """Return what the network writes as learned, and what it writes under ``clamp``."""
    return _followed(clamps.write, run, text, clamp, seed, prompt)


def swept(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern, prompt: str) -> Sweep:
    """Return how strongly ``concept`` shows in what the network writes with units held at nine values."""
    return _followed(clamps.sweep, run, text, clamp, concept, prompt)


def _search_of(concepts: Sequence[str]) -> str:
    """Return a name for a search, made of everything that decides it apart from the run."""
    return f"search of {searched_length()} characters for {concepts}"


class _Answers:
    """Answers that are kept, up to ``megabytes`` in all, and the looks that are still under way."""

    def __init__(self, megabytes: int) -> None:
        self.kept: Kept[Any] = Kept(megabytes * MEGABYTE)
        self.joint = Joint(self.kept)


_large_answers, _small_answers = _Answers(96), _Answers(24)
"""Moving a slider makes many small answers. They are kept apart, so that they do not push traces and searches out."""

_foreseen: set[tuple[str, tuple[str, ...]]] = set()
"""Searches that were begun before anybody asked for them."""


def forget_ended() -> None:
    """Forget large answers that are unused for 75 s. Those that took over 0.3 s to compute, such as a search, stay."""
    _large_answers.kept.forget_cheap(unused_for=SECONDS_OF_A_TRACE, made_in=SECONDS_TO_TRACE_AGAIN)


def _inside(
    look: Look[Concatenate[Run, Given], Answer],
    asked: str,
    run: Run,
    *arguments: Given.args,
    **options: Given.kwargs,
) -> Answer:
    """Return the answer of a look, kept among the large ones under ``asked``."""
    return _answer(_large_answers, asked, look, run, *arguments, **options)


def _followed(
    look: Look[Concatenate[Run, Given], Answer], run: Run, *arguments: Given.args, **options: Given.kwargs
) -> Answer:
    """Return the answer of a look, kept among the small ones under the ``repr`` of all its arguments."""
    return _answer(_small_answers, repr((arguments, options)), look, run, *arguments, **options)


def _key(look: Look[Any, Any], run: Run, asked: str) -> Hashable:
    return run.spec.key, repr(look), asked


def _answer(
    answers: _Answers,
    asked: str,
    look: Look[Concatenate[Run, Given], Answer],
    run: Run,
    *arguments: Given.args,
    **options: Given.kwargs,
) -> Answer:
    """Return the kept answer, or compute it. If there is no room or no worker for that, the page says so and stops."""
    from core.engine.engine import AnswerLost, EngineUnavailable

    key = _key(look, run, asked)
    shown = None if look.is_brief(run, *arguments, **options) else st.empty()  # always: what follows keeps its place
    kept = answers.kept.found(key)
    if kept is not None:
        return cast(Answer, kept.made)
    begin = partial(look.begin, run, *arguments, **options)
    try:
        if shown is None:
            return cast(Answer, answers.kept.get(key, lambda: begin().result()))
        with answers.joint.joined(key, begin) as under_way:
            _watch(under_way, shown)
            return under_way.result()
    except AnswerLost:
        st.error(label("train.look_lost"))
    except EngineUnavailable:
        st.error(label("train.failed_engine"))
    except TooLarge as refused:
        cost = refused.price
        st.warning(label("train.look_too_large", megabytes=cost.size / MEGABYTE, seconds=cost.seconds))
    except TooMany:
        st.warning(label("train.look_too_many"))
    st.stop()


def _watch(under_way: UnderWay[Any], shown: DeltaGenerator) -> None:
    """Show how far a long look has come, until it ends.

    When a reader leaves or changes a setting, Streamlit ends the script the next time that it draws something. Drawing
    the progress again and again therefore lets a reader stop a look in this way.
    """
    while not under_way.wait(BEAT):
        share = under_way.share
        words = label("train.look_waits") if share is None else label("train.look_share", share=share)
        shown.progress(share or 0.0, words)
    shown.empty()
