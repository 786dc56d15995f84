"""Where the numbers of a figure come from."""

from __future__ import annotations

import streamlit as st

from core import store as runs
from core.runs.run import Run
from dashboard.experiment import export
from dashboard.shell import address, titles
from dashboard.shell.words import label


def draw_provenance(run: Run) -> None:
    """Say whether a run was trained here or saved with the app, with its seed, updates, seconds and machine.

    Its settings, its curve, its weights and a script that trains it without this project are one press away.
    """
    key = run.spec.key
    kind = "live" if runs.store().has(key) or runs.unsaved().has(key) else "saved"
    facts = label(
        f"figure.{kind}",
        cell=titles.option("cell", run.spec.cell),
        seed=run.spec.seed,
        updates=int(run.metrics.get("updates", run.spec.updates)),
        seconds=run.metrics.get("seconds", 0.0),
        machine=run.machine,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(facts, width="content", help=label("figure.seed_help"))
        drawer = st.popover(
            label("figure.take"),
            icon=":material/data_object:",
            type="tertiary",
            key=f"{address.page()}-{key}-take",
            on_change="rerun",
        )
        if drawer.open:
            with drawer:
                export.downloads(run)
                st.code(export.settings(run), language=None)  # coloured tokens would be too faint on white
