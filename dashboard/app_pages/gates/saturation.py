"""How often gates are nearly shut and how often they are nearly open, and the reader's guess about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.measures.saturation import saturation
from dashboard.app_pages.gates.moment import LANES
from dashboard.figures import figure
from dashboard.figures.charts.saturation import saturation_of_a_gate
from dashboard.parts import tracks
from dashboard.parts.guess import guess
from dashboard.shell import titles
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray

    from core.runs.run import Run

CHARTS_ABREAST = 3

SHARES_OPEN = {"rarely": 1 / 3, "half": 2 / 3, "mostly": 1.0}
"""Answers to the question, each with the largest share of open gates for which it is right."""


def draw_saturation(runs: Mapping[str, Run], traces: Mapping[str, xarray.Dataset], probe: str, layer: int) -> None:
    """Ask how often the forget gate of an LSTM is open, then show how often each gate is open and how often shut.

    Parameters
    ----------
    runs, traces
        By cell.
    layer
        Counted from 0.
    """
    asked = "lstm" in traces  # only the LSTM has a forget gate to guess about
    guessed = guess("guess", tuple(SHARES_OPEN)) if asked else None
    if asked and not guessed:
        return
    shares = {cell: saturation(trace).isel(layer=layer, direction=0, drop=True) for cell, trace in traces.items()}
    if guessed:
        st.markdown(answer(shares["lstm"], guessed))
    for cell, here in shares.items():
        st.markdown(f"**{titles.option('cell', cell)}**")
        gates = [gate for gate in LANES[cell] if gate in here["gate"]]
        for column, gate in zip(st.columns(CHARTS_ABREAST), gates, strict=False):
            with column:
                _draw_gate(here, cell, gate, (runs[cell].spec.key, probe, layer))
    st.caption(lesson("gates")["saturation"])


def answer(shares: xarray.Dataset, guessed: str) -> str:
    """Compare the guess with the measured share of open forget gates."""
    opened = shares["right"].sel(gate="forget_gate")
    true = next(one for one, most in SHARES_OPEN.items() if float(opened.mean()) <= most)
    verdict = label(f"gates.answer_{'right' if true == guessed else 'wrong'}", said=label(f"gates.guess_{guessed}"))
    held = int((opened.to_numpy() > 0.9).sum())
    return f"{verdict} {label('gates.answer', share=float(opened.mean()), held=held, units=opened.size)}"


def shares_table(shares: xarray.Dataset, words: Mapping[str, str]) -> pd.DataFrame:
    """Return the left- and right-saturation of one gate, unit by unit."""
    columns = {words[name]: shares[name].to_numpy().round(4) for name in ("left", "right")}
    return pd.DataFrame({words["unit"]: range(shares.sizes["unit"]), **columns})


def _draw_gate(shares: xarray.Dataset, cell: str, gate: str, decided_by: tuple[str, str, int]) -> None:
    words = {name: label(f"gates.saturation_{name}") for name in ("left", "right", "open", "shut", "between", "unit")}
    title = tracks.signal_title(gate)
    figure.show(
        lambda: saturation_of_a_gate(shares, gate, words),
        name=f"saturation-{cell}-{gate}",
        decided_by=decided_by,
        title=title,
        alt=label("gates.saturation_alt", cell=titles.option("cell", cell), gate=title),
        table=lambda: shares_table(shares.sel(gate=gate), words),
    )
