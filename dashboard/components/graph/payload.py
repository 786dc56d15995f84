"""Everything that the computation graph of one run over one input shows, sent to the browser once."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.networks import Pattern
from core.signals import Role
from dashboard.components.timeline.glyphs import glyph

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray

    from core.runs.run import Run

LIKELIEST_PER_STEP = 3
STATE_LEVELS = 127
STATES = ("hidden_state", "cell_state")
"""The states of a cell that are drawn, if it has them."""


def payload(run: Run, trace: xarray.Dataset) -> dict[str, Any]:
    """Return the graph of the first example of ``trace`` as JSON: nodes by time step, weights with their shapes.

    The trace shows the pattern: many to many has an output at each step, many to one has one prediction, one to many
    has symbols that were drawn, and sequence to sequence has time steps that are read before those that are said. Some
    entries need an explanation:

    - ``segments``: the stretches of the drawing, one for each axis of time, with the time step at which each begins.
    - ``chains``: the rows of states, from the lowest: one for each segment, layer and direction. Its ``states`` are, by
      name, base64 strings of (time, unit) bytes, round(127 v) + 127 for v in [-1, 1]. A cell state is sent as tanh(c).
    - ``steps``: for each time step, the input. If symbols are predicted there, also ``top``: the symbols and
      probabilities of the three likeliest, and then of what came if it is none of them. If something comes next, also
      ``next``, its ``probability`` and its ``rank`` in ``top``. If there is a loss, also ``loss``.
    - ``looks``: for each time step that is said, its attention weight on each that is read; None without attention.
    """
    segments, chains = _chains(run, trace)
    read = _read_then_said(run, trace) if len(segments) > 1 else GRAPH_MEDIA[run.inputs.kind](trace)
    vocabularies = read.pop("vocabularies", [read["vocabulary"]])
    graph = {
        **read,
        "cell": run.spec.cell,
        "length": sum(one["length"] for one in segments),
        "layers": trace.sizes["layer"],
        "units": trace.sizes["unit"],
        "segments": [one | {"vocabulary": own} for one, own in zip(segments, vocabularies, strict=True)],
        "chains": chains,
        "weights": _weights(run, segments, chains),
        "looks": _looks(run, trace),
    }
    text = json.dumps(graph, sort_keys=True, ensure_ascii=False)
    return graph | {"digest": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]}


def _chains(run: Run, trace: xarray.Dataset) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the axes of time along which there are states, and the rows of states, as the signals declare them."""
    segments: list[dict[str, Any]] = []
    chains: dict[tuple[int, int, int], dict[str, Any]] = {}
    for name, signal in run.arrangement.signals.items():
        site, state = run.arrangement.site(name, 0, 0)
        if state not in STATES or name not in trace:
            continue
        layer_axis, direction_axis, _, time_axis, _ = signal.axes
        length, first = trace.sizes[time_axis], sum(one["length"] for one in segments)
        if site.part not in [one["part"] for one in segments]:
            segments.append({"part": site.part, "first": first, "length": length})
        segment = [one["part"] for one in segments].index(site.part)
        values = trace[name].isel(example=0).transpose(layer_axis, direction_axis, time_axis, "unit").to_numpy()
        for layer, direction in np.ndindex(values.shape[:2]):
            place = {"segment": segment, "layer": layer, "direction": direction}
            chain = chains.setdefault((segment, layer, direction), place | {"states": {}})
            one = values[layer, direction]
            chain["states"][state] = _levels(np.tanh(one) if state == "cell_state" else one)
    return segments, [chains[place] for place in sorted(chains)]


def _read_symbols(trace: xarray.Dataset) -> dict[str, Any]:
    here = trace.isel(example=0)
    index = here["input"].to_numpy()
    glyphs = [glyph(character) for character in str(trace.attrs["text"])]
    free = "drawn" in here
    following = here["drawn"].to_numpy() if free else np.append(index[1:], -1)
    steps = _symbols_read(glyphs, index, here["known"].to_numpy())
    names = [glyph(str(symbol)) for symbol in here["symbol"].to_numpy()]
    for step, said in zip(
        steps, _symbols_said(here, following, names if free else [*glyphs[1:], ""], free), strict=True
    ):
        step.update(said)
    pattern = "one_to_many" if free else "many_to_many"
    return {
        "pattern": pattern,
        "medium": "symbols",
        "marked": False,
        "free": free,
        "steps": steps,
        "vocabulary": len(names),
    }


def _read_then_said(run: Run, trace: xarray.Dataset) -> dict[str, Any]:
    """Return the steps read, then those said, each of which reads what was, or should have been, said before."""
    here = trace.isel(example=0)
    free = "said" in here
    read, said = here["input"].to_numpy(), here["said" if free else "target"].to_numpy()
    known = here["known"].to_numpy()
    written = str(trace.attrs["text"]) if "text" in trace.attrs else [run.inputs.symbols[one] for one in read]
    source = _symbols_read([glyph(str(one)) for one in written], read, known)
    names = [glyph(str(symbol)) for symbol in here["symbol"].to_numpy()]
    before = np.append(-1, said[:-1])
    steps = _symbols_read(["" if one < 0 else names[one] for one in before], before, np.ones(len(before), dtype=bool))
    for step, one in zip(steps, _symbols_said(here, said, names, by_index=True), strict=True):
        step.update(one)
    return {
        "pattern": "sequence_to_sequence",
        "medium": "symbols",
        "marked": False,
        "free": free,
        "steps": source + steps,
        "vocabularies": [run.inputs.size, len(names)],
        "vocabulary": len(names),
    }


def _symbols_read(glyphs: Sequence[str], index: np.ndarray, known: np.ndarray) -> list[dict[str, Any]]:
    return [
        {"glyph": one, "index": int(place), "known": bool(met)}
        for one, place, met in zip(glyphs, index, known, strict=True)
    ]


def _symbols_said(
    here: xarray.Dataset, following: np.ndarray, names: Sequence[str], by_index: bool
) -> list[dict[str, Any]]:
    """Return what the network expects at each step, and what comes.

    Parameters
    ----------
    following
        Indices of what comes; -1 where nothing does.
    names
        Names of what comes: by its index if ``by_index``, else by its time step, since a text may have symbols without
        an index.
    """
    symbols = [glyph(str(symbol)) for symbol in here["symbol"].to_numpy()]
    probability = here["probability"].to_numpy()
    likeliest = np.argsort(-probability, axis=1, kind="stable")[:, :LIKELIEST_PER_STEP]
    shares = _rounded(np.take_along_axis(probability, likeliest, axis=1))
    right = _rounded(probability[np.arange(len(following)), following])
    loss = _rounded(here["loss"].to_numpy()) if "loss" in here else [np.nan] * len(following)
    steps: list[dict[str, Any]] = []
    for time, best in enumerate(likeliest.tolist()):
        step: dict[str, Any] = {"top": [[symbols[one], share] for one, share in zip(best, shares[time], strict=True)]}
        if following[time] >= 0:
            step["next"] = names[following[time] if by_index else time]
            step["probability"] = right[time]
            if following[time] not in best:
                best.append(following[time])
                step["top"].append([symbols[following[time]], right[time]])
            step["rank"] = best.index(following[time])
        if math.isfinite(loss[time]):
            step["loss"] = loss[time]
        steps.append(step)
    return steps


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
    return {"pattern": pattern, "medium": "numbers", "marked": marked, "free": False, "steps": steps, "vocabulary": 0}


GRAPH_MEDIA: dict[str, Callable[[xarray.Dataset], dict[str, Any]]] = {
    "symbols": _read_symbols,
    "numbers": _read_numbers,
}
"""Functions that return what a graph shows of what is read and said, by the medium of its inputs."""


def _weights(run: Run, segments: list[dict[str, Any]], chains: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every matrix that the graph draws: kind, chain, shape of a block, and how many blocks it stacks.

    Each chain has an input matrix and a recurrent matrix. After them come the matrix between two segments, if there is
    one, and the readout matrix.
    """
    arrangement = run.arrangement
    weights: list[dict[str, Any]] = []
    for number, chain in enumerate(chains):
        segment = segments[chain["segment"]]
        stack = arrangement.stacks[segment["part"]]
        for kind, name in (("xh", "weight_ih"), ("hh", "weight_hh")):
            rows, columns = run.weights[stack.weight(name, chain["layer"], chain["direction"])].shape
            blocks = len(stack.cell.blocks)
            shape = {"rows": rows // blocks, "columns": columns, "blocks": blocks}
            weights.append({"kind": kind, "chain": number, **shape, "used": segment["length"]})
    if arrangement.bridge:
        rows, columns = run.weights[f"{arrangement.bridge.name}.weight"].shape
        weights.append({"kind": "bridge", "chain": None, "rows": rows, "columns": columns, "blocks": 1, "used": 1})
    rows, columns = run.weights["readout.weight"].shape
    used = 1 if arrangement.plan.pattern is Pattern.MANY_TO_ONE else segments[-1]["length"]
    return [*weights, {"kind": "hy", "chain": None, "rows": rows, "columns": columns, "blocks": 1, "used": used}]


def _looks(run: Run, trace: xarray.Dataset) -> list[list[float]] | None:
    """Return the attention weights of each step that is said on each that is read; None without attention."""
    for name, signal in run.arrangement.signals.items():
        if signal.role is Role.WEIGHTS and signal.axes == ("example", "time", "source_time") and name in trace:
            return _rounded(trace[name].isel(example=0).transpose("time", "source_time").to_numpy())
    return None


def _levels(values: np.ndarray) -> str:
    levels = np.rint(np.clip(values, -1, 1) * STATE_LEVELS) + STATE_LEVELS
    return base64.b64encode(levels.astype(np.uint8).tobytes()).decode("ascii")


def _rounded(values: np.ndarray) -> list[Any]:
    numbers: list[Any] = values.astype(np.float64).round(4).tolist()
    return numbers
