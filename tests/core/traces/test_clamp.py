"""A clamp names a signal by its own axes, whatever network it is of; what cannot be set is refused in words."""

from functools import cache

import numpy as np
import pytest
import torch

from core.runs.run import Run
from core.spec import RunSpec
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import compare, trace
from core.training import Training

UNITS = 5


@cache
def fresh(task: str, network: str, direction: str = "forward") -> Run:
    return Training(RunSpec(task=task, network=network, direction=direction, hidden_size=UNITS)).run()


def batch_of(run: Run, size: int):
    return next(run.spec.build_task().batches(size, 12, torch.Generator().manual_seed(0)))


@pytest.mark.parametrize(
    ("task", "network", "direction", "signal"),
    [
        ("dates", "encoder_decoder", "both", "hidden_state"),
        ("dates", "encoder_decoder", "forward", "encoder_hidden_state"),
        ("captions", "picture_to_words", "forward", "hidden_state"),
        ("adding", "recurrent", "forward", "hidden_state"),
        ("adding", "time_delay", "forward", "hidden_state"),
    ],
)
def test_a_direction_that_a_signal_has_not_is_refused(task, network, direction, signal):
    run = fresh(task, network, direction)
    with pytest.raises(ValueError, match="no direction 1 "):
        trace(run, batch_of(run, 1), (Clamp(signal, 0.5, direction=1),))


@pytest.mark.parametrize(
    ("task", "network", "direction", "signal", "side"),
    [
        ("dates", "encoder_decoder", "both", "encoder_cell_state", 1),
        ("dates", "encoder_decoder", "both", "hidden_state", 0),
        ("captions", "picture_to_words", "forward", "cell_state", 0),
        ("adding", "recurrent", "both", "cell_state", 1),
        ("adding", "time_delay", "forward", "hidden_state", 0),
        ("characters", "time_delay", "forward", "hidden_state", 0),
    ],
)
def test_the_mean_of_a_signal_is_over_all_that_was_read_or_said(task, network, direction, signal, side):
    run = fresh(task, network, direction)
    batch = batch_of(run, 7)
    seen = squashed(trace(run, batch)[signal])
    if "encoder" in signal:
        seen = seen.isel(source_direction=side).where(np.asarray(batch.input_mask)[None, :, :, None])
    elif "direction" in seen.dims:
        seen = seen.isel(direction=side)
    expected = seen.mean([axis for axis in seen.dims if axis != "unit"], dtype=float)
    clamped = squashed(trace(run, batch, (Clamp(signal, "mean", direction=side),))[signal])
    axis = "source_direction" if "encoder" in signal else "direction"
    clamped = clamped.isel({axis: side} if axis in clamped.dims else {})
    counted = clamped.isel({name: 0 for name in clamped.dims if name != "unit"})
    np.testing.assert_allclose(counted, expected, atol=1e-6)


@pytest.mark.parametrize("examples", [2, 3])
def test_several_examples_are_not_read_under_several_alternatives(examples):
    run = fresh("adding", "recurrent")
    alternatives = [(), (Clamp("hidden_state", 0.5),)]
    with pytest.raises(ValueError, match="on one example"):
        compare(run, batch_of(run, examples), alternatives)
    assert compare(run, batch_of(run, 1), alternatives).sizes["example"] == 2
    assert compare(run, batch_of(run, examples), alternatives[1:]).sizes["example"] == examples
