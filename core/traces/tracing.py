"""Everything that happened inside a network while it read something, as labelled arrays."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from core.cells import cells
from core.cells.cell import Step
from core.interventions.clamp import Alternative, settle
from core.interventions.holding import check, held, initial_state
from core.networks.network import Network, restore
from core.networks.stack import State, Unrolled, unroll
from core.runs.run import Run
from core.tasks import tasks
from core.tasks.characters import indices
from core.tasks.task import Batch

Variables = dict[str, tuple[tuple[str, ...], Any]]

TEMPERATURES = (0.05, 5.0)


@torch.inference_mode()
def trace(run: Run, probe: str | Batch, clamps: Alternative = ()) -> xarray.Dataset:
    """Read ``probe`` with the network of ``run`` and keep every signal of every layer.

    probe : a text for a character network, or a batch of a task with numbers
    clamps : what is set from outside meanwhile

    Returns a Dataset with

    - every signal of the cell: (layer, example, time, unit) float32; symbol, equation, role and worked form in attrs
    - input: (example, time) symbol index, or (example, time, feature)
    - for a text: probability: (example, time, symbol), of the next symbol; loss: (example, time), nats, NaN at the
      last time step; known: (example, time), whether the run has met the symbol in training
    - for numbers: prediction and target: (example,); loss: (example, time), NaN before the last time step

    Raises ValueError for an empty text, or a clamp of something that the network has not.
    """
    if isinstance(probe, Batch):
        return _trace_numbers(run, probe, clamps)
    return compare(run, probe, [clamps])


@torch.inference_mode()
def compare(run: Run, text: str, alternatives: Sequence[Alternative]) -> xarray.Dataset:
    """Read ``text`` once for each alternative, all at once: the examples of one Dataset like that of ``trace``.

    Raises ValueError as ``trace`` does, and for no alternatives.
    """
    if not text:
        raise ValueError("an empty text has no time steps")
    network = restore(run)
    index = torch.from_numpy(indices(text, run.symbols))[None]
    numbers = settled(run, text, alternatives)
    unrolled = _read(network, one_hot(index, len(run.symbols)).float(), numbers)
    index = index.expand(len(alternatives), -1)
    scores = network.readout(unrolled.outputs)
    loss = torch.full(index.shape, torch.nan)
    loss[:, :-1] = cross_entropy(scores[:, :-1].transpose(1, 2), index[:, 1:], reduction="none")
    read: Variables = {"probability": (("example", "time", "symbol"), scores.softmax(dim=2))}
    return _text_dataset(run, unrolled.signals, index, read | {"loss": (("example", "time"), loss)}, text)


def settled(run: Run, probe: str | Batch | None, alternatives: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """The alternatives with numbers for "mean", from reading ``probe`` with nothing set.

    Raises ValueError for a clamp of something that the network has not, for "mean" without a probe, and for no
    alternatives.
    """
    if not alternatives:
        raise ValueError("nothing to compare")
    for clamps in alternatives:
        for one in clamps:
            check(one, run.spec)
    if not any(one.value == "mean" for clamps in alternatives for one in clamps):
        return tuple(alternatives)
    if probe is None:
        raise ValueError("there is no text to take a mean over")
    learned = trace(run, probe)
    return tuple(settle(clamps, learned) for clamps in alternatives)


def trace_example(run: Run, seed: int) -> xarray.Dataset:
    """The same for one example of the run's own task, drawn with ``seed``: what a task with numbers has for a text."""
    task = tasks[run.spec.task](**dict(run.spec.options))
    batches = task.batches(1, run.spec.truncation_length, torch.Generator().manual_seed(seed))
    return trace(run, next(batches))


class FreeState(NamedTuple):
    """What free running carries from one time step to the next.

    stack : the states of the layers
    symbol : (example,) index of the symbol that is read next: given, or the one drawn last
    """

    stack: State
    symbol: Tensor


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
    """Let the network write: once it has read what it is given, each symbol drawn is the next one it reads.

    p(symbol) = softmax(y_t / temperature) over the ``top_k`` likeliest symbols, or all; never the unknown symbol.

    first : what to start from, one character (one to many) or more; those that the run has not met are read as unknown
    length : time steps, at least as many as ``first`` has characters
    temperature : 0.05 to 5; low values nearly always take the likeliest symbol
    clamps : what is set from outside meanwhile, in numbers: there is no text yet to take a mean over

    Returns a Dataset like that of ``trace``; probability is the distribution that was drawn from, drawn: (example,
    time) the index of the symbol drawn, which is the input one time step later. There is no target and no loss.

    Raises ValueError for nothing to start from, a setting out of its range, or a clamp of something that the network
    has not.
    """
    signals = _write(run, first, length, temperature, top_k, seed, [clamps])
    index, drawn = signals.pop("input"), signals.pop("drawn")
    read: Variables = {
        "probability": (("example", "time", "symbol"), signals.pop("probability")),
        "drawn": (("example", "time"), drawn),
    }
    return _text_dataset(run, signals, index, read, _spelled(run, first, index[0]))


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
    """What the network writes under each alternative: the texts of ``free_run``, all at once.

    Every alternative meets the same chance at the same time step, so that texts part only where a clamp parts them.

    Raises ValueError as ``free_run`` does.
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
    """Every signal, and input, probability and drawn, by name."""
    if not first:
        raise ValueError("free running starts from one character at least")
    if not TEMPERATURES[0] <= temperature <= TEMPERATURES[1]:
        raise ValueError(f"temperature {temperature} is not within {TEMPERATURES[0]} to {TEMPERATURES[1]}")
    if length < len(first) or (top_k is not None and top_k < 1):
        raise ValueError("length is at least that of what is given, and top_k at least 1")
    network, generator = restore(run), torch.Generator().manual_seed(seed)
    kept = min(top_k or len(run.symbols), len(run.symbols) - 1)
    holds, times = held(network.stack, settled(run, None, alternatives)), count()

    def step(_: Tensor, state: FreeState) -> Step:
        time = next(times)
        now = {layer: at(time) for layer, at in holds.items()}
        inside = network.stack(one_hot(state.symbol, len(run.symbols)).float(), state.stack, now)
        scores = network.readout(inside.output) / temperature
        scores[:, 0] = -torch.inf
        scores[scores < scores.topk(kept).values[:, -1:]] = -torch.inf
        probability = scores.softmax(dim=1)
        # How torch.multinomial draws, but with the same chance for every example: exponential arrivals, p times as
        # frequent, of which the first is taken.
        chance = torch.empty(1, len(run.symbols)).exponential_(generator=generator)
        drawn = (probability / chance).argmax(dim=1)
        own = {"input": state.symbol, "probability": probability, "drawn": drawn}
        read_next = given[:, time + 1] if time + 1 < len(first) else drawn
        return Step(probability, FreeState(inside.state, read_next), {**inside.signals, **own})

    given = torch.from_numpy(indices(first, run.symbols)).expand(len(alternatives), -1)
    start = FreeState(network.stack.initial_state(len(alternatives)), given[:, 0])
    return unroll(step, torch.empty(1, length, 0), start).signals


def _read(network: Network, inputs: Tensor, alternatives: Sequence[Alternative]) -> Unrolled:
    holds = held(network.stack, alternatives)
    state = initial_state(network.stack, holds, inputs.shape[0], len(alternatives))
    read = network.stack.trace(inputs, state, holds)
    # Alternatives that all set nothing were read as one.
    examples = max(inputs.shape[0], len(alternatives))
    signals = {name: signal.expand(examples, -1, -1, -1) for name, signal in read.signals.items()}
    return read._replace(outputs=read.outputs.expand(examples, -1, -1), signals=signals)


def _trace_numbers(run: Run, batch: Batch, clamps: Alternative) -> xarray.Dataset:
    network = restore(run)
    unrolled = _read(network, batch.inputs, settled(run, batch, [clamps]))
    prediction = network.readout(unrolled.outputs[:, -1])[:, 0]
    loss = torch.full(batch.inputs.shape[:2], torch.nan)
    loss[:, -1] = (prediction - batch.targets).square()
    read: Variables = {
        "input": (("example", "time", "feature"), batch.inputs),
        "prediction": (("example",), prediction),
        "target": (("example",), batch.targets),
        "loss": (("example", "time"), loss),
    }
    return _dataset(run, unrolled.signals, read, {})


def _text_dataset(run: Run, signals: Mapping[str, Tensor], index: Tensor, read: Variables, text: str) -> xarray.Dataset:
    read |= {"input": (("example", "time"), index), "known": (("example", "time"), index != 0)}
    dataset = _dataset(run, signals, read, {"symbol": list(run.symbols)})
    dataset.attrs["text"] = text
    return dataset


def _dataset(run: Run, signals: Mapping[str, Tensor], read: Variables, coords: dict[str, Any]) -> xarray.Dataset:
    declared = cells[run.spec.cell].signals
    variables: dict[str, Any] = {
        name: (
            ("layer", "example", "time", "unit"),
            signals[name].permute(2, 0, 1, 3).numpy(),
            {"symbol": one.symbol, "equation": one.equation, "role": str(one.role), "worked": one.worked},
        )
        for name, one in declared.items()
    }
    variables |= {name: (dims, values.numpy()) for name, (dims, values) in read.items()}
    time = np.arange(next(iter(signals.values())).shape[1])
    return xarray.Dataset(variables, {"time": time, **coords}, {"key": run.spec.key, "cell": run.spec.cell})
