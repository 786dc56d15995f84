"""Unrolling takes any step; a stack is torch's own module, in one direction or in both, padded or not."""

import pytest
import torch
from torch import Tensor, nn

from core.cells import Step, cells
from core.layers.layer import unroll
from core.layers.stack import Site, Stack, reverse

FUSED = [name for name in cells if cells[name].fused is not None]


def drawn(stack: Stack, seed: int = 0) -> dict[str, Tensor]:
    weights = {name: torch.empty(shape) for name, shape in stack.shapes().items()}
    stack.initialise(weights, torch.Generator().manual_seed(seed))
    return weights


def sequence(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_unroll_takes_a_bare_function():
    def running_sum(x: Tensor, total: Tensor) -> Step:
        return Step(total + x, total + x, {"sum": total + x})

    inputs = torch.arange(12.0).reshape(2, 6, 1)
    unrolled = unroll(running_sum, inputs, torch.zeros(2, 1))
    assert torch.equal(unrolled.outputs, inputs.cumsum(dim=1))
    assert torch.equal(unrolled.signals["sum"], unrolled.outputs)
    assert torch.equal(unrolled.state, inputs.sum(dim=1))


def test_a_masked_step_leaves_the_state_as_it_was():
    def running_sum(x: Tensor, total: Tensor) -> Step:
        return Step(total + x, total + x, {})

    inputs, mask = torch.ones(2, 5, 1), torch.tensor([[True] * 5, [True, True, False, False, False]])
    assert unroll(running_sum, inputs, torch.zeros(2, 1), mask).state.tolist() == [[5], [2]]


@pytest.mark.parametrize("name", cells.names())
@pytest.mark.parametrize("layer_count", [1, 3])
def test_layer_after_layer_equals_step_after_step(name, layer_count):
    stack = Stack(cells[name](), 4, 5, layer_count)
    weights, inputs = drawn(stack), sequence(2, 7, 4)
    start = stack.initial_state(weights, 2)
    by_step = unroll(lambda x, state: stack.step(weights, x, state), inputs, start)
    by_layer = stack.trace(weights, inputs, start)
    torch.testing.assert_close(by_layer.outputs, by_step.outputs)
    for signal in cells[name].signals:
        assert by_layer.signals[signal].shape == (layer_count, 1, 2, 7, 5)
        torch.testing.assert_close(by_layer.signals[signal], by_step.signals[signal].permute(2, 3, 0, 1, 4))


@pytest.mark.parametrize("name", cells.names())
@pytest.mark.parametrize("direction", ["forward", "both"])
def test_what_is_trained_is_what_is_traced(name, direction):
    stack = Stack(cells[name](), 4, 5, 2, direction)
    weights = {name: one.requires_grad_() for name, one in drawn(stack).items()}
    inputs = sequence(2, 7, 4)
    stack.run(weights, inputs, stack.initial_state(weights, 2))[0].sum().backward()
    with torch.no_grad():
        for weight in weights.values():
            assert weight.grad is not None
            weight -= 0.1 * weight.grad
        ran = stack.run(weights, inputs, stack.initial_state(weights, 2))[0]
        traced = stack.trace(weights, inputs, stack.initial_state(weights, 2)).outputs
    torch.testing.assert_close(ran, traced, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", FUSED)
@pytest.mark.parametrize("direction", ["forward", "both"])
@pytest.mark.parametrize("layer_count", [1, 2, 3])
@pytest.mark.parametrize(("batch_size", "length"), [(1, 1), (8, 1), (1, 2), (8, 37), (1, 300), (8, 300)])
def test_the_readable_form_equals_torch_s_module_at_every_step(name, direction, layer_count, batch_size, length):
    stack = Stack(cells[name](), 3, 6, layer_count, direction)
    weights = drawn(stack, seed=length)
    module = getattr(nn, str(cells[name].fused))
    theirs = module(3, 6, layer_count, batch_first=True, bidirectional=direction == "both")
    theirs.load_state_dict(weights)
    inputs = sequence(batch_size, length, 3)
    with torch.no_grad():
        expected, ended = theirs(inputs)
        ours = stack.trace(weights, inputs, stack.initial_state(weights, batch_size))
        fused, fused_state = stack.run(weights, inputs, stack.initial_state(weights, batch_size))
    torch.testing.assert_close(ours.outputs, expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(fused, expected, rtol=0, atol=1e-5)
    for part, values in enumerate(ended if isinstance(ended, tuple) else (ended,)):
        for state in (ours.state, fused_state):
            mine = torch.stack([one[part] for layer in state for one in layer])
            torch.testing.assert_close(mine, values, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", FUSED)
@pytest.mark.parametrize("direction", ["forward", "both"])
def test_weights_have_torch_s_names_and_order(name, direction):
    theirs = getattr(nn, str(cells[name].fused))(3, 6, 2, batch_first=True, bidirectional=direction == "both")
    stack = Stack(cells[name](), 3, 6, 2, direction)
    shapes = {name: tuple(weight.shape) for name, weight in theirs.state_dict().items()}
    assert list(stack.shapes().items()) == list(shapes.items())


@pytest.mark.parametrize("name", cells.names())
@pytest.mark.parametrize("direction", ["forward", "both"])
@pytest.mark.parametrize("traced", [False, True])
def test_a_padded_example_ends_where_it_ends(name, direction, traced):
    stack = Stack(cells[name](), 3, 4, 2, direction)
    weights, inputs, lengths = drawn(stack), sequence(3, 7, 3), (7, 2, 5)
    mask = torch.arange(7) < torch.tensor(lengths)[:, None]
    way = stack.trace if traced else stack.run
    together = way(weights, inputs, stack.initial_state(weights, 3), mask=mask)
    for example, length in enumerate(lengths):
        alone = way(weights, inputs[example : example + 1, :length], stack.initial_state(weights, 1))
        torch.testing.assert_close(together[0][example, :length], alone[0][0], rtol=0, atol=1e-5)
        for layer, other in zip(together[1], alone[1], strict=True):
            for one, its in zip(layer, other, strict=True):
                for part, expected in zip(one, its, strict=True):
                    torch.testing.assert_close(part[example], expected[0], rtol=0, atol=1e-5)


def test_reversing_turns_each_example_within_its_own_length():
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    turned = reverse(torch.arange(8.0).reshape(2, 4, 1), mask)[..., 0].tolist()
    assert turned == [[3, 2, 1, 0], [5, 4, 6, 7]]


@pytest.mark.parametrize("direction", [0, 1])
def test_a_hold_names_the_time_step_of_the_text_in_either_direction(direction):
    stack = Stack(cells["elman"](), 3, 4, 1, "both")
    weights, inputs = drawn(stack), sequence(1, 6, 3)

    def holds(time: int):
        return lambda name, signal: torch.full_like(signal, 0.5) if time == 2 else signal

    start = stack.initial_state(weights, 1)
    held = stack.trace(weights, inputs, start, {Site(0, direction): holds}).signals["hidden_state"][0, :, 0]
    free = stack.trace(weights, inputs, start).signals["hidden_state"][0, :, 0]
    assert (held[direction, 2] == 0.5).all()
    torch.testing.assert_close(held[1 - direction], free[1 - direction])
    differs = (held[direction] - free[direction]).abs().amax(dim=1) > 1e-6
    assert differs.tolist() == ([time <= 2 for time in range(6)] if direction else [time >= 2 for time in range(6)])
