"""The results of experiments, as pages read them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core import store as runs
from core.once import MEGABYTE, Kept
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.shell.words import label

_runs: Kept[Run] = Kept(96 * MEGABYTE)
"""Loaded runs, shared by all readers."""


def finished(spec: RunSpec) -> Run | None:
    """Return the result of an experiment if there is one.

    It may have been trained here, saved with the app, or kept only in memory because the disk could not be written.
    """
    if not runs.has(spec.key):
        return None
    with suppress(runs.Missing):
        return _load(spec.key)
    return None


def _load(key: str) -> Run:
    return _runs.get(key, lambda: runs.load(key))


def fall_back(specs: Sequence[RunSpec]) -> dict[str, Run]:
    """Return the saved runs that a page opens with, by cell, and tell the reader that these are shown.

    A page calls this as long as nothing is trained with the reader's settings.
    """
    st.info(label("reading.preset"))
    return {spec.cell: run for spec in specs if (run := finished(spec))}
