"""Saturation is a count, so it is checked by counting."""

import numpy as np
import pytest
import xarray

from core.measures.saturation import saturation


def trace(values: np.ndarray, role: str = "gate") -> xarray.Dataset:
    dims = ("layer", "direction", "example", "time", "unit")
    return xarray.Dataset(
        {"some_gate": (dims, values[:, None], {"role": role})}, {"time": range(values.shape[2])}, {"cell": "x"}
    )


def test_shares_by_hand() -> None:
    values = np.array([[0.05, 0.95], [0.1, 0.9], [0.5, 0.91], [0.0, 1.0]])[None, None]
    shares = saturation(trace(values)).sel(gate="some_gate").isel(layer=0, direction=0)
    assert shares["left"].to_numpy().tolist() == [0.5, 0.0]
    assert shares["right"].to_numpy().tolist() == [0.0, 0.75]


def test_shares_add_up_to_one_at_most_and_equal_a_count() -> None:
    values = np.random.default_rng(0).random((2, 3, 50, 7))
    shares = saturation(trace(values)).sel(gate="some_gate")
    assert float((shares["left"] + shares["right"]).max()) <= 1
    counted = sum(float(one < 0.1) for one in values[1, :, :, 4].ravel()) / 150
    assert float(shares["left"].sel(layer=1, unit=4).isel(direction=0)) == pytest.approx(counted)


def test_gates_keep_their_order_and_states_are_no_gates() -> None:
    both = xarray.merge(
        [trace(np.zeros((1, 1, 2, 1))).rename(some_gate=name) for name in ("reset_gate", "forget_gate")]
        + [trace(np.zeros((1, 1, 2, 1)), role="state").rename(some_gate="state")]
    )
    assert saturation(both)["gate"].to_numpy().tolist() == ["reset_gate", "forget_gate"]


def test_a_cell_without_gates_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="type x has no gates"):
        saturation(trace(np.zeros((1, 1, 2, 1)), role="state"))
