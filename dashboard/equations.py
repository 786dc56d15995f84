"""A cell's equations: with symbols, then with the numbers of one unit at one time step, then the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.theme import ROLE_COLOURS

if TYPE_CHECKING:  # the lines are made by torch, which a page must not load only to draw what it was given
    from core.worked import Line


def draw_equations(lines: Mapping[str, Line]) -> None:
    r"""One formula per signal, in the order in which the cell computes them; the swatch has the signal's colour.

    f_t = sigma(W_xf x_t + ...)  =  sigma(0.31 + (-1.20))  ≈  0.291

    lines : of ``core.worked.worked``, by name of the signal: equation and numbers of one unit at one time step;
        a page gets them from ``dashboard.live``
    """
    for name, line in lines.items():
        st.latex(formula(line, ROLE_COLOURS.get(name)))


def formula(line: Line, colour: str | None = None) -> str:
    """LaTeX of one line on three rows: symbols, numbers, value; with a swatch of ``colour`` before the symbol."""
    swatch = rf"\textcolor{{{colour}}}{{\rule[-0.2em]{{0.3em}}{{1em}}}}\;" if colour else ""
    rows = (rf"{swatch}{line.symbol} &= {line.equation}", f"&= {line.worked}", rf"&\approx {line.value:.3f}")
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"
