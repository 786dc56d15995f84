"""Everything that happened inside a network while it read something, as labelled arrays."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import xarray
from torch import Tensor

from core.media import Variables
from core.networks import Arrangement, Batch, Pattern
from core.runs.network import restore
from core.runs.run import Run
from core.tasks import tasks
from core.traces.clamp import Alternative, settle
from core.traces.holding import check, examples_of, held

SAYING = (Pattern.SEQUENCE_TO_SEQUENCE, Pattern.ONE_TO_MANY)
"""Patterns whose outputs are a sequence of their own. If no target is given, a trace keeps what the network says."""


@torch.inference_mode()
def trace(run: Run, probe: str | Batch, clamps: Alternative = ()) -> xarray.Dataset:
    """Read ``probe`` with the network of ``run`` and keep every signal of every layer.

    Parameters
    ----------
    probe
        A text for a network that reads symbols, or a batch of the run's task.
    clamps
        What is set from outside while the network reads.

    Returns
    -------
    xarray.Dataset
        Its axis of time is ``time``. In sequence to sequence, the inputs have an axis of their own, ``source_time``.
        The dataset holds

        - every signal of the cell, of the shape (layer, direction, example, time, unit), float32. Its symbol, equation,
          role and worked form are in attrs. The signals of the arrangement have the axes that they declare.
        - ``input``, whose form depends on the medium of the inputs. For symbols: their indices, with ``known``, which
          says whether the run has met the symbol in training; both of the shape (example, time). For numbers: the shape
          (example, time, feature). For pictures: (example, channel, pixel_row, pixel_column).
        - for symbols, ``probability`` of the next symbol, of the shape (example, time, symbol), and ``target`` and
          ``loss`` in nats, of the shape (example, time).
        - for numbers, ``prediction`` and ``target``, of the shape (example, time, output), and ``loss``, of the shape
          (example, time).
        - where there is one output for a whole example, the same without the time axis; if the output is one number,
          also without the output axis. The loss stands at the last time step.
        - ``said``, if a network whose output is a sequence was given no target: what it says by itself under the
          clamps, in place of a target and a loss. Indices, of the shape (example, time).

        The loss is NaN at time steps without a target.

    Raises
    ------
    ValueError
        If the text is empty, the network reads no text, or a clamp sets something that the network does not have.
    """
    return compare(run, probe, [clamps])


@torch.inference_mode()
def compare(run: Run, probe: str | Batch, alternatives: Sequence[Alternative]) -> xarray.Dataset:
    """Read ``probe`` under every alternative in one pass.

    Parameters
    ----------
    probe
        As ``trace`` takes it. It must be one example if there are several alternatives.

    Returns
    -------
    xarray.Dataset
        Like that of ``trace``. If there are several alternatives, its examples are the alternatives.

    Raises
    ------
    ValueError
        If there are no alternatives, if there are several alternatives and several examples, or as ``trace`` raises it.
    """
    batch = reading(run, probe)
    if len(batch.inputs) > 1 and len(alternatives) > 1:
        several = f"{len(batch.inputs)} examples under {len(alternatives)} alternatives"
        raise ValueError(f"{several}: several alternatives are compared on one example")
    numbers = settled(run, batch, alternatives)
    network = restore(run)
    weights, arrangement = network.weights(), network.arrangement
    holds = held(arrangement, numbers)
    examples = max(len(batch.inputs), len(numbers))
    counts = examples_of(run.spec.layer_count, holds, len(batch.inputs), len(numbers))
    state = arrangement.initial_state(weights, counts)
    repeated, asked, others = _repeated(batch, examples), batch.targets is not None, {}
    if not asked and arrangement.plan.pattern in SAYING:
        length = run.spec.build_task().lengths(run.spec.truncation_length)[1]
        said = arrangement.answer(weights, repeated, length, holds)
        repeated, others = repeated._replace(targets=said), {"said": (("example", "time"), said)}
    # A state before the first time step already tells the alternatives apart, so the batch need not be repeated.
    traced = arrangement.trace(weights, batch if state else repeated, state or None, holds)
    predictions = _as_often(traced.predictions, examples)
    # If no alternative sets anything, all were read as one example.
    signals = {name: _expanded(one, arrangement.signals[name].axes, examples) for name, one in traced.signals.items()}
    shown = read_and_said(arrangement, repeated if asked else repeated._replace(targets=None), predictions)
    dataset = labelled(run, signals, shown | others)
    return dataset.assign_attrs(text=probe) if isinstance(probe, str) else dataset


def reading(run: Run, probe: str | Batch) -> Batch:
    """Return a text as a batch for the run's network, and a batch unchanged.

    Raises
    ------
    ValueError
        As ``trace`` raises it.
    """
    return tasks[run.spec.task].reading(probe, run.inputs) if isinstance(probe, str) else probe


def settled(run: Run, probe: str | Batch | None, alternatives: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Return the alternatives with each "mean" replaced by numbers, from reading ``probe`` with nothing set.

    Raises
    ------
    ValueError
        If a clamp sets something that the network does not have, if there is a "mean" but no probe, or if there are no
        alternatives.
    """
    if not alternatives:
        raise ValueError("nothing to compare")
    for clamps in alternatives:
        for one in clamps:
            check(one, run)
    if not any(one.value == "mean" for clamps in alternatives for one in clamps):
        return tuple(alternatives)
    if probe is None:
        raise ValueError("there is no text to take a mean over")
    mask = None if isinstance(probe, str) or probe.input_mask is None else probe.input_mask.numpy()
    learned = trace(run, probe)
    return tuple(settle(clamps, learned, mask) for clamps in alternatives)


def trace_example(run: Run, seed: int) -> xarray.Dataset:
    """Return the trace of one example of the run's own task that was not used in training, drawn with ``seed``.

    Raises
    ------
    core.texts.TextUnavailable
        If the text of the task is not available here.
    """
    generator = torch.Generator().manual_seed(seed)
    return trace(run, run.spec.build_task().unseen(run.spec.truncation_length, generator))


def read_and_said(arrangement: Arrangement, batch: Batch, predictions: Tensor) -> Variables:
    """Return the inputs and outputs of a batch as a trace keeps them."""
    inputs, outputs, pattern = arrangement.plan.inputs, arrangement.plan.outputs, arrangement.plan.pattern
    own_length = pattern is Pattern.SEQUENCE_TO_SEQUENCE
    length = batch.inputs.shape[1] if pattern is Pattern.MANY_TO_ONE else predictions.shape[1]
    read = inputs.shown(batch.inputs, "source_time" if own_length else "time")
    return read | outputs.outcome(predictions, batch.targets, batch.target_mask, length)


def labelled(run: Run, signals: Mapping[str, Tensor], others: Variables) -> xarray.Dataset:
    """Return the signals, with the axes that they declare, and other arrays with their own axes, as one Dataset."""
    arrangement = run.arrangement
    variables = {
        name: (
            one.axes,
            signals[name].numpy(),
            {"symbol": one.symbol, "equation": one.equation, "role": str(one.role), "worked": one.worked},
        )
        for name, one in arrangement.signals.items()
        if name in signals
    }
    arrays = {name: (axes, values.numpy()) for name, (axes, values) in others.items()}
    dataset = xarray.Dataset({**variables, **arrays}, attrs={"key": run.spec.key, "cell": run.spec.cell})
    coordinates = {axis: np.arange(dataset.sizes[axis]) for axis in ("time", "source_time") if axis in dataset.sizes}
    symbols = {"symbol": list(run.outputs.symbols)} if "symbol" in dataset.sizes else {}
    return dataset.assign_coords({**coordinates, **symbols})


def _expanded(signal: Tensor, axes: tuple[str, ...], examples: int) -> Tensor:
    return signal.expand(*(examples if axis == "example" else -1 for axis in axes))


def _repeated(batch: Batch, examples: int) -> Batch:
    """Return the one example of ``batch``, repeated ``examples`` times."""
    return Batch(
        inputs=_as_often(batch.inputs, examples),
        targets=None if batch.targets is None else _as_often(batch.targets, examples),
        fresh=_as_often(batch.fresh, examples),
        input_mask=None if batch.input_mask is None else _as_often(batch.input_mask, examples),
        target_mask=None if batch.target_mask is None else _as_often(batch.target_mask, examples),
    )


def _as_often(values: Tensor, examples: int) -> Tensor:
    return values.expand(examples, *(-1,) * (values.dim() - 1))
