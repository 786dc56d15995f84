"""A window shortens the way of the gradient; what is read and said is the same."""

import pytest
import torch
from torch import Tensor

from core.cells import cells
from core.layers.stack import Site
from core.media import Numbers
from core.networks import Batch, Pattern, Plan, networks
from core.runs.network import Network

LENGTHS = (11, 3, 7, 1)


def network_of(pattern: Pattern, cell: str = "gru", **plan) -> Network:
    kind = networks["recurrent"]
    media = {"inputs": Numbers(("a", "b")), "outputs": Numbers(("c", "d"))}
    network = Network(kind(Plan(pattern=pattern, cell=cells[cell](), hidden_size=4, **media, **plan)))
    network.initialise(torch.Generator().manual_seed(0))
    return network


def batch_of(padded: bool) -> Batch:
    inputs = torch.rand(len(LENGTHS), max(LENGTHS), 2, generator=torch.Generator().manual_seed(1))
    mask = torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS)[:, None]
    fresh = torch.ones(len(LENGTHS), dtype=torch.bool)
    return Batch(inputs.requires_grad_(), None, fresh, input_mask=mask if padded else None)


def states(state) -> list[Tensor]:
    return [part for layer in state for direction in layer for part in direction]


@pytest.mark.parametrize("pattern", [Pattern.MANY_TO_MANY, Pattern.MANY_TO_ONE])
@pytest.mark.parametrize("cell", cells.names())
@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("window", [1, 4, 10, 11, 12])
def test_what_is_read_in_windows_is_what_is_read_at_once(pattern, cell, padded, window):
    network, batch = network_of(pattern, cell, layer_count=2), batch_of(padded)
    whole, ended = network(batch)
    found, also_ended = network(batch, window=window)
    assert found.shape == whole.shape
    counted = batch.input_mask if padded and pattern is Pattern.MANY_TO_MANY else slice(None)
    torch.testing.assert_close(found[counted], whole[counted])
    for one, other in zip(states(also_ended), states(ended), strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("padded", [False, True])
def test_the_gradient_of_what_is_said_at_the_end_travels_back_a_window(padded):
    network, batch = network_of(Pattern.MANY_TO_ONE), batch_of(padded)
    network(batch, window=4)[0].sum().backward()
    reached = batch.inputs.grad.abs().sum(dim=2) > 0
    for example, length in zip(reached, LENGTHS if padded else [11] * 4, strict=True):
        assert example.nonzero()[:, 0].tolist() == list(range(max(0, length - 4), length))


def test_the_gradient_of_what_is_said_at_every_time_step_stays_within_its_window():
    network, batch = network_of(Pattern.MANY_TO_MANY), batch_of(padded=False)
    said, _ = network(batch, window=4)
    for time, begin in ((2, 0), (3, 3), (6, 3), (7, 7), (10, 7)):
        (slope,) = torch.autograd.grad(said[:, time].sum(), batch.inputs, retain_graph=True)
        reached = slope.abs().sum(dim=(0, 2)) > 0
        assert reached.nonzero()[:, 0].tolist() == list(range(begin, time + 1))


@pytest.mark.parametrize("pattern", [Pattern.MANY_TO_MANY, Pattern.MANY_TO_ONE])
def test_in_both_directions_a_window_changes_nothing(pattern):
    network, batch = network_of(pattern, direction="both"), batch_of(padded=True)
    torch.testing.assert_close(network(batch, window=2), network(batch), rtol=0, atol=0)
    network(batch, window=2)[0][0].sum().backward()
    assert (batch.inputs.grad[0].abs().sum(dim=1) > 0).all()


def test_nothing_is_held_in_windows():
    network, batch = network_of(Pattern.MANY_TO_ONE), batch_of(padded=False)
    with pytest.raises(ValueError, match="held"):
        network(batch, held={Site(): lambda time: lambda name, signal: signal}, window=4)
