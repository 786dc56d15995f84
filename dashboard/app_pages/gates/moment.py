"""The gates of every network at one time step of the passage: the timeline, and the equations with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.experiment import looks
from dashboard.figures.equations import draw_equations
from dashboard.parts import cursor, tracks
from dashboard.shell import address
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.runs.run import Run

LANES = {
    "lstm": ("forget_gate", "input_gate", "candidate", "cell_state", "output_gate", "hidden_state"),
    "gru": ("update_gate", "reset_gate", "candidate", "hidden_state"),
}
"""Lanes of each cell, in reading order: what is kept, what is added, what results."""

EQUATION_COLUMNS = 2


@address.fragment
def draw_moment(runs: Mapping[str, Run], probe: str, layer: int, units: Mapping[str, int]) -> None:
    """Draw the timeline and the equations at the reader's time step. Moving the cursor redraws only this part.

    Parameters
    ----------
    runs
        The runs of the networks in view, by cell.
    layer
        Counted from 0.
    units
        The unit to open with, by cell, if a detector was found in this layer.
    """
    # The traces are no arguments: Streamlit keeps those of a fragment for the whole session and minutes longer.
    traces = {cell: looks.trace(run, probe) for cell, run in runs.items()}
    networks = [tracks.network_tracks(run, traces[cell], layer=layer, lanes=LANES[cell]) for cell, run in runs.items()]
    moment = cursor.here(probe, networks, units)
    cursor.draw(
        probe,
        networks,
        moment,
        runs=runs,
        parts=("text", "lanes", "units"),
        title=label("gates.picture"),
        caption=lesson("gates")["how"],
    )
    st.markdown(f"#### {label('gates.equations')}")
    st.caption(label("gates.rounded"))
    for one in networks:
        cursor.draw_place(probe, moment, one)
        unit = moment.units[one.name]
        lines = looks.worked(runs[one.name], traces[one.name], time=moment.time, unit=unit, layer=layer)
        share = -(-len(lines) // EQUATION_COLUMNS)
        for place, column in enumerate(st.columns(EQUATION_COLUMNS)):
            with column:
                draw_equations(dict(list(lines.items())[place * share : (place + 1) * share]))
