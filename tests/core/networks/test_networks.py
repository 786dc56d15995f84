"""What every registered network promises, on every task that it can be trained on; a new one is tested by existing."""

from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.func import functional_call, grad, jacrev, stack_module_state, vmap
from torch.utils.checkpoint import checkpoint

from core.cells import cells
from core.networks import Arrangement, Batch, Pattern, fitting, networks
from core.runs.network import Network, build, restore, untrained
from core.runs.run import Run
from core.spec import RunSpec
from core.store import decode, encode
from core.tasks import tasks
from core.traces.clamp import Clamp
from core.traces.tracing import compare, trace, trace_example
from core.traces.writing import free_run
from core.training import Training

SMALL = {"characters": {"length": 3000}, "adding": {"length": 10}}
PAIRS = [(network, task) for task in tasks for network in fitting(tasks[task].pattern, tasks[task].reads)]


def spec_of(network: str, task: str, **more) -> RunSpec:
    sizes = {"hidden_size": 6, "batch_size": 4, "truncation_length": 8, "updates": 8}
    return RunSpec(task=task, network=network, options=tuple(SMALL.get(task, {}).items()), **sizes | more)


@cache
def trained(spec: RunSpec) -> Run:
    return trained_again(spec)


def trained_again(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


def fresh(spec: RunSpec) -> Run:
    return Training(spec).run()


@pytest.fixture(params=PAIRS, ids="-".join)
def spec(request: pytest.FixtureRequest) -> RunSpec:
    return spec_of(*request.param)


def drawn(spec: RunSpec, seed: int = 0) -> Network:
    network = build(spec)
    network.initialise(torch.Generator().manual_seed(seed))
    return network


def batch_of(spec: RunSpec, size: int = 2):
    return next(spec.build_task().batches(size, spec.truncation_length, torch.Generator().manual_seed(0)))


def loss_of(spec: RunSpec, network: Network, batch):
    task = spec.build_task()

    def loss(weights: dict[str, Tensor]) -> Tensor:
        return task.loss(functional_call(network, weights, (batch,))[0], batch)

    return loss


def test_every_network_can_be_trained_on_some_task():
    assert {network for network, _ in PAIRS} == set(networks)
    assert {task for _, task in PAIRS} == set(tasks)


def test_a_weight_is_registered_once_under_the_name_and_shape_that_is_declared(spec):
    network = drawn(spec)
    named = {name: tuple(weight.shape) for name, weight in network.named_parameters()}
    assert named == network.arrangement.shapes()
    assert set(network.state_dict()) == set(named)
    assert len({weight.data_ptr() for weight in network.parameters()}) == len(named)


def test_other_weights_are_heeded(spec):
    one, other, batch = drawn(spec), drawn(spec, seed=1), batch_of(spec)
    found = functional_call(one, dict(other.named_parameters()), (batch,))[0]
    torch.testing.assert_close(found, other(batch)[0])
    assert not torch.allclose(found, one(batch)[0])


def test_gradients_of_many_networks_at_once_are_those_of_each(spec):
    every, batch = [drawn(spec, seed) for seed in range(3)], batch_of(spec)
    weights, _ = stack_module_state(every)
    together = vmap(grad(loss_of(spec, every[0], batch)))({name: one.detach() for name, one in weights.items()})
    for number, network in enumerate(every):
        spec.build_task().loss(network(batch)[0], batch).backward()
        for name, weight in network.named_parameters():
            torch.testing.assert_close(together[name][number], weight.grad, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("direction", ["forward", "both"])
@pytest.mark.parametrize("window", [None, 3])
def test_gradients_of_many_examples_at_once_are_those_of_each(spec, direction, window):
    if direction not in str(spec.allowed("direction")):
        return
    spec = spec.replace(direction=direction)
    network, whole, task = drawn(spec), batch_of(spec, 5), spec.build_task()
    lengths = torch.tensor([whole.inputs.shape[1], 3, 4, 5, 7])
    if whole.input_mask is None and whole.inputs.dim() < 4:
        whole = whole._replace(input_mask=torch.arange(whole.inputs.shape[1]) < lengths[:, None])
    if whole.target_mask is None and whole.targets.dim() > 1:
        whole = whole._replace(target_mask=torch.arange(whole.targets.shape[1]) < lengths[:, None])
    if task.pattern is Pattern.MANY_TO_MANY:
        whole = whole._replace(target_mask=whole.target_mask & whole.input_mask)
    weights = {name: one.detach() for name, one in network.named_parameters()}

    def loss(weights: dict[str, Tensor], *example: Tensor | None) -> Tensor:
        batch = Batch(*(None if part is None else part[None] for part in example))
        return task.loss(functional_call(network, weights, (batch,), {"window": window})[0], batch)

    axes = tuple(None if part is None else 0 for part in whole)
    together = vmap(grad(loss), in_dims=(None, *axes))(weights, *whole)
    for number in range(5):
        example = Batch(*(None if part is None else part[number : number + 1] for part in whole))
        network.zero_grad()
        task.loss(network(example, window=window)[0], example).backward()
        for name, weight in network.named_parameters():
            torch.testing.assert_close(together[name][number], weight.grad, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("direction", ["forward", "both"])
def test_equal_keys_are_equal_trainings_whatever_the_truncation(spec, direction):
    if direction not in str(spec.allowed("direction")):
        return
    spec = spec.replace(direction=direction, updates=3)
    twins = [spec.replace(truncation_length=length) for length in (2, 12, 512)]
    keys = [twin.key for twin in twins]
    for twin, length in zip(twins, (2, 12, 512), strict=True):
        object.__setattr__(twin, "truncation_length", length)  # as it was asked for
    learned = [b"".join(one.tobytes() for one in trained_again(twin).weights.values()) for twin in twins]
    assert [[one == other for other in keys] for one in keys] == [
        [one == other for other in learned] for one in learned
    ]


@pytest.mark.parametrize("task", [name for name in tasks if not tasks[name].windowed])
def test_a_task_without_windows_makes_the_same_examples_whatever_the_window(task):
    made = spec_of(tasks[task].network, task).build_task()
    assert made.lengths(1) == made.lengths(512)
    for draw in (lambda window: made.batches(3, window, torch.Generator().manual_seed(0)), made.held_out):
        for one, other in zip(next(draw(1)), next(draw(512)), strict=True):
            assert (one is other is None) or torch.equal(one, other)


def test_jacobians_can_be_taken(spec):
    network, batch = drawn(spec), batch_of(spec)
    weights = {name: one.detach() for name, one in network.named_parameters()}
    jacobian = jacrev(lambda weights: functional_call(network, weights, (batch,))[0].mean())(weights)
    network(batch)[0].mean().backward()
    for name, weight in network.named_parameters():
        torch.testing.assert_close(jacobian[name], weight.grad, rtol=1e-3, atol=1e-6)


def test_a_checkpoint_gives_the_same_gradient(spec):
    network, batch = drawn(spec), batch_of(spec)
    names = list(dict(network.named_parameters()))

    def predictions(*weights: Tensor) -> Tensor:
        return functional_call(network, dict(zip(names, weights, strict=True)), (batch,))[0]

    plain = torch.autograd.grad(predictions(*network.parameters()).square().sum(), list(network.parameters()))
    again = checkpoint(predictions, *network.parameters(), use_reentrant=False).square().sum()
    for one, other in zip(torch.autograd.grad(again, list(network.parameters())), plain, strict=True):
        torch.testing.assert_close(one, other)


def test_a_run_is_kept_with_its_snapshots_and_comes_back(spec):
    run = trained(spec)
    assert run.snapshots
    back = decode(spec.key, encode(run))
    assert (back.spec, back.inputs, back.outputs) == (run.spec, run.inputs, run.outputs)
    assert back.arrays().keys() == run.arrays().keys()
    for name, array in run.arrays().items():
        np.testing.assert_array_equal(back.arrays()[name], array)
        assert array.ndim <= 4
    batch = batch_of(spec)
    torch.testing.assert_close(restore(back)(batch)[0], restore(run)(batch)[0])
    restore(back.at(min(run.snapshots)))
    assert untrained(back).weights.keys() == run.weights.keys()


def test_a_trace_holds_every_declared_signal_with_its_axes(spec):
    run = trained(spec)
    traced = trace_example(run, seed=3)
    for name, signal in run.arrangement.signals.items():
        assert traced[name].dims == signal.axes
        assert traced[name].attrs["role"] == signal.role
        assert np.isfinite(traced[name]).all()
    assert {"input", "loss"} <= set(traced.data_vars)


def test_a_trace_predicts_what_the_network_predicts_and_its_loss_is_that_of_training(spec):
    run, batch = trained(spec), batch_of(spec, size=3)
    traced = trace(run, batch)
    with torch.no_grad():
        predictions, _ = restore(run)(batch)
        loss = spec.build_task().loss(predictions, batch)
    if "probability" in traced:
        np.testing.assert_allclose(traced["probability"], predictions.softmax(dim=2), atol=1e-5)
    else:
        np.testing.assert_allclose(traced["prediction"], predictions.reshape(traced["prediction"].shape), atol=1e-5)
    assert float(traced["loss"].mean()) == pytest.approx(float(loss), rel=1e-4)


def test_the_effort_grows_with_what_is_read_and_said(spec):
    task = spec.build_task()
    arrangement = spec.arrangement(task.inputs, task.outputs)
    read, said = task.lengths(spec.truncation_length)
    less, more = arrangement.effort(read, said), arrangement.effort(2 * read, 2 * said)
    assert all(0 < one <= other for one, other in zip(less, more, strict=True))
    assert less.multiplications < more.multiplications or task.pattern is Pattern.ONE_TO_MANY
    assert spec.cost > 0
    assert spec.memory > 0


@pytest.mark.parametrize("cell", cells.names())
@pytest.mark.parametrize("network", [name for name in networks if "cell" in networks[name].settings])
def test_every_cell_fits_every_network_of_cells(network, cell):
    task = next(task for one, task in PAIRS if one == network)
    run = trained(spec_of(network, task, cell=cell, updates=2, hidden_size=4))
    assert set(cells[cell].signals) <= set(trace_example(run, seed=0).data_vars)


@pytest.mark.parametrize("direction", ["forward", "both"])
@pytest.mark.parametrize("layer_count", [1, 2])
def test_every_network_is_traced_in_every_shape(spec, direction, layer_count):
    if direction not in str(spec.allowed("direction")):
        return
    shape = spec.replace(direction=direction, layer_count=layer_count, updates=1)
    run = fresh(shape)
    read = trace_example(run, 1)
    for name, signal in run.arrangement.signals.items():
        assert read[name].dims == signal.axes
        assert np.isfinite(read[name]).all()


@pytest.mark.parametrize("task", [name for name in tasks if tasks[name].pattern is Pattern.SEQUENCE_TO_SEQUENCE])
def test_what_a_held_network_says_by_itself_is_said_under_the_clamp(task):
    run = fresh(spec_of(tasks[task].network, task))
    batch = batch_of(run.spec, 1)._replace(targets=None, target_mask=None)
    clamp = Clamp("hidden_state", 0.9, units=(0, 1, 2))
    free, held = (compare(run, batch, [one]) for one in ((), (clamp,)))
    for read in (free, held):
        assert "target" not in read
        assert "loss" not in read
        assert read["said"].equals(read["probability"].argmax("symbol").rename("said"))
    together = compare(run, batch, [(), (clamp,)])
    np.testing.assert_array_equal(together["said"], np.concatenate([free["said"], held["said"]]))


def test_a_clamp_in_the_backward_direction_is_set_at_its_time_step_in_a_shorter_example():
    run = fresh(spec_of("recurrent", "adding", direction="both"))
    mask = torch.arange(6) < torch.tensor([6, 4])[:, None]
    batch = Batch(torch.rand(2, 6, 2), None, torch.ones(2, dtype=torch.bool), input_mask=mask)
    clamp = Clamp("hidden_state", 0.5, time=3, direction=1)
    hidden = trace(run, batch, (clamp,))["hidden_state"]
    backward = hidden.isel(layer=0, direction=1).transpose("example", "time", "unit")
    np.testing.assert_array_equal((backward == 0.5).all("unit"), [[False] * 3 + [True] + [False] * 2] * 2)


def test_a_network_writes_only_what_it_reads(spec):
    run = fresh(spec)
    if run.inputs == run.outputs and run.arrangement.writes:
        read = free_run(run, run.symbols[1], 5)
        assert read["hidden_state"].sizes["time"] == 5
        assert read["hidden_state"].dims == run.arrangement.signals["hidden_state"].axes
    else:
        with pytest.raises(ValueError, match="does not write"):
            free_run(run, "a", 5)


def test_held_out_examples_cannot_be_spoiled(spec):
    task = spec.build_task()
    for values in next(task.held_out(8))[:2]:
        values.zero_()
    assert any(values.any() for values in next(task.held_out(8))[:2])


@pytest.mark.parametrize("wrong", ["outputs", "empty", "twice", "outcome", "diverged_at", "metrics", "picture"])
def test_what_a_run_says_of_itself_is_checked(wrong):
    shape = ("picture_to_words", "captions") if wrong == "picture" else ("recurrent", "characters")
    run = trained(spec_of(*shape))
    given = {
        "outputs": {"outputs": {"kind": "numbers", "names": ["x"] * len(run.symbols)}},
        "empty": {"inputs": {"kind": "symbols", "names": []}},
        "twice": {"inputs": {"kind": "symbols", "names": ["a", "a"]}},
        "outcome": {"outcome": "<b>x"},
        "diverged_at": {"diverged_at": {"a": [1]}},
        "metrics": {"metrics": {"loss": 10**400}},
        "picture": {"inputs": {"kind": "picture", "channels": 1, "rows": 1024, "columns": 1024}},
    }
    header = run.header()
    assert Run.restore(header, run.arrays()).spec == run.spec
    with pytest.raises((OverflowError, ValueError)):
        Run.restore(header | given[wrong], run.arrays())


def test_every_cell_weight_is_that_of_a_stack_and_who_shows_cells_has_layers(spec):
    run = fresh(spec)
    arrangement = run.arrangement
    stacked = {name for stack in arrangement.stacks.values() for name in stack.shapes()}
    assert stacked <= run.weights.keys()
    assert set(arrangement.recurrent()) <= stacked
    for part, stack in arrangement.stacks.items():
        for direction in range(stack.direction_count):
            assert stack.weight("weight_hh", 0, direction) in stacked, part
    if arrangement.bridge:
        assert f"{arrangement.bridge.name}.weight" in run.weights
    own = type(arrangement)
    assert arrangement.shows_cells == (own.layer is not Arrangement.layer and own.read_by is not Arrangement.read_by)
