"""What every registered cell promises; a new cell is tested by existing."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.func import grad, vmap

from core.cells import Role, cells
from core.layers.layer import Layer, unroll

TORCH_CELLS: dict[str, type[nn.RNNCellBase]] = {"elman": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
FUSED = [name for name in cells if cells[name].fused is not None]


def made(name: str, input_size: int = 3, hidden_size: int = 5, seed: int = 0) -> Layer:
    cell = cells[name]()
    weights = {name: torch.empty(shape) for name, shape in cell.shapes(input_size, hidden_size).items()}
    cell.initialise(weights, torch.Generator().manual_seed(seed))
    return Layer(cell, weights)


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
    step = cell.step(sequence(2, 3), cell.initial_state(2))
    assert list(step.signals) == list(cell.cell.signals)
    assert all(signal.shape == (2, 5) for signal in step.signals.values())


def test_signals_stay_within_the_range_of_their_role(name):
    cell = made(name)
    signals = unroll(cell.step, 30 * sequence(4, 20, 3), cell.initial_state(4)).signals
    for signal, declared in cell.cell.signals.items():
        if declared.role is Role.GATE:
            assert signals[signal].min() >= 0
            assert signals[signal].max() <= 1
        if declared.role is Role.CANDIDATE or signal == "hidden_state":
            assert signals[signal].abs().max() <= 1


def test_two_halves_make_one_whole(name):
    cell, inputs = made(name), sequence(2, 8, 3)
    whole = unroll(cell.step, inputs, cell.initial_state(2))
    half = unroll(cell.step, inputs[:, :4], cell.initial_state(2))
    rest = unroll(cell.step, inputs[:, 4:], half.state)
    assert torch.equal(torch.cat([half.outputs, rest.outputs], dim=1), whole.outputs)


def test_output_at_t_ignores_the_future(name):
    cell, inputs = made(name), sequence(1, 8, 3)
    changed = inputs.clone()
    changed[:, 5:] += 1
    one, other = (unroll(cell.step, each, cell.initial_state(1)).outputs for each in (inputs, changed))
    assert torch.equal(one[:, :5], other[:, :5])
    assert not torch.equal(one[:, 5], other[:, 5])


def test_gradients_agree_with_finite_differences(name):
    drawn, inputs = made(name), sequence(2, 4, 3).double().requires_grad_()
    weights = {name: weight.double().requires_grad_() for name, weight in drawn.weights.items()}

    def outputs(inputs: Tensor, *weights: Tensor) -> Tensor:
        layer = Layer(drawn.cell, dict(zip(drawn.weights, weights, strict=True)))
        return unroll(layer.step, inputs, layer.initial_state(2)).outputs

    assert torch.autograd.gradcheck(outputs, (inputs, *weights.values()))


def test_weights_come_from_the_generator_alone(name):
    torch.manual_seed(3)
    one = made(name, seed=7)
    torch.manual_seed(4)
    other = made(name, seed=7)
    assert all(torch.equal(a, b) for a, b in zip(one.weights.values(), other.weights.values(), strict=True))
    bound = 1 / math.sqrt(5)
    assert all(parameter.abs().max() <= bound for parameter in one.weights.values())


@pytest.mark.parametrize("name", FUSED)
def test_one_step_equals_torch_s_own_cell(name):
    layer, theirs = made(name), TORCH_CELLS[name](3, 5)
    theirs.load_state_dict(layer.weights)
    x, hidden, cell_state = sequence(4, 3), sequence(4, 5, seed=2).tanh(), sequence(4, 5, seed=3)
    state = type(layer.initial_state(4))(*(hidden, cell_state)[: len(layer.initial_state(4))])
    expected = theirs(x, (hidden, cell_state) if name == "lstm" else hidden)
    ours = layer.step(x, state).state
    for mine, other in zip(ours, expected if name == "lstm" else (expected,), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", FUSED)
def test_the_kernel_gives_way_to_the_readable_step_where_gradients_are_batched(name):
    layer, inputs = made(name), sequence(2, 6, 3)

    def output(weights: dict[str, Tensor], inputs: Tensor) -> Tensor:
        one = Layer(layer.cell, weights)
        return one.run(inputs, one.initial_state(len(inputs)))[0].square().sum()

    each = vmap(grad(output), in_dims=(None, 0))(dict(layer.weights), inputs[:, None])
    for example in range(2):
        alone = {name: weight.clone().requires_grad_() for name, weight in layer.weights.items()}
        output(alone, inputs[example : example + 1]).backward()
        for name_, weight in alone.items():
            torch.testing.assert_close(each[name_][example], weight.grad, rtol=1e-4, atol=1e-5)


def test_a_forget_bias_is_the_sum_of_both_and_all_else_stays_as_drawn():
    cell, drawn = cells["lstm"](forget_bias=1.5), made("lstm")
    weights = {name: torch.empty_like(weight) for name, weight in drawn.weights.items()}
    cell.initialise(weights, torch.Generator().manual_seed(0))
    together = (weights["bias_ih"] + weights["bias_hh"]).chunk(4)
    assert (together[1] == 1.5).all()
    for block in (0, 2, 3):
        for bias in ("bias_ih", "bias_hh"):
            assert torch.equal(weights[bias].chunk(4)[block], drawn.weights[bias].chunk(4)[block])
    assert torch.equal(weights["weight_hh"], drawn.weights["weight_hh"])


def test_without_peepholes_a_peephole_lstm_is_an_lstm():
    plain, peephole = made("lstm"), made("peephole_lstm")
    weights = dict(plain.weights) | {name: torch.zeros(5) for name in peephole.cell.own}
    inputs = sequence(2, 9, 3)
    ours = Layer(peephole.cell, weights).trace(inputs, peephole.initial_state(2))
    theirs = plain.trace(inputs, plain.initial_state(2))
    for name, signal in theirs.signals.items():
        torch.testing.assert_close(ours.signals[name], signal, rtol=0, atol=1e-5)


def test_a_peephole_is_what_a_sum_by_hand_gives():
    layer = made("peephole_lstm")
    weights = {name: weight.double().numpy() for name, weight in layer.weights.items()}
    x, h, c = (sequence(1, size, seed=seed).double().numpy()[0] for size, seed in ((3, 1), (5, 2), (5, 3)))
    sums = weights["weight_ih"] @ x + weights["bias_ih"] + weights["weight_hh"] @ h + weights["bias_hh"]
    i, f, g, o = sums.reshape(4, 5)

    def sigma(value):
        return 1 / (1 + math.e**-value)

    i, f = sigma(i + weights["peephole_input"] * c), sigma(f + weights["peephole_forget"] * c)
    cell = f * c + i * torch.tensor(g).tanh().numpy()
    o = sigma(o + weights["peephole_output"] * cell)
    state = type(layer.initial_state(1))(torch.tensor(h)[None].float(), torch.tensor(c)[None].float())
    step = layer.step(torch.tensor(x)[None].float(), state)
    torch.testing.assert_close(step.state.cell[0].double(), torch.tensor(cell), rtol=0, atol=1e-6)
    torch.testing.assert_close(step.output[0].double(), torch.tensor(o) * torch.tensor(cell).tanh(), rtol=0, atol=1e-6)
