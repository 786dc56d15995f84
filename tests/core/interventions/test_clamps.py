"""A clamp sets what it names, and everything else follows by the cell's own equations."""

from functools import cache

import numpy as np
import pytest
import torch

from core.cells import cells
from core.layers.stack import Site
from core.runs.network import restore
from core.spec import RunSpec
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import compare, reading, trace
from core.traces.writing import free_run, free_texts
from core.training import Training
from tests.core.interventions import oracle

TEXT = "def f(x):\n    return 1\n"
UNITS = 9
SIGNALS = [(cell, signal) for cell in cells for signal in cells[cell].signals]


@cache
def trained(cell: str, layer_count: int = 1, task: str = "characters"):
    spec = RunSpec(
        cell=cell, task=task, options=(("length", 3000 if task == "characters" else 10),), layer_count=layer_count,
        hidden_size=UNITS, truncation_length=16, batch_size=4, updates=5,
    )  # fmt: skip
    training = Training(spec)
    training.advance(5)
    return training.run()


def agree(traced, expected, example=0):
    signals, scores = expected
    for name, values in signals.items():
        np.testing.assert_allclose(traced[name].isel(direction=0, example=example), values, atol=1e-5, err_msg=name)
    probability = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(traced["probability"].isel(example=example), probability, atol=1e-5)


def as_computed(signal: str, value: float) -> float:
    return np.arctanh(value) if signal == "cell_state" else value


@pytest.mark.parametrize(("cell", "signal"), [one for one in SIGNALS if one[0] in oracle.STEPS])
@pytest.mark.parametrize("layers", [1, 3])
def test_what_follows_from_a_clamp_is_what_the_equations_say(cell, signal, layers):
    run, layer = trained(cell, layers), layers // 2

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
    traced = trace(trained(cell, 3), TEXT, (Clamp(signal, 0.25, layer=1),))
    np.testing.assert_allclose(squashed(traced[signal]).isel(layer=1), 0.25, atol=1e-6)
    assert float(traced["hidden_state"].isel(layer=2).std()) > 0


@pytest.mark.parametrize(("cell", "signal"), SIGNALS)
def test_clamping_to_the_learned_values_changes_nothing(cell, signal):
    run = trained(cell, 3)
    learned = trace(run, TEXT)
    values = torch.from_numpy(learned[signal].isel(layer=1, direction=0).to_numpy())
    network = restore(run)

    def at(time):
        return lambda name, value: values[:, time] if name == signal else value

    with torch.inference_mode():
        batch = reading(run, TEXT)
        again = network.arrangement.trace(network.weights(), batch, held={Site(1): at}).signals
    for name in cells[cell].signals:
        np.testing.assert_allclose(again[name], learned[name], atol=1e-5)


@pytest.mark.parametrize("cell", cells.names())
def test_alternatives_read_together_are_what_each_gives_alone(cell):
    run = trained(cell, 3)
    alternatives = [
        (),
        (Clamp("hidden_state", 0.5, (1,), 1),),
        (Clamp("hidden_state", "mean", None, 2), Clamp("hidden_state", -1.0, (0, 3), 1, time=5)),
        (Clamp("hidden_state", (0.1, 0.2), (4, 2), 1),),
    ]
    together = compare(run, TEXT, alternatives)
    for number, clamps in enumerate(alternatives):
        alone = trace(run, TEXT, clamps)
        for name in ("probability", "loss", "input", *cells[cell].signals):
            values = together[name].isel(example=slice(number, number + 1))
            np.testing.assert_allclose(values, alone[name], atol=1e-5, err_msg=name)


def test_alternatives_that_set_nothing_are_the_plain_trace():
    run = trained("lstm", 1)
    together, plain = compare(run, TEXT, [(), ()]), trace(run, TEXT)
    assert together.sizes["example"] == 2
    np.testing.assert_array_equal(together["cell_state"].isel(example=1), plain["cell_state"].isel(example=0))


def test_a_unit_at_its_mean_has_the_mean_of_what_is_looked_at():
    run = trained("lstm", 1)
    expected = np.tanh(trace(run, TEXT)["cell_state"].to_numpy().astype(float)).mean(axis=(0, 1, 2, 3))
    clamped = trace(run, TEXT, (Clamp("cell_state", "mean"),))["cell_state"]
    np.testing.assert_allclose(np.tanh(clamped.isel(layer=0, direction=0, example=0, time=7)), expected, atol=1e-6)


def test_a_cell_state_at_the_ends_of_its_scale_stays_finite():
    traced = trace(trained("lstm", 1), TEXT, (Clamp("cell_state", 1.0, (0,)), Clamp("cell_state", -1.0, (1,))))
    assert bool(np.isfinite(traced["cell_state"]).all())
    np.testing.assert_allclose(np.tanh(traced["cell_state"].isel(unit=[0, 1])[0, 0, 0, 3]), [1, -1], atol=2e-6)


def test_numbers_are_traced_with_clamps_too():
    run = trained("gru", task="adding")
    batch = next(run.spec.build_task().batches(3, 10, torch.Generator().manual_seed(0)))
    traced = trace(run, batch, (Clamp("update_gate", 1.0),))
    assert float(abs(traced["hidden_state"]).max()) == 0  # nothing is ever written
    assert len(np.unique(traced["prediction"])) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        Clamp("reset_gate", 0.5),
        Clamp("cell_state", 0.5, (UNITS,)),
        Clamp("cell_state", 0.5, (-1,)),
        Clamp("cell_state", 0.5, layer=1),
        Clamp("cell_state", 0.5, time=-1),
        Clamp("forget_gate", -0.1),
        Clamp("cell_state", 1.1),
        Clamp("cell_state", float("nan")),
        Clamp("cell_state", (0.1, 0.2), (1, 2, 3)),
    ],
    ids=str,
)
def test_what_a_network_has_not_is_refused(wrong):
    with pytest.raises(ValueError):
        trace(trained("lstm", 1), TEXT, (wrong,))


def test_free_running_reads_its_own_text_under_the_clamp():
    run, clamps = trained("lstm", 3), (Clamp("forget_gate", 0.0, layer=1), Clamp("hidden_state", 0.9, (3,), 2, time=6))
    written = free_run(run, "d", 30, seed=4, clamps=clamps)
    again = trace(run, written.attrs["text"], clamps)
    for name in cells["lstm"].signals:
        np.testing.assert_allclose(written[name], again[name], atol=1e-5)


def test_a_sweep_writes_what_each_value_writes_alone_and_all_meet_the_same_chance():
    run = trained("gru", 1)
    sweep = [(), *((Clamp("hidden_state", value, (2,)),) for value in (-1.0, 0.0, 1.0)), ()]
    texts = free_texts(run, "d", 40, sweep, seed=3, temperature=0.8, top_k=6)
    alone = [free_run(run, "d", 40, seed=3, temperature=0.8, top_k=6, clamps=one).attrs["text"] for one in sweep]
    assert list(texts) == alone
    assert texts[0] == texts[-1]
    assert free_texts(run, "d", 40, [(), ()], seed=3, temperature=0.8, top_k=6) == (texts[0],) * 2


def test_symbols_are_drawn_as_torch_draws_them():
    run = trained("elman", 1)
    written = free_run(run, "d", 40, seed=11).isel(example=0)
    generator = torch.Generator().manual_seed(11)
    for time in range(40):
        probability = torch.from_numpy(written["probability"].to_numpy()[time])[None]
        assert int(torch.multinomial(probability, 1, generator=generator)) == int(written["drawn"][time])


def test_writing_has_no_mean_yet():
    with pytest.raises(ValueError, match="mean"):
        free_run(trained("lstm", 1), "d", 5, clamps=(Clamp("cell_state", "mean"),))
    with pytest.raises(ValueError, match="nothing"):
        free_texts(trained("lstm", 1), "d", 5, [])
