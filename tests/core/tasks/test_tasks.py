"""What every registered task promises, and what each of the two is."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from core.choices.options import options
from core.spec import RunSpec
from core.tasks import characters, tasks
from core.tasks.characters import UNKNOWN, Characters


def some(name: str):
    return tasks[name](**{"characters": {"length": 3000}, "adding": {"length": 10}}.get(name, {}))


@pytest.fixture(params=tasks.names())
def task(request):
    return some(request.param)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_batches_repeat_with_their_generator(task):
    one, same, other = (next(task.batches(4, 8, generator(seed))) for seed in (1, 1, 2))
    assert torch.equal(one.inputs, same.inputs)
    assert torch.equal(one.targets, same.targets)
    assert not torch.equal(one.inputs, other.inputs)


def test_shapes_fit_the_network(task):
    batch = next(task.batches(4, 8, generator()))
    encoded = task.inputs.encode(batch.inputs)
    assert encoded.shape[0] == 4
    assert encoded[0].numel() == task.inputs.size * (1 if task.reads == "picture" else encoded.shape[1])
    assert encoded.dtype == torch.float32
    assert batch.fresh.all(), "the first batch starts from nothing"


def test_held_out_examples_are_the_same_at_every_call(task):
    for one, other in zip(task.held_out(8), task.held_out(8), strict=True):
        assert torch.equal(one.inputs, other.inputs)


def test_every_option_has_a_default_within_its_range(task):
    for name, (default, allowed) in options(type(task)).items():
        assert allowed.check(name, default) == default


def test_adding_asks_for_the_sum_of_the_two_marked_numbers():
    numbers, targets, *_ = next(some("adding").batches(200, 10, generator()))
    assert (numbers[..., 1].sum(dim=1) == 2).all()
    assert (numbers[:, :5, 1].sum(dim=1) == 1).all(), "one mark in each half"
    expected = [sum(n for n, mark in row.tolist() if mark == 1) for row in numbers]
    np.testing.assert_allclose(targets, expected, rtol=1e-6)


def test_adding_s_baseline_is_the_loss_of_always_answering_the_mean():
    loss = torch.cat([(batch.targets - 1).square() for batch in tasks["adding"](length=10).held_out(10)]).mean()
    assert some("adding").baseline() == pytest.approx(float(loss), rel=0.1)


def test_held_out_text_is_the_end_and_never_trained_on():
    task = some("characters")
    assert task.training_text + task.held_out_text == task.corpus
    assert len(task.held_out_text) == len(task.corpus) // 10
    training = torch.from_numpy(task.indices(task.training_text))
    seen = set()
    for _, batch in zip(range(40), task.batches(4, 50, generator()), strict=False):
        whole = torch.cat([batch.inputs, batch.targets[:, -1:]], dim=1)
        seen.update(map(tuple, whole.unfold(1, 20, 1).flatten(0, 1).tolist()))
    round_and_round = torch.cat([training, training[:20]])
    assert seen <= set(map(tuple, round_and_round.unfold(0, 20, 1).tolist()))


def test_characters_ask_for_the_next_character():
    task = some("characters")
    batch = next(task.batches(4, 8, generator()))
    assert torch.equal(batch.inputs[:, 1:], batch.targets[:, :-1])
    for held_out in task.held_out(8):
        targets = held_out.targets.shape[1]
        assert torch.equal(held_out.inputs[:, 1:][:, -targets + 1 :], held_out.targets[:, :-1])


def test_what_counts_of_held_out_text_was_never_trained_on_and_is_read_in_context():
    task = some("characters")
    held_out = next(task.held_out(8))
    unseen, corpus = task.indices(task.held_out_text), task.indices(task.corpus)
    counted = held_out.targets.flatten()
    assert counted.tolist() == unseen[: len(counted)].tolist()
    assert len(counted) > 0.5 * len(unseen)
    read = held_out.inputs.shape[1]
    first = len(corpus) - len(unseen)
    for start, inputs in zip(range(first, len(corpus), held_out.targets.shape[1]), held_out.inputs, strict=False):
        end = start + held_out.targets.shape[1] - 1
        assert inputs.tolist() == corpus[end - read : end].tolist(), "each stretch is read after what stands before it"


def test_context_is_read_and_does_not_count():
    task = some("characters")
    held_out = next(task.held_out(8))
    predictions = torch.randn(*held_out.inputs.shape, task.outputs.size, generator=generator())
    elsewhere = predictions.clone()
    elsewhere[:, : -held_out.targets.shape[1]] = 0
    assert task.loss(predictions, held_out) == task.loss(elsewhere, held_out)


def test_characters_are_encoded_as_one_hot():
    task = some("characters")
    encoded = task.inputs.encode(torch.tensor([[0, 3]]))
    expected = np.zeros((1, 2, task.inputs.size))
    expected[0, 0, 0] = expected[0, 1, 3] = 1
    np.testing.assert_array_equal(encoded, expected)


def test_the_unknown_symbol_stands_for_what_training_lacks():
    task = some("characters")
    assert task.symbols[0] == UNKNOWN
    assert set(task.symbols[1:]) == set(task.training_text)
    assert task.indices("\u2603" + task.symbols[5]).tolist() == [0, 5]


def test_a_text_of_everything_in_unicode_keeps_its_commonest_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    rare = "".join(map(chr, range(0x4E00, 0x4E00 + 5_000)))
    common = "".join(map(chr, range(0x4E00, 0x4E00 + 4_000)))
    monkeypatch.setattr(characters, "_read", lambda text, length: (common + rare + common)[:length])
    characters._distinct.kept.clear()
    try:
        task = Characters(length=13_000)
        assert len(task.symbols) == characters.SYMBOL_LIMIT
        assert set(common) < set(task.symbols)
        assert task.indices(rare[-1]) == [0]
        assert 0 < task.baseline() < 2 * np.log(characters.SYMBOL_LIMIT)
    finally:
        characters._distinct.kept.clear()


def test_characters_baseline_is_the_cross_entropy_under_the_frequencies_of_pairs():
    task = some("characters")
    training, unseen, count = task.training_text, task.held_out_text, len(task.symbols)
    index = {symbol: i for i, symbol in enumerate(task.symbols)}
    total = 0.0
    for a, b in pairwise(unseen):
        pair = sum(x == a and y == b for x, y in pairwise(training)) if a in index else 0
        alone = sum(x == a for x in training[:-1]) if a in index else 0
        total -= np.log((pair + 0.5) / (alone + count / 2))
    assert task.baseline() == pytest.approx(total / (len(unseen) - 1))


@pytest.mark.parametrize("length", [200, 201, 333])
def test_a_text_shorter_than_a_window_can_still_be_read(length):
    task = Characters("tidy_code", length)
    batch = next(task.batches(64, 100, generator()))
    assert batch.inputs.shape == (64, 100)
    held_out = next(task.held_out(100))
    assert held_out.targets.numel() == len(task.held_out_text)


def test_a_spec_names_the_text():
    assert RunSpec().option("text") == Characters().text


@pytest.mark.parametrize("name", ["dates", "captions", "forecast"])
def test_what_is_shown_of_a_task_is_held_out_from_training(name):
    task = tasks[name](**({"length": 600} if name == "forecast" else {}))
    for seed in range(5):
        shown = task.unseen(64, generator(seed))
        assert len(shown.inputs) == len(shown.targets) == len(shown.fresh) == 1
        if name == "forecast":
            held_out = task.values[450:]  # the last quarter
            windows = np.lib.stride_tricks.sliding_window_view(held_out, shown.inputs.shape[1])
            assert (windows == shown.inputs.numpy()[0, :, 0]).all(axis=1).any()
        else:
            (held_out,) = task.held_out(64)
            alike = (held_out.targets == shown.targets).all(dim=1)
            if name == "captions":
                alike &= (held_out.inputs == shown.inputs).flatten(1).all(dim=1)
            assert alike.any()
