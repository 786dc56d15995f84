"""The panel that trains an experiment: one button, then the progress, then the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from core import store as runs
from core.choices.allowed import Range
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.experiment import controls, jobs
from dashboard.experiment.curves import DrawCurves, draw_losses, watched
from dashboard.experiment.results import finished
from dashboard.experiment.training_words import explained, progress, sentence
from dashboard.experiment.turns import Turns
from dashboard.shell import address, widgets
from dashboard.shell.words import label

if TYPE_CHECKING:
    from dashboard.experiment.jobs import Status

LONGER = 5
"""How many times as many updates one press trains on to."""

redraws = Turns(per_second=10)
"""At most ten whole pages are redrawn a second. Each takes some 50 ms of the one interpreter that all readers share."""


def training_panel(specs: Sequence[RunSpec], key: str, *, draw: DrawCurves | None = None, reseed: bool = True) -> None:
    """Draw the button that trains ``specs`` as one experiment, then its progress with Stop, then its outcome.

    The panel shows the place in the queue, then updates, loss, seconds left, and the curve as it grows. All of it is at
    most a second old, or a few seconds when a large class watches. A reload finds the training again, because it is
    known by its settings and not by the tab. When the training ends, the panel shows the outcome at its next refresh.
    The whole page is then redrawn once, so that ``finished`` returns the run: at once for one reader, in turns for a
    class.

    Parameters
    ----------
    key
        Prefix of the keys of the panel's widgets. A page has one panel.
    draw
        Draws the curves, during the training and after it. The default draws the loss of each training.
    reseed
        Whether to offer another seed once all runs are trained. The page then needs a setting ``seed``.
    """
    specs = tuple(specs)
    if jobs.active(specs):
        address.fragment(_panel, run_every=jobs.seconds_between_looks(specs))(specs, key, draw or draw_losses, reseed)
    else:
        _panel(specs, key, draw or draw_losses, reseed)
    _say_problems()


def draw_longer(specs: Sequence[RunSpec], key: str) -> None:
    """Offer to train these runs on, to five times as many updates or as many as are allowed.

    They begin again at the first update. Since a seed decides everything, the curve comes out the same up to where it
    ended before.
    """
    specs = tuple(specs)
    allowed = specs[0].allowed("updates")
    assert isinstance(allowed, Range)
    longer = min(LONGER * specs[0].updates, int(allowed.high))
    if longer > specs[0].updates:
        st.button(
            label("train.longer", updates=longer),
            key=f"{key}-longer",
            icon=":material/fast_forward:",
            help=label("train.longer_help", updates=specs[0].updates),
            on_click=_start_longer,
            args=(specs, key, longer),
        )


def _panel(specs: tuple[RunSpec, ...], key: str, draw: DrawCurves, reseed: bool) -> None:
    results = [finished(spec) for spec in specs]
    statuses = jobs.statuses(specs, results)
    going = [status for status in statuses if status and jobs.goes(status)]
    if address.draws_part_alone() and not going and redraws.take():
        st.rerun()
    side_by_side = _side_by_side(statuses, key)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if going:
            st.button(
                label("train.stop"), icon=":material/stop:", key=f"{key}-stop", on_click=jobs.cancel, args=(specs,)
            )
            with st.container(width="stretch"):
                st.progress(*progress(specs, results, statuses, side_by_side))
        else:
            _button(specs, results, key, reseed)
            scored = results[0] if len(specs) == 1 else None
            st.markdown(sentence(specs, results, statuses), width="stretch", help=explained(scored))
    refusal = st.session_state.get(f"{key}-refusal")
    if refusal:
        st.warning(refusal)
    draw([watched(*one) for one in zip(specs, results, statuses, strict=True)])


def _button(specs: tuple[RunSpec, ...], results: Sequence[Run | None], key: str, reseed: bool) -> None:
    if any(run is None for run in results):
        blocked = not all(map(controls.readable, specs))
        widgets.main_button(label("train.button"), f"{key}-train", on_click=_start, args=(specs, key), disabled=blocked)
    elif reseed:
        explained = label("controls.seed_help")
        widgets.main_button(
            label("train.another"), f"{key}-another", on_click=_start_anew, args=(specs, key), help=explained
        )


def _side_by_side(statuses: Sequence[Status | None], key: str) -> int:
    """Return how many train at a time, now or at the last refresh if more: a place that becomes free is soon taken."""
    before = int(st.session_state.get(f"{key}-side-by-side", 0))
    now = sum(jobs.trains(status) for status in statuses)
    st.session_state[f"{key}-side-by-side"] = now
    return max(before, now)


def _say_problems() -> None:
    """Warn of damaged or foreign files in the store, if there are any."""
    torn = runs.store().torn()
    if torn:
        st.caption(":material/warning: " + label("train.torn", count=len(torn)))


def _start(specs: tuple[RunSpec, ...], key: str) -> None:
    refusal = jobs.submit(specs)
    words = label(f"train.refused_{refusal.reason}", **refusal.values) if refusal else None
    st.session_state[f"{key}-refusal"] = words


def _start_anew(specs: tuple[RunSpec, ...], key: str) -> None:
    """Train the same settings with the seeds that follow the present ones."""
    count = len({spec.seed for spec in specs})
    anew = tuple(spec.later_seed(count) for spec in specs)
    address.change({"seed": anew[0].seed})
    _start(anew, key)


def _start_longer(specs: tuple[RunSpec, ...], key: str, updates: int) -> None:
    address.change({"updates": updates})
    _start(tuple(spec.replace(updates=updates) for spec in specs), key)
