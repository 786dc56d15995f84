"""A cell's equations: with symbols, then with the numbers of one unit at one time step, then the value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.shell.theme import ROLE_COLOURS
from dashboard.shell.words import label

if TYPE_CHECKING:  # for types only: whoever makes a trace loads xarray
    import xarray

    from core.signals import Line


def draw_equations(lines: Mapping[str, Line]) -> None:
    r"""Draw one formula for each signal, in the order in which the cell computes them.

    f_t = sigma(W_xf x_t + ...)  =  sigma(0.312 + (-1.204))  ≈  0.291

    A swatch before the symbol has the signal's colour.

    Parameters
    ----------
    lines
        Equation and numbers of one unit at one time step, by name of the signal, as ``looks.worked`` gives them.
    """
    for name, line in lines.items():
        st.markdown(formula(line, ROLE_COLOURS.get(name)))


def draw_outcome(trace: xarray.Dataset, time: int) -> None:
    r"""Draw what follows from the hidden state at ``time``: probability and loss, or the answer and its error.

    For symbols that is p = softmax(W_hy h_t + b_y) at the symbol that comes next, and L = -ln p in nats. For numbers it
    is L = (y - target)^2. Where the network writes by itself, p = softmax((W_hy h_t + b_y) / temperature) over the
    symbols that can be drawn.
    """
    formula = outcome(trace.isel(example=0, time=time), last=time == trace.sizes["time"] - 1)
    if formula:
        st.markdown(formula)


def outcome(here: xarray.Dataset, *, last: bool) -> str | None:
    """Return the readout of one time step as Markdown; None if there is no output, or nothing to compare it with."""
    if "prediction" in here:
        always = bool(here["prediction"].dims)  # an answer at every step, or one after the last
        if not (last or always):
            return None
        answer, target, error = (float(here[name].squeeze()) for name in ("prediction", "target", "loss"))
        error = (answer - target) ** 2 if math.isnan(error) else error  # NaN where the target does not count
        at, begin = ("t", "t") if always else ("T", "1")  # the backward direction ends at the first time step
        wanted = rf"\text{{{label('equations.target')}}}"
        decimals = _decimals(answer, target, error)
        difference = f"({answer:z.{decimals}f} - {target:z.{decimals}f})^2"
        read = (
            rf"h_{at}"
            if here.sizes.get("direction", 1) == 1
            else rf"[\overrightarrow{{h}}_{at}, \overleftarrow{{h}}_{begin}]"
        )
        return _lines(
            rf"y_{at} = W_{{hy}} {read} + b_y {_comes_to(f'{answer:z.{decimals}f}')}",
            rf"L_{at} = (y_{at} - {wanted})^2 {_comes_to(difference)} {_comes_to(_scientific(error, 2))}",
        )
    scores = "W_{hy} h_t + b_y"
    if "drawn" in here:
        share = _scientific(float(here["probability"][int(here["drawn"])]), 4)
        scores = rf"\frac{{{scores}}}{{\text{{{label('equations.temperature')}}}}}"
        softmax = rf"\operatorname{{softmax}}_K\Big({scores}\Big)_{{x_{{t+1}}}}"
        return _lines(rf"p_t(x_{{t+1}}) = {softmax} {_comes_to(share)}") + f"\n\n{_can_be_drawn(here)}"
    if last:
        return None
    loss = float(here["loss"])
    share = _scientific(math.exp(-loss), 4)
    return _lines(
        rf"p_t(x_{{t+1}}) = \operatorname{{softmax}}({scores})_{{x_{{t+1}}}} {_comes_to(share)}",
        rf"L_t = -\ln p_t(x_{{t+1}}) {_comes_to(f'{loss:z.3f}')}",
    )


def _can_be_drawn(here: xarray.Dataset) -> str:
    """Say over which symbols the softmax is taken. The probabilities of the others are 0."""
    known = here.sizes["symbol"] - 1
    kept = min(here.attrs["top_k"] or known, known)
    words = "equations.all_kept" if kept == known else "equations.kept"
    return label(words, kept=kept, known=known, temperature=here.attrs["temperature"])


def formula(line: Line, colour: str | None = None) -> str:
    """Return one line as Markdown: symbols, then numbers and value, after a swatch of ``colour``."""
    swatch = rf"\textcolor{{{colour}}}{{\rule[-0.2em]{{0.3em}}{{1em}}}}\;" if colour else ""
    return _lines(
        rf"{swatch}{line.symbol} = {line.equation}", rf"\qquad = {line.worked} {_comes_to(f'{line.value:z.3f}')}"
    )


def _comes_to(result: str) -> str:
    """Join the sign with ``result``: a line may break before the sign, but not after it."""
    return rf"\;\allowbreak{{\approx {result}}}"


def _decimals(answer: float, target: float, error: float) -> int:
    """Return the fewest decimals, from 3 on, with which a calculator gets the squared error that is printed."""
    wanted = _scientific(error, 2)
    squares = ((digits, (round(answer, digits) - round(target, digits)) ** 2) for digits in range(3, 7))
    return next((digits for digits, square in squares if _scientific(square, 2) == wanted), 7)


def _scientific(value: float, digits: int) -> str:
    """Write a number with ``digits`` significant digits, and a power of ten if it is very small or very large."""
    number, _, power = f"{value:.{digits}g}".partition("e")
    return rf"{number} \cdot 10^{{{int(power)}}}" if power else number


def _lines(*rows: str) -> str:
    """Put formulas under each other, as inline formulas: a long one then breaks on a phone instead of scrolling."""
    return "  \n".join(rf"$\displaystyle {row}$" for row in rows)
