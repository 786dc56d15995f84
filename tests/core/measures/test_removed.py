"""What the penalty has removed is counted once more with torch, in a network that was trained with it."""

import numpy as np
import pytest

from core.measures.removed import removed
from core.runs.network import restore
from core.spec import RunSpec
from core.traces.tracing import trace
from core.training import Training


def trained(**changes):
    spec = RunSpec(hidden_size=8, options=(("length", 3000),), updates=12, learning_rate=0.02).replace(**changes)
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.parametrize("layer_count", [1, 2])
def test_the_share_of_zeros_is_that_of_torch(cell, layer_count):
    run = trained(cell=cell, layer_count=layer_count, recurrent_l1=0.3)
    weights = restore(run).weights()
    expected = [float((weights[name] == 0).float().mean()) for name in restore(run).arrangement.recurrent()]
    assert removed(run) == pytest.approx(expected)
    assert min(expected) > 0
    assert removed(trained(cell=cell, layer_count=layer_count)) == pytest.approx([0.0] * layer_count)


def test_a_penalty_large_enough_leaves_a_plain_network_no_past():
    run = trained(cell="elman", optimiser="sgd", recurrent_l1=1.0, updates=40)
    assert removed(run) == [1.0]
    read = trace(run, "abcxbcx")["hidden_state"].to_numpy()[0, 0]
    np.testing.assert_allclose(read[1:3], read[4:6], atol=1e-7)
