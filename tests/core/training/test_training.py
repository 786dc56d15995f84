"""Training reproduces, records, clips, carries its state, and ends for a stated reason."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from core.cells import cells
from core.runs.network import build, restore, untrained
from core.runs.run import Run
from core.spec import RunSpec
from core.traces.tracing import trace
from core.training import training as trainings
from core.training.training import HELD_OUT_EVERY, Outcome, Training

SMALL = RunSpec(hidden_size=12, truncation_length=16, batch_size=4, updates=12, options=(("length", 3000),))
OPTIMISERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}


def trained(spec: RunSpec, updates: int | None = None):
    training = Training(spec)
    training.advance(updates or spec.updates)
    return training.run()


@pytest.mark.parametrize("cell", cells.names())
def test_the_same_spec_gives_the_same_weights_also_in_parallel_threads(cell):
    spec = SMALL.replace(cell=cell)
    alone = trained(spec)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(trained, [spec, spec.replace(seed=1), spec, spec.replace(seed=2)]))
    for run in (together[0], together[2]):
        assert all(np.array_equal(run.weights[name], alone.weights[name]) for name in alone.weights)
        assert np.array_equal(run.curves["loss"], alone.curves["loss"])
    assert not np.array_equal(together[1].weights["readout.weight"], alone.weights["readout.weight"])


@pytest.mark.parametrize("cell", [name for name in cells if cells[name].fused])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("clip_norm", [None, 0.1])
def test_training_equals_a_bare_loop_around_torch_s_module(cell, optimiser, clip_norm):
    spec = SMALL.replace(cell=cell, optimiser=optimiser, clip_norm=clip_norm, learning_rate=0.003, layer_count=2)
    task = spec.build_task()
    start = build(spec)
    generator = torch.Generator().manual_seed(spec.seed)
    start.initialise(generator)
    theirs = getattr(nn, str(cells[cell].fused))(task.inputs.size, spec.hidden_size, 2, batch_first=True)
    readout = nn.Linear(spec.hidden_size, task.outputs.size)
    weights = start.state_dict()
    readout.load_state_dict({name: weights.pop(f"readout.{name}") for name in ("weight", "bias")})
    theirs.load_state_dict(weights)
    parameters = [*theirs.parameters(), *readout.parameters()]
    optimise = OPTIMISERS[optimiser](parameters, lr=spec.learning_rate)
    state, losses = None, []
    for _, (inputs, targets, fresh, *_masks) in zip(range(spec.updates), task.batches(4, 16, generator), strict=False):
        for part in state if isinstance(state, tuple) else () if state is None else (state,):
            part[:, fresh] = 0
        outputs, state = theirs(one_hot(inputs, task.inputs.size).float(), state)
        state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        loss = cross_entropy(readout(outputs).transpose(1, 2), targets)
        optimise.zero_grad()
        loss.backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(parameters, clip_norm)
        optimise.step()
        losses.append(loss.item())
    np.testing.assert_allclose(trained(spec).curves["loss"], losses, rtol=1e-4)


def test_the_gradient_norm_is_that_before_clipping():
    free, clipped = trained(SMALL.replace(clip_norm=None)), trained(SMALL.replace(clip_norm=0.01))
    assert free.curves["gradient_norm"][0] == pytest.approx(clipped.curves["gradient_norm"][0])
    assert not free.curves["clipped"].any()
    np.testing.assert_array_equal(clipped.curves["clipped"], clipped.curves["gradient_norm"] > 0.01)
    assert clipped.curves["clipped"].any()


def test_state_is_carried_from_window_to_window_except_where_an_example_forgets():
    spec = SMALL.replace(clip_norm=None, truncation_length=8)
    training = Training(spec)
    task, network = training.task, training.network
    windows = task.batches(spec.batch_size, 8, torch.Generator().manual_seed(5))
    first, second = next(windows), next(windows)
    assert first.fresh.all()
    assert second.fresh.tolist() == [False, True, False, False]
    assert torch.equal(first.targets[:, -1], second.inputs[:, 0])
    training._loss(first)
    found = training._loss(second)
    carried, _ = network(first._replace(inputs=torch.cat([first.inputs, second.inputs], dim=1)))
    forgot, _ = network(second)
    expected = torch.where(second.fresh[:, None, None], forgot, carried[:, 8:])
    assert found.item() == pytest.approx(task.loss(expected, second).item(), rel=1e-5)


def test_every_example_forgets_in_turn_and_seldom():
    task = Training(SMALL).task
    for size, turn in ((4, 32), (40, 40)):
        windows = task.batches(size, 8, torch.Generator().manual_seed(0))
        fresh = torch.stack([batch.fresh for _, batch in zip(range(1 + 2 * turn), windows, strict=False)])[1:]
        assert (fresh.sum(dim=0) == 2).all()
        assert (fresh.sum(dim=1) <= 1).all()


@pytest.mark.thorough
@pytest.mark.parametrize("cell", list(cells))
def test_a_network_finds_its_way_from_a_zero_state(cell):
    run = trained(RunSpec(cell=cell, hidden_size=24, truncation_length=32, learning_rate=0.01, updates=300))
    task = run.spec.build_task()
    read = trace(run, task.held_out_text[:400])
    assert float(read["loss"][0, 200:-1].mean()) < 1.3 * float(np.mean(run.curves["loss"][-50:]))


def test_truncation_cuts_the_gradient_and_not_the_value():
    spec = RunSpec(task="adding", options=(("length", 20),), hidden_size=8, truncation_length=5)
    short, whole = Training(spec), Training(spec.replace(truncation_length=20))
    batch = next(short.task.batches(4, 5, torch.Generator().manual_seed(0)))
    losses = [each._loss(batch) for each in (short, whole)]
    assert losses[0].item() == pytest.approx(losses[1].item(), rel=1e-5)
    gradients = [torch.autograd.grad(loss, each.network.weight_ih_l0)[0] for loss, each in
                 zip(losses, (short, whole), strict=True)]  # fmt: skip
    assert not torch.allclose(*gradients)


def test_held_out_loss_is_reported_while_training():
    run = trained(SMALL.replace(updates=HELD_OUT_EVERY + 5))
    assert run.curves["held_out_update"].tolist() == [HELD_OUT_EVERY, HELD_OUT_EVERY + 5]
    assert run.metrics["held_out_loss"] == run.curves["held_out_loss"][-1]
    assert run.metrics["bits_per_character"] == pytest.approx(run.metrics["held_out_loss"] / np.log(2))
    assert run.metrics["perplexity"] == pytest.approx(np.exp(run.metrics["held_out_loss"]))


def test_held_out_loss_is_that_of_the_saved_network_on_text_it_never_saw():
    run = trained(SMALL)
    task = run.spec.build_task()
    network = restore(run)
    held_out = next(task.held_out(16))
    with torch.no_grad():
        predictions, _ = network(held_out)
    assert task.loss(predictions, held_out).item() == pytest.approx(run.metrics["held_out_loss"], rel=1e-5)


@pytest.mark.parametrize("task", ["characters", "dates"])
def test_weights_that_are_put_into_a_training_score_what_their_own_training_scored(task: str):
    run = trained(SMALL.replace(task=task))
    again = Training(run.spec)
    before = again.held_out_scores()
    again.network.load(run.weights)
    assert again.held_out_scores() == run.held_out_scores != before
    assert run.held_out_scores.keys() >= {"held_out_loss"}
    assert run.held_out_scores.keys().isdisjoint({"loss", "seconds", "tokens", "updates", "baseline"})
    assert again.progress().held_out_loss is None


def test_it_learns_more_than_the_characters_frequencies():
    run = trained(RunSpec(hidden_size=32, learning_rate=0.01, updates=250, options=(("length", 20_000),)))
    assert run.metrics["held_out_loss"] < run.metrics["baseline"], "a network with memory beats one without"


@pytest.mark.thorough
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gated_cells_learn_to_add_over_twenty_steps(cell):
    spec = RunSpec(cell=cell, task="adding", options=(("length", 20),), hidden_size=32, learning_rate=0.01, updates=500)
    run = trained(spec)
    assert run.metrics["held_out_loss"] < 0.2 * run.metrics["baseline"]


def test_a_loss_that_is_not_finite_ends_the_run_and_keeps_what_was_before():
    spec = SMALL.replace(cell="elman", optimiser="sgd", learning_rate=10.0, clip_norm=None)
    training = Training(spec)
    training.advance(3)
    before = {name: values.copy() for name, values in training.network.arrays().items()}
    with torch.no_grad():
        training.network.readout.bias[0] = torch.nan
    progress = training.advance(5)
    assert progress.outcome is Outcome.DIVERGED
    run = training.run()
    assert run.diverged_at == 4
    assert len(run.curves["held_out_update"]) == 0, "nothing was learned since that could be evaluated"
    assert len(run.curves["loss"]) == 3
    assert np.isfinite(run.curves["loss"]).all()
    assert np.array_equal(run.weights["weight_hh_l0"], before["weight_hh_l0"])
    assert all(np.isfinite(value) for value in run.metrics.values())


def test_cancelling_from_another_thread_ends_between_updates():
    training = Training(SMALL.replace(updates=20_000))
    worker = threading.Thread(target=training.advance, args=(20_000,))
    worker.start()
    while not training.history.loss:
        pass
    training.cancel()
    worker.join(timeout=20)
    assert not worker.is_alive()
    assert training.outcome is Outcome.CANCELLED
    assert 0 < len(training.run().curves["loss"]) < 20_000


def test_a_few_updates_at_a_time_make_the_same_network():
    whole, parts = Training(SMALL), Training(SMALL)
    whole.advance(12)
    for _ in range(6):
        parts.advance(2)
    assert parts.outcome is whole.outcome is Outcome.FINISHED
    assert parts.advance(5).update == 12
    for name, values in whole.network.arrays().items():
        assert np.array_equal(values, parts.network.arrays()[name])


def test_a_longer_training_begins_with_the_same_numbers():
    short, long = (Training(SMALL.replace(updates=updates)) for updates in (20, 100))
    for training in (short, long):
        training.advance(training.spec.updates)
    assert long.run().curves["loss"][:20].tolist() == short.run().curves["loss"].tolist()


def test_the_untrained_control_has_the_weights_that_training_began_with():
    training = Training(SMALL)
    start = training.network.arrays()
    training.advance(12)
    control = untrained(training.run())
    assert all(np.array_equal(control.weights[name], start[name]) for name in start)
    assert control.outcome == "untrained"


def test_snapshots_are_the_weights_of_a_training_that_stopped_there():
    spec = RunSpec(hidden_size=5, batch_size=3, truncation_length=8, updates=64, options=(("length", 600),))
    run = trained(spec)
    assert list(run.snapshots) == [1, 4, 9, 16, 25, 36, 49]
    assert list(Run.restore(run.header(), run.arrays()).snapshots) == list(run.snapshots)
    for update, earlier in run.snapshots.items():
        there = trained(spec, update).weights
        for name, array in earlier.items():
            np.testing.assert_array_equal(array, there[name].astype(np.float16))
    again = run.at(9)
    assert again.weights.keys() == run.weights.keys()
    assert again.weights["weight_hh_l0"].dtype == np.float32
    halved = run.snapshots[9]["readout.bias"].astype(np.float32)
    np.testing.assert_array_equal(again.weights["readout.bias"], halved)
    with pytest.raises(KeyError):
        run.at(10)


def test_a_large_network_keeps_no_snapshots(monkeypatch: pytest.MonkeyPatch):
    spec = RunSpec(hidden_size=5, batch_size=3, truncation_length=8, updates=10, options=(("length", 600),))
    assert trained(spec).snapshots
    monkeypatch.setattr(trainings, "SNAPSHOT_BYTES", 1000)
    assert not trained(spec).snapshots


def test_the_l1_penalty_is_a_proximal_step_on_the_recurrent_weights():
    """The first update, done once more by hand: a step of SGD, then every recurrent weight is drawn towards zero."""
    plain = SMALL.replace(optimiser="sgd", learning_rate=0.5, updates=1, layer_count=2)
    without, sparse = trained(plain).weights, trained(plain.replace(recurrent_l1=0.2)).weights
    for name, weight in without.items():
        expected = np.sign(weight) * np.maximum(np.abs(weight) - 0.1, 0) if "weight_hh" in name else weight
        np.testing.assert_allclose(sparse[name], expected, rtol=1e-6)
    assert (sparse["weight_hh_l1"] == 0).any()
