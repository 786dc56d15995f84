"""A cell's equations with the numbers of one unit at one time step filled in."""

import math
import re
from collections.abc import Callable
from functools import partial

import torch
import xarray

from core.layers.stack import Site
from core.runs.network import restore
from core.runs.run import Run
from core.signals import Line

ARITHMETIC = {"sigma": lambda x: (1 + math.tanh(x / 2)) / 2, "tanh": math.tanh, "nan": math.nan, "inf": math.inf}
DECIMALS = 3
"""Decimals of the value at the end of a line."""
MOST_DECIMALS = 5
"""The most decimals of the numbers that the value is worked out from."""
NAME = re.compile(r"\{([a-z_]+)(?:\.(x|h|previous))?\}")


@torch.inference_mode()
def worked(
    run: Run, trace: xarray.Dataset, *, time: int, unit: int, layer: int = 0, direction: int = 0, example: int = 0
) -> dict[str, Line]:
    """Return every signal's equation at ``time`` for ``unit``, in the order in which a cell computes them.

    Raises
    ------
    KeyError
        If the equations of the network's cells cannot be worked out, or if it has no cells.
    IndexError
        If the place is outside the trace.

    Notes
    -----
    In the worked form of a signal, ``.x`` and ``.h`` are the summands of its pre-activation, W_x x_t + b_x and
    W_h h_{t-1} + b_h. ``.previous`` is its value at the previous time step, in the order in which this direction reads.
    At the first time step it is 0.

    The numbers are printed with 3 to 5 decimals: the fewest from which the value follows to 3 decimals. Where even 5
    are not enough, the value follows to within one unit of its third decimal.
    """
    site = Site(layer, direction)
    network = restore(run)
    inside = network.arrangement.layer(network.weights(), site)
    there = trace.isel(layer=layer, direction=direction, example=example)
    here = there.isel(time=time, unit=unit)
    before = _before(there, time - 1 if direction == 0 else time + 1)
    x = torch.from_numpy(network.arrangement.read_by(trace, site, time, example))
    blocks = len(inside.cell.blocks)
    from_input = inside.project(x[None]).view(blocks, -1)[:, unit].tolist()
    from_hidden = inside.cell.recur(inside.weights, before("hidden_state")).view(blocks, -1)[:, unit].tolist()
    terms: dict[str, dict[str, float]] = {
        name: {"x": x, "h": h} for name, x, h in zip(inside.cell.blocks, from_input, from_hidden, strict=True)
    }

    def number(name: str, part: str | None) -> float:
        if name in inside.cell.own:
            return float(inside.weights[name][unit])
        if part is None:
            return float(here[name])
        if part == "previous":
            return float(before(name)[0, unit])
        return terms[name][part]

    def filled(template: str, write: Callable[[float], str]) -> str:
        return NAME.sub(lambda found: write(number(found[1], found[2])), template)

    def printed(template: str, value: float) -> str:
        """Fill in the numbers with the fewest decimals from which a calculator gets the printed value."""
        for decimals in range(DECIMALS, MOST_DECIMALS + 1):
            line = filled(template, partial(_rounded, decimals=decimals))
            if _rounded(_evaluated(line)) == _rounded(value):
                break
        return line

    return {
        name: Line(
            symbol=signal.symbol,
            equation=signal.equation,
            worked=_latex(printed(signal.worked, float(here[name]))),
            expression=filled(signal.worked, lambda value: f"({value!r})"),
            value=float(here[name]),
        )
        for name, signal in inside.cell.signals.items()
    }


def _before(there: xarray.Dataset, earlier: int) -> Callable[[str], torch.Tensor]:
    """Return a function that gives a signal, by its name, at the time step ``earlier``. Shape: (1, unit)."""

    def before(name: str) -> torch.Tensor:
        if not 0 <= earlier < there.sizes["time"]:
            return torch.zeros(1, there.sizes["unit"])
        return torch.from_numpy(there[name].isel(time=[earlier]).to_numpy())

    return before


def _evaluated(expression: str) -> float:
    return float(eval(expression, {"__builtins__": {}}, ARITHMETIC))


def _rounded(value: float, decimals: int = DECIMALS) -> str:
    text = f"{value:z.{decimals}f}"
    return f"({text})" if text.startswith("-") else text


def _latex(expression: str) -> str:
    return expression.replace("sigma(", r"\sigma(").replace("tanh(", r"\tanh(").replace("*", r"\cdot")
