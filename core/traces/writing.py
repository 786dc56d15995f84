"""A network that writes by itself: each symbol that it says is the next one that it reads."""

from collections.abc import Callable, Sequence
from itertools import count

import torch
import xarray
from torch import Tensor

from core.cells import Step
from core.layers.layer import unroll
from core.networks import Batch
from core.runs.network import restore
from core.runs.run import Run
from core.tasks import indices
from core.traces.clamp import Alternative
from core.traces.holding import held
from core.traces.tracing import labelled, settled

TEMPERATURES = (0.05, 5.0)

Choose = Callable[[Tensor], tuple[Tensor, dict[str, Tensor]]]
"""Takes predictions (example, output). Gives indices of what is said (example,), and what to keep of the choice."""


@torch.inference_mode()
def free_run(
    run: Run,
    first: str,
    length: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    seed: int = 0,
    clamps: Alternative = (),
) -> xarray.Dataset:
    """Let the network write: after it has read ``first``, each symbol that it draws is the next one that it reads.

    Parameters
    ----------
    first
        What to start from: one character (one to many) or more. Characters that the run has not met in training are
        read as the unknown symbol.
    length
        Time steps, at least as many as ``first`` has characters.
    temperature
        0.05 to 5. Low values nearly always take the likeliest symbol.
    top_k
        How many of the likeliest symbols may be drawn; all if None.
    clamps
        What is set from outside while the network writes. "mean" is not allowed: there is no text yet to take it over.

    Returns
    -------
    xarray.Dataset
        Like that of ``trace``, without a target and a loss. ``probability`` is the distribution that was drawn from.
        ``drawn`` is the index of the symbol drawn. From the last character of ``first`` on, it is the input one time
        step later. Shape: (example, time).

    Raises
    ------
    ValueError
        If there is nothing to start from, a setting is out of its range, a clamp sets something that the network does
        not have, or the network does not write.

    Notes
    -----
    p(symbol) = softmax(y_t / temperature) over the ``top_k`` likeliest symbols, or all. The unknown symbol is never
    drawn.
    """
    signals = _write(run, first, length, temperature, top_k, seed, [clamps])
    index, drawn = signals.pop("input"), signals.pop("drawn")
    steps = ("example", "time")
    read = run.inputs.shown(index, "time") | {
        "probability": ((*steps, "symbol"), signals.pop("probability")),
        "drawn": (steps, drawn),
    }
    # Signals have their axes in this order: those of one step, with time stacked after the example.
    stacked = ("example", "time", "layer", "direction", "unit")
    axes = {name: run.arrangement.signals[name].axes for name in signals}
    inside = {
        name: signal.permute([[axis for axis in stacked if axis in axes[name]].index(axis) for axis in axes[name]])
        for name, signal in signals.items()
    }
    drawn_with = {"temperature": temperature, "top_k": top_k}
    return labelled(run, inside, read).assign_attrs(text=_spelled(run, first, index[0]), **drawn_with)


@torch.inference_mode()
def free_texts(
    run: Run,
    first: str,
    length: int,
    alternatives: Sequence[Alternative],
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    seed: int = 0,
) -> tuple[str, ...]:
    """Return what the network writes under each alternative: the texts of ``free_run``, all in one pass.

    All alternatives share the same random numbers at each time step, so texts differ only because of the clamps.

    Raises
    ------
    ValueError
        As ``free_run`` raises it.
    """
    index = _write(run, first, length, temperature, top_k, seed, alternatives)["input"]
    return tuple(_spelled(run, first, one) for one in index)


def _spelled(run: Run, first: str, index: Tensor) -> str:
    return first + "".join(run.symbols[one] for one in index[len(first) :].tolist())


def _write(
    run: Run,
    first: str,
    length: int,
    temperature: float,
    top_k: int | None,
    seed: int,
    alternatives: Sequence[Alternative],
) -> dict[str, Tensor]:
    """Return every signal by name, with ``input``, ``probability`` and ``drawn``."""
    if not first:
        raise ValueError("free running starts from one character at least")
    if not TEMPERATURES[0] <= temperature <= TEMPERATURES[1]:
        raise ValueError(f"temperature {temperature} is not within {TEMPERATURES[0]} to {TEMPERATURES[1]}")
    if length < len(first) or (top_k is not None and top_k < 1):
        raise ValueError("length is at least that of what is given, and top_k at least 1")
    network = restore(run)
    arrangement, weights = network.arrangement, network.weights()
    if not arrangement.writes or run.inputs != run.outputs:
        raise ValueError("this network does not write what it reads")
    choose = _drawing(len(run.symbols), temperature, top_k, seed)
    holds, times = held(arrangement, settled(run, None, alternatives)), count()
    given = torch.tensor([indices(first, run.symbols)]).expand(len(alternatives), -1)

    def step(_: Tensor, state: tuple[object, Tensor]) -> Step:
        time = next(times)
        now = {site: at(time) for site, at in holds.items()}
        inside = arrangement.write(weights, run.inputs.encode(state[1][:, None])[:, 0], state[0], now)
        drawn, chosen = choose(inside.output)
        read_next = given[:, time + 1] if time + 1 < len(first) else drawn
        own = {"input": state[1], "drawn": drawn, **chosen}
        return Step(drawn, (inside.state, read_next), {**inside.signals, **own})

    nothing_read = Batch(given, None, torch.ones(len(given), dtype=torch.bool))
    start = arrangement.begin(weights, nothing_read, len(alternatives)), given[:, 0]
    return unroll(step, torch.empty(1, length, 0), start).signals


def _drawing(symbols: int, temperature: float, top_k: int | None, seed: int) -> Choose:
    """Return a function that draws a symbol for each example, with the same random numbers for all examples."""
    generator = torch.Generator().manual_seed(seed)
    kept = min(top_k or symbols, symbols - 1)

    def choose(predictions: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        scores = predictions / temperature
        scores[:, 0] = -torch.inf
        scores[scores < scores.topk(kept).values[:, -1:]] = -torch.inf
        probability = scores.softmax(dim=1)
        # This is how torch.multinomial draws, but with the same random numbers for every example: each symbol gets an
        # exponential arrival time with rate p, and the first to arrive is drawn.
        chance = torch.empty(1, symbols).exponential_(generator=generator)
        return (probability / chance).argmax(dim=1), {"probability": probability}

    return choose
