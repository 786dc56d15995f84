"""A clamp sets what it names, and everything else follows by the cell's own equations."""

import numpy as np
import pytest
import torch
from torch.nn.functional import one_hot

from core.cells import cells
from core.interventions.clamp import Clamp
from core.measures.squashed import squashed
from core.network import restore
from core.spec import RunSpec
from core.tracing import trace
from core.training import Training
from tests.core.interventions import oracle

TEXT = "def f(x):\n    return 1\n"
UNITS = 9
SIGNALS = [(cell, signal) for cell in cells for signal in cells[cell].signals]


def trained(cell: str, layer_count: int = 1, task: str = "characters"):
    spec = RunSpec(
        cell=cell, task=task, options=(("length", 3000 if task == "characters" else 10),), layer_count=layer_count,
        hidden_size=UNITS, truncation_length=16, batch_size=4, updates=5,
    )  # fmt: skip
    training = Training(spec)
    training.advance(5)
    return training.run()


RUNS = {(cell, layers): trained(cell, layers) for cell in cells for layers in (1, 3)}


def agree(traced, expected, example=0):
    signals, scores = expected
    for name, values in signals.items():
        np.testing.assert_allclose(traced[name].isel(example=example), values, atol=1e-5, err_msg=name)
    probability = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(traced["probability"].isel(example=example), probability, atol=1e-5)


def as_computed(signal: str, value: float) -> float:
    return np.arctanh(value) if signal == "cell_state" else value


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
@pytest.mark.parametrize("layers", [1, 3])
def test_what_follows_from_a_clamp_is_what_the_equations_say(cell, signal, layers):
    run, layer = RUNS[cell, layers], layers // 2

    def put(at, name, time, value):
        value = value.copy()
        if (at, name) == (layer, signal):
            value[[2, 5]] = as_computed(signal, 0.5)
        if (at, name, time) == (layer, "hidden_state", 4):
            value[7] = -0.25
        return value

    clamps = (Clamp(signal, 0.5, (2, 5), layer), Clamp("hidden_state", -0.25, (7,), layer, time=4))
    traced = trace(run, TEXT, clamps)
    agree(traced, oracle.read(run, traced["input"].to_numpy()[0], put))


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
def test_a_clamped_signal_has_its_value_everywhere(cell, signal):
    traced = trace(RUNS[cell, 3], TEXT, (Clamp(signal, 0.25, layer=1),))
    np.testing.assert_allclose(squashed(traced[signal]).isel(layer=1), 0.25, atol=1e-6)
    assert float(traced["hidden_state"].isel(layer=2).std()) > 0


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
def test_clamping_to_the_learned_values_changes_nothing(cell, signal):
    run = RUNS[cell, 3]
    learned = trace(run, TEXT)
    values = torch.from_numpy(learned[signal].isel(layer=1).to_numpy())
    stack = restore(run).stack
    inputs = one_hot(torch.from_numpy(learned["input"].to_numpy()), len(run.symbols)).float()

    def at(time):
        return lambda name, value: values[:, time] if name == signal else value

    with torch.inference_mode():
        again = stack.trace(inputs, stack.initial_state(1), {1: at}).signals
    for name in cells[cell].signals:
        np.testing.assert_allclose(again[name].permute(2, 0, 1, 3), learned[name], atol=1e-5)
