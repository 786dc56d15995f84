"""The charts of gates and units: fixed domains, every unit a dot, nothing beyond the line."""

import numpy as np
import pytest
import vl_convert
import xarray

from dashboard.charts.saturation import saturation_of_a_gate
from dashboard.charts.tracking import correlations

SATURATION = dict.fromkeys(("left", "right", "open", "shut", "between", "unit"), "words")
TRACKING = {"axis": "|r|", "trained": "after", "untrained": "before", "unit": "unit", "r": "r", "named": "unit 3"}


def shares() -> xarray.Dataset:
    left = np.array([[0.0, 0.5, 1.0], [0.1, 0.1, 0.1]])
    dims = ("gate", "unit")
    return xarray.Dataset({"left": (dims, left), "right": (dims, 1 - left)}, {"gate": ["forget_gate", "input_gate"]})


def rows(spec: dict, column: str) -> list[list[dict]]:
    return [table for table in spec["datasets"].values() if column in table[0]]


def test_saturation_shows_each_unit_of_one_gate_on_fixed_axes() -> None:
    spec = saturation_of_a_gate(shares(), "forget_gate", SATURATION).to_dict()
    (dots,) = rows(spec, "unit")
    assert [(one["unit"], one["left"], one["right"]) for one in dots] == [(0, 0.0, 1.0), (1, 0.5, 0.5), (2, 1.0, 0.0)]
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["scale"]["domain"] == [0, 1]
        assert layer["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300})
    corners = [one for table in rows(spec, "corner") for one in table]
    assert len({one["corner"] for one in corners}) == 3
    assert all(one["left"] + one["right"] > 1 for one in corners), "no dot can hide the words"


def test_every_unit_that_moves_is_piled_up_trained_above_untrained_below() -> None:
    trained = xarray.DataArray([0.1, -0.11, np.nan, -0.9], dims="unit")
    untrained = xarray.DataArray([0.1, 0.2, 0.3, np.nan], dims="unit")
    spec = correlations(trained, untrained, 3, "cell_state", TRACKING).to_dict()
    dots = max(rows(spec, "of"), key=len)
    above = {one["unit"]: one for one in dots if one["of"] == "trained"}
    below = {one["unit"]: one for one in dots if one["of"] == "untrained"}
    assert set(above) == {0, 1, 3}
    assert set(below) == {0, 1, 2}
    assert {above[0]["height"], above[1]["height"]} == {1, 2}, "two units of nearly the same |r| stand on each other"
    assert all(one["height"] < 0 for one in below.values())
    assert above[3]["bin"] == pytest.approx(0.91)
    assert "unit 3" in vl_convert.vegalite_to_svg(spec | {"width": 600})
