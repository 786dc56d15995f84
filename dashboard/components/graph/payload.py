"""Everything that the computation graph of one run over one input shows, sent to the browser once."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from core.networks import Pattern
from dashboard.components.timeline.glyphs import glyph

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray

    from core.runs.run import Run

LIKELIEST_PER_STEP = 3
STATE_LEVELS = 127


def payload(run: Run, trace: xarray.Dataset) -> dict[str, Any]:
    """Return the graph of the first example of ``trace`` as JSON: nodes by time step, weights with their shapes.

    The trace tells the pattern: many to many has probabilities of a next symbol, many to one has one prediction, one to
    many has symbols that were drawn. Two entries need an explanation:

    - ``states``: by name, one base64 string for each layer. It holds (time, unit) bytes, round(127 v) + 127 for v in
      [-1, 1]. A cell state goes as tanh(c).
    - ``steps``: for each time step, the input. Where something comes next, also ``top``, the symbols and probabilities
      of the three likeliest and then of what came if it is none of them; ``next``, its ``probability``, its ``rank`` in
      ``top``; and ``loss``.
    """
    names = [name for name in ("hidden_state", "cell_state") if name in trace]
    read = GRAPH_MEDIA[run.inputs.kind](trace)
    graph = {
        **read,
        "cell": run.spec.cell,
        "length": trace.sizes["time"],
        "layers": trace.sizes["layer"],
        "units": trace.sizes["unit"],
        "states": {name: [_levels(layer) for layer in _bounded(trace, name)] for name in names},
        "weights": _weights(run, trace),
    }
    text = json.dumps(graph, sort_keys=True, ensure_ascii=False)
    return graph | {"digest": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]}


def _read_symbols(trace: xarray.Dataset) -> dict[str, Any]:
    here = trace.isel(example=0)
    symbols = [glyph(str(symbol)) for symbol in here["symbol"].to_numpy()]
    probability, index = here["probability"].to_numpy(), here["input"].to_numpy()
    known = here["known"].to_numpy().tolist()
    glyphs = [glyph(character) for character in str(trace.attrs["text"])]
    free = "drawn" in here
    following = here["drawn"].to_numpy() if free else np.append(index[1:], -1)
    likeliest = np.argsort(-probability, axis=1, kind="stable")[:, :LIKELIEST_PER_STEP]
    shares = _rounded(np.take_along_axis(probability, likeliest, axis=1))
    right = _rounded(probability[np.arange(len(index)), following])
    loss = _rounded(here["loss"].to_numpy()) if "loss" in here else [np.nan] * len(index)
    steps: list[dict[str, Any]] = []
    for time, best in enumerate(likeliest.tolist()):
        step: dict[str, Any] = {
            "glyph": glyphs[time],
            "index": int(index[time]),
            "known": known[time],
            "top": [[symbols[one], share] for one, share in zip(best, shares[time], strict=True)],
        }
        if following[time] >= 0:
            step["next"] = symbols[following[time]] if free else glyphs[time + 1]
            step["probability"] = right[time]
            if following[time] not in best:
                best.append(following[time])
                step["top"].append([symbols[following[time]], right[time]])
            step["rank"] = best.index(following[time])
        if math.isfinite(loss[time]):
            step["loss"] = loss[time]
        steps.append(step)
    pattern = "one_to_many" if free else "many_to_many"
    return {"pattern": pattern, "medium": "symbols", "marked": False, "steps": steps, "vocabulary": len(symbols)}


def _read_numbers(trace: xarray.Dataset) -> dict[str, Any]:
    """Return one or two numbers for each step, the second a mark, and an answer at each step or at the last."""
    here = trace.isel(example=0)
    read = here["input"].to_numpy()
    marked = read.shape[1] > 1
    amounts = read[:, 0] if marked else np.abs(read[:, 0]) / max(float(np.abs(read[:, 0]).max()), 1e-6)
    steps: list[dict[str, Any]] = [
        {"number": round(float(one[0]), 4), "amount": round(float(amount), 4)}
        for one, amount in zip(read, amounts, strict=True)
    ]
    if marked:
        for step, one in zip(steps, read, strict=True):
            step["mark"] = round(float(one[1]))
    always = "time" in here["prediction"].dims
    for time in range(len(steps)) if always else (len(steps) - 1,):
        said = here.isel(time=time) if always else here
        steps[time] |= {name: round(float(said[name].squeeze()), 4) for name in ("prediction", "target")}
        steps[time]["loss"] = float((said["prediction"].squeeze() - said["target"].squeeze()) ** 2)
    pattern = "many_to_many" if always else "many_to_one"
    return {"pattern": pattern, "medium": "numbers", "marked": marked, "steps": steps, "vocabulary": 0}


GRAPH_MEDIA = {"symbols": _read_symbols, "numbers": _read_numbers}
"""What a graph shows of what is read and said, by the medium of its inputs."""


def _weights(run: Run, trace: xarray.Dataset) -> list[dict[str, Any]]:
    """Return every matrix that the graph draws: kind, layer, shape of a block, and how many blocks it stacks."""
    units, layers = trace.sizes["unit"], trace.sizes["layer"]
    blocks = run.weights["weight_hh_l0"].shape[0] // units
    used = trace.sizes["time"]
    weights: list[dict[str, Any]] = []
    for layer in range(layers):
        for kind, name in (("xh", "weight_ih_l"), ("hh", "weight_hh_l")):
            columns = run.weights[f"{name}{layer}"].shape[1]
            weights.append({"kind": kind, "layer": layer, "rows": units, "columns": columns, "used": used})
    rows, columns = run.weights["readout.weight"].shape
    readouts = 1 if run.arrangement.plan.pattern is Pattern.MANY_TO_ONE else used
    output = {"kind": "hy", "layer": layers - 1, "rows": rows, "columns": columns, "used": readouts}
    return [one | {"blocks": blocks} for one in weights] + [output | {"blocks": 1}]


def _bounded(trace: xarray.Dataset, name: str) -> np.ndarray:
    """Return a state with values in [-1, 1]. Shape: (layer, time, unit)."""
    values = trace[name].isel(direction=0, example=0).transpose("layer", "time", "unit").to_numpy()
    return np.tanh(values) if name == "cell_state" else values


def _levels(values: np.ndarray) -> str:
    levels = np.rint(np.clip(values, -1, 1) * STATE_LEVELS) + STATE_LEVELS
    return base64.b64encode(levels.astype(np.uint8).tobytes()).decode("ascii")


def _rounded(values: np.ndarray) -> list[Any]:
    numbers: list[Any] = values.astype(np.float64).round(4).tolist()
    return numbers
