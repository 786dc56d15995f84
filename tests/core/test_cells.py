"""What every registered cell promises; a new cell is tested by existing."""

import math

import pytest
import torch
from torch import Tensor, nn

from core.cells import cells
from core.cells.cell import Cell, Role
from core.networks.stack import Stack, unroll

TORCH_CELLS: dict[str, type[nn.RNNCellBase]] = {"elman": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
FUSED = [name for name in cells if cells[name].fused is not None]


def made(name: str, input_size: int = 3, hidden_size: int = 5, seed: int = 0) -> Cell:
    cell = cells[name](input_size, hidden_size)
    cell.initialise(torch.Generator().manual_seed(seed))
    return cell


def sequence(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(params=cells.names())
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_cell_says_who_described_it(name):
    assert cells[name].title
    assert any(character.isdigit() for character in cells[name].source), "a source names its year"


def test_a_step_returns_the_declared_signals_in_the_declared_order(name):
    cell = made(name)
    step = cell(sequence(2, 3), cell.initial_state(2))
    assert list(step.signals) == list(cell.signals)
    assert all(signal.shape == (2, 5) for signal in step.signals.values())


def test_signals_stay_within_the_range_of_their_role(name):
    cell = made(name)
    signals = unroll(cell, 30 * sequence(4, 20, 3), cell.initial_state(4)).signals
    for signal, declared in cell.signals.items():
        if declared.role is Role.GATE:
            assert signals[signal].min() >= 0
            assert signals[signal].max() <= 1
        if declared.role is Role.CANDIDATE or signal == "hidden_state":
            assert signals[signal].abs().max() <= 1


def test_two_halves_make_one_whole(name):
    cell, inputs = made(name), sequence(2, 8, 3)
    whole = unroll(cell, inputs, cell.initial_state(2))
    half = unroll(cell, inputs[:, :4], cell.initial_state(2))
    rest = unroll(cell, inputs[:, 4:], half.state)
    assert torch.equal(torch.cat([half.outputs, rest.outputs], dim=1), whole.outputs)


def test_output_at_t_ignores_the_future(name):
    cell, inputs = made(name), sequence(1, 8, 3)
    changed = inputs.clone()
    changed[:, 5:] += 1
    one, other = (unroll(cell, each, cell.initial_state(1)).outputs for each in (inputs, changed))
    assert torch.equal(one[:, :5], other[:, :5])
    assert not torch.equal(one[:, 5], other[:, 5])


def test_gradients_agree_with_finite_differences(name):
    cell, inputs = made(name).double(), sequence(2, 4, 3).double().requires_grad_()

    def outputs(inputs: Tensor, *_: Tensor) -> Tensor:
        return unroll(cell, inputs, cell.initial_state(2)).outputs

    assert torch.autograd.gradcheck(outputs, (inputs, *cell.parameters()))


def test_weights_come_from_the_generator_alone(name):
    torch.manual_seed(3)
    one = made(name, seed=7)
    torch.manual_seed(4)
    other = made(name, seed=7)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    bound = 1 / math.sqrt(5)
    assert all(parameter.abs().max() <= bound for parameter in one.parameters())


@pytest.mark.parametrize("name", FUSED)
def test_one_step_equals_torch_s_own_cell(name):
    cell, theirs = made(name), TORCH_CELLS[name](3, 5)
    theirs.load_state_dict(cell.state_dict())
    x, hidden, cell_state = sequence(4, 3), sequence(4, 5, seed=2).tanh(), sequence(4, 5, seed=3)
    state = type(cell.initial_state(4))(*(hidden, cell_state)[: len(cell.initial_state(4))])
    expected = theirs(x, (hidden, cell_state) if name == "lstm" else hidden)
    ours = cell(x, state).state
    for mine, other in zip(ours, expected if name == "lstm" else (expected,), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", FUSED)
@pytest.mark.parametrize("layer_count", [1, 2, 3])
@pytest.mark.parametrize("batch_size", [1, 8])
@pytest.mark.parametrize("length", [1, 2, 37, 300])
def test_the_readable_form_equals_torch_s_module_at_every_step(name, layer_count, batch_size, length):
    stack = Stack(cells[name], 3, 6, layer_count)
    stack.initialise(torch.Generator().manual_seed(length))
    theirs = cells[name].fused(3, 6, layer_count, batch_first=True)
    theirs.load_state_dict(stack.state_dict())
    inputs = sequence(batch_size, length, 3)
    with torch.no_grad():
        expected, ended = theirs(inputs)
        ours = stack.trace(inputs, stack.initial_state(batch_size))
        fused, fused_state = stack.run(inputs, stack.initial_state(batch_size))
    torch.testing.assert_close(ours.outputs, expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(fused, expected, rtol=0, atol=1e-5)
    for part, values in enumerate(ended if isinstance(ended, tuple) else (ended,)):
        for state in (ours.state, fused_state):
            mine = torch.stack([layer[part] for layer in state])
            torch.testing.assert_close(mine, values, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", FUSED)
def test_torch_s_weights_load_into_a_stack_and_back(name):
    theirs = cells[name].fused(3, 6, 2, batch_first=True)
    stack = Stack(cells[name], 3, 6, 2)
    stack.load_state_dict(theirs.state_dict())
    assert list(stack.state_dict()) == list(theirs.state_dict())
    inputs = sequence(2, 9, 3)
    torch.testing.assert_close(stack.run(inputs, stack.initial_state(2))[0], theirs(inputs)[0])
