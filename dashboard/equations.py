"""A cell's equations: with symbols, then with the numbers of one unit at one time step, then the value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.theme import ROLE_COLOURS
from dashboard.words import label

if TYPE_CHECKING:  # the lines are made by torch, which a page must not load only to draw what it was given
    import xarray

    from core.signals import Line


def draw_equations(lines: Mapping[str, Line]) -> None:
    r"""One formula per signal, in the order in which the cell computes them; the swatch has the signal's colour.

    f_t = sigma(W_xf x_t + ...)  =  sigma(0.31 + (-1.20))  ≈  0.291

    lines : of ``core.worked.worked``, by name of the signal: equation and numbers of one unit at one time step;
        a page gets them from ``dashboard.live``
    """
    for name, line in lines.items():
        st.markdown(formula(line, ROLE_COLOURS.get(name)))


def draw_outcome(trace: xarray.Dataset, time: int) -> None:
    r"""What follows from the hidden state at ``time``: probability and loss, or the answer and its error.

    p = softmax(W_hy h_t + b_y) at the symbol that comes next;  L = -ln p, nats;  L = (y - target)^2 for numbers
    """
    formula = outcome(trace.isel(example=0, time=time), last=time == trace.sizes["time"] - 1)
    if formula:
        st.markdown(formula)


def outcome(here: xarray.Dataset, *, last: bool) -> str | None:
    """Markdown of the readout of one time step; None where there is no output, or nothing to compare it with."""
    if "prediction" in here:
        if not last:
            return None
        answer, target, error = (float(here[name]) for name in ("prediction", "target", "loss"))
        wanted = rf"\text{{{label('equations.target')}}}"
        difference = f"({answer:.3f} - {target:.3f})^2"
        return _lines(
            rf"y_T = W_{{hy}} h_T + b_y \approx {answer:.3f}",
            rf"L_T = (y_T - {wanted})^2 \approx {difference} \approx {_scientific(error)}",
        )
    scores = "W_{hy} h_t + b_y"
    if "drawn" in here:
        share = float(here["probability"][int(here["drawn"])])
        scores = rf"\frac{{{scores}}}{{\text{{{label('equations.temperature')}}}}}"
        return _lines(rf"p_t(x_{{t+1}}) = \operatorname{{softmax}}\Big({scores}\Big)_{{x_{{t+1}}}} \approx {share:.3f}")
    if last:
        return None
    loss = float(here["loss"])
    return _lines(
        rf"p_t(x_{{t+1}}) = \operatorname{{softmax}}({scores})_{{x_{{t+1}}}} \approx {math.exp(-loss):.3f}",
        rf"L_t = -\ln p_t(x_{{t+1}}) \approx {loss:.3f}",
    )


def formula(line: Line, colour: str | None = None) -> str:
    """Markdown of one line: symbols, then numbers and value; with a swatch of ``colour`` before the symbol."""
    swatch = rf"\textcolor{{{colour}}}{{\rule[-0.2em]{{0.3em}}{{1em}}}}\;" if colour else ""
    return _lines(rf"{swatch}{line.symbol} = {line.equation}", rf"\qquad = {line.worked} \approx {line.value:.3f}")


def _scientific(value: float) -> str:
    """Two digits, and a power of ten where the number is very small."""
    digits, _, power = f"{value:.2g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits


def _lines(*rows: str) -> str:
    """Formulas under each other. Set within the text, so that a long one breaks on a phone instead of scrolling."""
    return "  \n".join(rf"$\displaystyle {row}$" for row in rows)
