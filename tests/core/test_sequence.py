"""Unrolling takes any step, and a stack is a cell."""

import pytest
import torch
from torch import Tensor

from core.cells import cells
from core.cells.cell import Step
from core.networks.stack import Stack, unroll


def test_unroll_takes_a_bare_function():
    def running_sum(x: Tensor, total: Tensor) -> Step:
        return Step(total + x, total + x, {"sum": total + x})

    inputs = torch.arange(12.0).reshape(2, 6, 1)
    unrolled = unroll(running_sum, inputs, torch.zeros(2, 1))
    assert torch.equal(unrolled.outputs, inputs.cumsum(dim=1))
    assert torch.equal(unrolled.signals["sum"], unrolled.outputs)
    assert torch.equal(unrolled.state, inputs.sum(dim=1))


@pytest.mark.parametrize("name", cells.names())
@pytest.mark.parametrize("layer_count", [1, 3])
def test_layer_after_layer_equals_step_after_step(name, layer_count):
    stack = Stack(cells[name], 4, 5, layer_count)
    stack.initialise(torch.Generator().manual_seed(0))
    inputs = torch.randn(2, 7, 4, generator=torch.Generator().manual_seed(1))
    by_step = unroll(stack, inputs, stack.initial_state(2))
    by_layer = stack.trace(inputs, stack.initial_state(2))
    torch.testing.assert_close(by_layer.outputs, by_step.outputs)
    for signal in cells[name].signals:
        assert by_layer.signals[signal].shape == (2, 7, layer_count, 5)
        torch.testing.assert_close(by_layer.signals[signal], by_step.signals[signal])


@pytest.mark.parametrize("name", cells.names())
def test_a_stack_trains_the_weights_that_its_layers_read(name):
    stack = Stack(cells[name], 4, 5, 2)
    stack.initialise(torch.Generator().manual_seed(0))
    inputs = torch.randn(2, 7, 4, generator=torch.Generator().manual_seed(1))
    stack.run(inputs, stack.initial_state(2))[0].sum().backward()
    with torch.no_grad():
        for parameter in stack.parameters():
            assert parameter.grad is not None
            parameter -= 0.1 * parameter.grad
        fused = stack.run(inputs, stack.initial_state(2))[0]
        readable = stack.trace(inputs, stack.initial_state(2)).outputs
    torch.testing.assert_close(fused, readable, rtol=0, atol=1e-5)
