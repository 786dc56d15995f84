"""A trace holds what the trained network really did, under names."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import expit
from torch.nn.functional import one_hot

from core.cells import Role, cells
from core.runs.network import restore
from core.spec import RunSpec
from core.tasks.characters import UNKNOWN
from core.traces.tracing import trace, trace_example
from core.traces.worked import worked
from core.traces.writing import free_run
from core.training import Training

TEXT = "def f(x):\n    return 1\n"


def trained(cell: str, layer_count: int = 1, task: str = "characters"):
    length = 3000 if task == "characters" else 10
    spec = RunSpec(
        cell=cell, task=task, options=(("length", length),), layer_count=layer_count,
        hidden_size=9, truncation_length=16, batch_size=4, updates=5,
    )  # fmt: skip
    training = Training(spec)
    training.advance(5)
    return training.run()


@pytest.fixture(scope="module", params=[(cell, layers) for cell in cells.names() for layers in (1, 2)], ids=str)
def run(request):
    return trained(*request.param)


def batch_of(run):
    return next(run.spec.build_task().batches(3, 10, torch.Generator().manual_seed(0)))


def test_every_declared_signal_has_named_axes(run):
    traced = trace(run, TEXT)
    for name, signal in cells[run.spec.cell].signals.items():
        assert traced[name].dims == ("layer", "direction", "example", "time", "unit")
        assert traced[name].shape == (run.spec.layer_count, 1, 1, len(TEXT), 9)
        assert traced[name].dtype == np.float32
        assert traced[name].attrs["symbol"] == signal.symbol
        assert traced[name].attrs["role"] == signal.role
    assert traced.attrs["text"] == TEXT


@pytest.mark.parametrize("cell", [name for name in cells if cells[name].fused])
def test_hidden_states_and_predictions_equal_torch_s_module(cell):
    run = trained(cell, 2)
    theirs = getattr(torch.nn, str(cells[cell].fused))(len(run.symbols), 9, 2, batch_first=True)
    theirs.load_state_dict({name: torch.from_numpy(v) for name, v in run.weights.items() if "readout" not in name})
    traced = trace(run, TEXT)
    inputs = one_hot(torch.from_numpy(traced["input"].to_numpy()), len(run.symbols)).float()
    with torch.no_grad():
        outputs, _ = theirs(inputs)
    np.testing.assert_allclose(traced["hidden_state"].isel(layer=-1, direction=0), outputs, atol=1e-5)
    scores = outputs.double().numpy() @ run.weights["readout.weight"].T.astype(float) + run.weights["readout.bias"]
    expected = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    np.testing.assert_allclose(traced["probability"], expected, atol=1e-5)


def test_the_loss_at_t_is_the_surprise_about_the_next_character(run):
    traced = trace(run, TEXT).isel(example=0)
    following = traced["input"].to_numpy()[1:]
    chosen = traced["probability"].to_numpy()[np.arange(len(TEXT) - 1), following]
    np.testing.assert_allclose(traced["loss"].to_numpy()[:-1], -np.log(chosen), rtol=1e-4)
    assert math.isnan(traced["loss"].to_numpy()[-1])


def test_symbols_that_the_run_never_met_are_marked():
    traced = trace(trained("lstm"), "a\u4e2d\u0301<b>").isel(example=0)
    assert traced["known"].to_numpy().tolist()[1:3] == [False, False]
    assert traced["input"].to_numpy()[1] == 0
    assert str(traced["symbol"].to_numpy()[0]) == UNKNOWN


def test_an_empty_text_is_refused_and_one_character_is_enough(run):
    with pytest.raises(ValueError, match="empty"):
        trace(run, "")
    assert trace(run, "d").sizes["time"] == 1


@pytest.mark.parametrize("cell", cells.names())
def test_numbers_are_traced_with_prediction_and_target(cell):
    run = trained(cell, task="adding")
    batch = batch_of(run)
    traced = trace(run, batch)
    network = restore(run)
    with torch.no_grad():
        expected, _ = network(batch)
    np.testing.assert_allclose(traced["prediction"], expected[:, 0], atol=1e-5)
    np.testing.assert_allclose(traced["target"], (batch.inputs[..., 0] * batch.inputs[..., 1]).sum(1), rtol=1e-6)
    np.testing.assert_allclose(traced["loss"][:, -1], (traced["prediction"] - traced["target"]) ** 2, rtol=1e-5)


def test_tracing_leaves_the_run_as_it_was(run):
    before = {name: values.copy() for name, values in run.weights.items()}
    trace(run, TEXT)
    assert all(np.array_equal(values, before[name]) for name, values in run.weights.items())


def test_free_running_reads_what_it_has_drawn(run):
    traced = free_run(run, "d", 30, seed=4).isel(example=0)
    np.testing.assert_array_equal(traced["input"].to_numpy()[1:], traced["drawn"].to_numpy()[:-1])
    assert traced.attrs["text"][0] == "d"
    assert len(traced.attrs["text"]) == 30
    again = trace(run, traced.attrs["text"]).isel(example=0)
    np.testing.assert_allclose(traced["hidden_state"], again["hidden_state"], atol=1e-5)


def test_free_running_repeats_with_its_seed_and_only_with_it(run):
    one, same, other = (free_run(run, "d", 40, seed=seed).attrs["text"] for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_top_k_and_temperature_shape_the_distribution_that_is_drawn_from(run):
    plain = trace(run, "d").isel(example=0, time=0)["probability"].to_numpy().astype(float)
    cold = free_run(run, "d", 1, temperature=0.5).isel(example=0, time=0)["probability"].to_numpy()
    expected = plain**2
    expected[0] = 0
    np.testing.assert_allclose(cold, expected / expected.sum(), rtol=1e-3, atol=1e-6)
    three = free_run(run, "d", 25, top_k=3)["probability"].to_numpy()
    assert ((three > 0).sum(axis=-1) == 3).all()
    greedy = free_run(run, "d", 25, top_k=1).isel(example=0)
    np.testing.assert_array_equal(greedy["drawn"], greedy["probability"].argmax("symbol"))


@pytest.mark.parametrize(
    "wrong", [{"first": ""}, {"first": "abcdef"}, {"length": 0}, {"temperature": 0}, {"top_k": 0}], ids=str
)
def test_free_running_refuses_what_it_cannot_do(wrong):
    with pytest.raises(ValueError):
        free_run(trained("elman"), **{"first": "d", "length": 5} | wrong)


def test_worked_equations_give_the_value_that_the_network_computed(run):
    functions = {"sigma": lambda value: 1 / (1 + math.exp(-value)), "tanh": math.tanh}
    traced = trace(run, TEXT)
    for time in (0, 1, len(TEXT) - 1):
        for layer in range(run.spec.layer_count):
            for unit in (0, 8):
                lines = worked(run, traced, time=time, unit=unit, layer=layer)
                assert list(lines) == list(cells[run.spec.cell].signals)
                for name, line in lines.items():
                    value = eval(line.expression, {"__builtins__": {}}, functions)
                    assert value == pytest.approx(line.value, abs=2e-5), (name, line.expression)
                    assert not re.search(r"[{}]", line.expression)


def calculated(line: str) -> float:
    """A printed right-hand side on a calculator."""
    plain = line.replace(r"\cdot", "*").replace(r"\sigma", "expit").replace(r"\tanh", "tanh")
    return float(eval(plain, {"__builtins__": {}}, {"expit": expit, "tanh": np.tanh}))


@pytest.mark.parametrize("cell", cells.names())
def test_the_printed_numbers_of_an_equation_come_to_the_printed_value(cell):
    made = trained(cell)
    generator = np.random.default_rng(7)
    exact = []
    for scale in (0.2, 1, 4, 12):  # from gates that hover to gates that are shut or open
        weights = {name: generator.normal(0, scale, one.shape).astype(np.float32) for name, one in made.weights.items()}
        run = replace(made, weights=weights)
        traced = trace(run, TEXT)
        for time in range(len(TEXT)):
            for line in worked(run, traced, time=time, unit=time % 9).values():
                printed = float(f"{line.value:.3f}")
                assert abs(calculated(line.worked) - printed) < 1.001e-3, line
                assert not re.search(r"-0\.0+(?!\d)", line.worked), line
                assert all(3 <= len(one) <= 5 for one in re.findall(r"\.(\d+)", line.worked)), line
                exact.append(round(calculated(line.worked), 3) == printed)
    assert np.mean(exact) > 0.97


def test_worked_equations_read_numbers_too():
    run = trained("gru", task="adding")
    line = worked(run, trace(run, batch_of(run)), time=4, unit=2)["reset_gate"]
    value = eval(line.expression, {"__builtins__": {}}, {"sigma": lambda value: 1 / (1 + math.exp(-value))})
    assert value == pytest.approx(line.value, abs=1e-5)


@pytest.mark.parametrize(
    ("task", "network"),
    [("characters", "time_delay"), ("forecast", "linear_autoregression"), ("dates", "encoder_decoder")],
)
def test_a_network_without_cells_to_work_out_says_so(task, network):
    run = Training(RunSpec(task=task, network=network, hidden_size=4)).run()
    with pytest.raises(KeyError, match="no cell whose equations"):
        worked(run, trace_example(run, seed=0), time=2, unit=1)


@pytest.mark.parametrize("place", [{"time": 999}, {"unit": 999}, {"layer": 9}, {"direction": 1}, {"example": 1}])
def test_a_place_outside_the_trace_is_an_index_error(run, place):
    with pytest.raises(IndexError):
        worked(run, trace_example(run, seed=0), **({"time": 2, "unit": 1} | place))


def test_held_out_examples_are_traced_with_a_loss_where_something_is_asked():
    run = trained("lstm")
    task = run.spec.build_task()
    batch = next(task.held_out(16))
    read, asked = trace(run, batch), batch.targets.shape[1]
    assert read["loss"].shape == read["target"].shape == batch.inputs.shape
    assert np.isnan(read["loss"][:, :-asked]).all()
    np.testing.assert_array_equal(read["target"][:, -asked:], batch.targets)
    np.testing.assert_array_equal(read["target"][:, -asked:-1], read["input"][:, 1 - asked :])
    assert float(read["loss"].mean()) == pytest.approx(float(run.curves["held_out_loss"][-1]), rel=1e-4)


def test_roles_say_which_colours_a_signal_gets(run):
    roles = {trace(run, "d")[name].attrs["role"] for name in cells[run.spec.cell].signals}
    assert roles <= set(Role)
