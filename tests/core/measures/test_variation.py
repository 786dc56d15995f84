"""What is looked at of a unit: its values within bounds, and how much they vary."""

import numpy as np
import xarray

from core.measures.variation import most_varying, variation
from core.traces.squashed import memory, squashed

DIMS = ("layer", "example", "time", "unit")


def signal(values: np.ndarray, name: str = "hidden_state", role: str = "state") -> xarray.DataArray:
    return xarray.DataArray(values, dims=DIMS, name=name, attrs={"role": role})


def test_units_are_ordered_by_their_variance() -> None:
    values = np.random.default_rng(1).normal(size=(1, 1, 400, 5)) * [0.1, 3, 0, 2, 0.5] + 7
    variances = variation(signal(values)).isel(layer=0, example=0)
    assert np.allclose(variances, values[0, 0].var(axis=0))
    assert most_varying(variances.to_numpy()) == (1, 3, 4, 0, 2)


def test_equal_units_stay_in_their_order() -> None:
    assert most_varying(np.array([1.0, 2.0, 1.0, 2.0])) == (1, 3, 0, 2)


def test_only_a_state_without_a_bound_is_squashed() -> None:
    values = np.array([-3.0, 0.0, 0.5, 9.0]).reshape(1, 1, 4, 1)
    assert np.allclose(squashed(signal(values, "cell_state")), np.tanh(values))
    assert np.allclose(squashed(signal(values, "encoder_hidden_state")), values)
    assert np.allclose(squashed(signal(values, "encoder_cell_state")), np.tanh(values))
    assert squashed(signal(values, "cell_state")).attrs == {"role": "state"}
    for name, role in (("hidden_state", "state"), ("forget_gate", "gate"), ("candidate", "candidate")):
        assert np.array_equal(squashed(signal(values, name, role)), values)


def test_the_memory_of_a_cell_is_its_unbounded_state_or_its_hidden_state() -> None:
    zero = np.zeros((1, 1, 2, 1))
    lstm = [signal(zero, "forget_gate", "gate"), signal(zero, "cell_state"), signal(zero)]
    assert memory(xarray.merge(lstm, combine_attrs="drop_conflicts")) == "cell_state"
    assert memory(signal(zero).to_dataset()) == "hidden_state"
