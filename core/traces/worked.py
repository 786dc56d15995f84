"""A cell's equations with the numbers of one unit at one time step in them."""

import math
import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import torch
import xarray
from torch.nn.functional import one_hot

from core.cells import cells
from core.networks.network import restore
from core.runs.run import Run
from core.signals import Line

ARITHMETIC = {"sigma": lambda x: (1 + math.tanh(x / 2)) / 2, "tanh": math.tanh, "nan": math.nan, "inf": math.inf}
DECIMALS = 3
"""Of the value that a line ends in."""
MOST_DECIMALS = 5
"""Of the numbers that it is worked out from."""
NAME = re.compile(r"\{([a-z_]+)(?:\.(x|h|previous))?\}")


@torch.inference_mode()
def worked(
    run: Run, trace: xarray.Dataset, *, time: int, unit: int, layer: int = 0, example: int = 0
) -> dict[str, Line]:
    """Every signal's equation at ``time`` for ``unit``, in the order in which a cell computes them.

    ``.x`` and ``.h`` of a signal are the summands of its pre-activation, W_x x_t + b_x and W_h h_{t-1} + b_h;
    ``.previous`` is its value at t - 1, 0 before the first time step. The numbers are printed with 3 to 5 decimals, as
    many as it takes for what is printed to give the value to 3 decimals, or to one unit of the third.

    Raises KeyError or IndexError outside the trace.
    """
    here = trace.isel(layer=layer, example=example, time=time, unit=unit)
    terms = _summands(run, trace, time, unit, layer, example)

    def number(name: str, part: str | None) -> float:
        if part is None:
            return float(here[name])
        if part == "previous":
            return float(_before(trace[name], time, layer, example)[unit])
        return terms[name][part]

    def filled(template: str, write: Callable[[float], str]) -> str:
        return NAME.sub(lambda found: write(number(found[1], found[2])), template)

    def printed(template: str, value: float) -> str:
        """With the fewest decimals that take a calculator to the value that is printed."""
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
        for name, signal in cells[run.spec.cell].signals.items()
    }


def _before(signal: xarray.DataArray, time: int, layer: int, example: int) -> np.ndarray:
    """All units of a signal one time step earlier. Shape: (unit,)."""
    if time == 0:
        return np.zeros(signal.sizes["unit"], dtype=np.float32)
    return signal.isel(layer=layer, example=example, time=time - 1).to_numpy()


def _summands(
    run: Run, trace: xarray.Dataset, time: int, unit: int, layer: int, example: int
) -> Mapping[str, Mapping[str, float]]:
    cell = restore(run).stack.layers[layer]
    if layer:
        x = torch.from_numpy(trace["hidden_state"].isel(layer=layer - 1, example=example, time=time).to_numpy())
    else:
        x = torch.from_numpy(np.atleast_1d(trace["input"].isel(example=example, time=time).to_numpy()))
        x = one_hot(x[0], cell.input_size).float() if trace["input"].ndim == 2 else x
    h = torch.from_numpy(_before(trace["hidden_state"], time, layer, example))
    from_input = cell.project(x[None]).view(len(cell.blocks), -1)[:, unit].tolist()
    from_hidden = cell.recur(h[None]).view(len(cell.blocks), -1)[:, unit].tolist()
    return {name: {"x": from_input[block], "h": from_hidden[block]} for block, name in enumerate(cell.blocks)}


def _evaluated(expression: str) -> float:
    return float(eval(expression, {"__builtins__": {}}, ARITHMETIC))


def _rounded(value: float, decimals: int = DECIMALS) -> str:
    text = f"{value:z.{decimals}f}"
    return f"({text})" if text.startswith("-") else text


def _latex(expression: str) -> str:
    return expression.replace("sigma(", r"\sigma(").replace("tanh(", r"\tanh(").replace("*", r"\cdot")
