"""The charts of gates and of what was found: fixed domains, every unit a dot, nothing beyond the line."""

import numpy as np
import pytest
import vl_convert
import xarray

from dashboard.figures.charts.finder import Row, against, beside_controls, points
from dashboard.figures.charts.saturation import saturation_of_a_gate

SATURATION = dict.fromkeys(("left", "right", "open", "shut", "between", "unit"), "words")


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


@pytest.mark.parametrize("least", [0.0, 0.5])
def test_the_unit_and_its_controls_share_an_axis_that_ends_where_nothing_is_known(least: float) -> None:
    controls = (Row("untrained", 0.6, 0.6, 0.6), Row("random", float("nan"), 0.5, 0.7), Row("probe", -0.2, -0.2, -0.2))
    words = {"axis": "strength", "needed": "beyond this"}
    spec = beside_controls(
        Row("unit 3", 0.9, 0.8, 0.95), *controls, least=least, needed=0.75, colour="#c2410c", words=words
    ).to_dict()
    (table,) = rows(spec, "low")
    assert [one["words"] for one in table] == ["unit 3", "untrained", "random", "probe"]
    assert all(one["low"] >= least for one in table), "nothing is drawn outside of the axis"
    assert table[0]["row"] > table[1]["row"] > table[2]["row"], "from the top"
    svg = vl_convert.vegalite_to_svg(spec | {"width": 300})
    assert all(words in svg for words in ("unit 3", "untrained", "random", "probe", "beyond this"))


def test_dots_of_one_value_stand_side_by_side_and_keep_their_height() -> None:
    known, values = np.array([0.0, 0.0, 4.0, 4.0, 4.0]), np.array([0.1, 0.3, -0.5, 0.9, -0.7])
    tables = points(known, values, spread=True)
    assert tables["dots"]["value"].tolist() == values.tolist()
    assert tables["dots"]["across"].is_unique
    assert (np.abs(tables["dots"]["across"] - known) <= 1).all(), "nearer to its own value than to the next"
    assert tables["medians"].to_numpy() == pytest.approx(np.array([[0, 0.2], [4, -0.5]]))
    assert points(known, values, spread=False)["dots"]["across"].tolist() == known.tolist()
    assert len(points(known[:1], values[:1], spread=True)["dots"]) == 1


@pytest.mark.parametrize("binary", [True, False])
def test_a_unit_against_a_concept_compiles_on_fixed_axes(binary: bool) -> None:
    words = {"unit": "unit 3", "concept": 'my "own"', "yes": "it's so", "no": "not"}
    spec = against(4.0, (-1, 1), "#c2410c", binary, words).to_dict()
    for layer in spec["layer"]:
        assert layer["encoding"]["y"]["scale"]["domain"] == [-1, 1]
    known = np.array([0.0, 1.0])
    tables = {name: one.to_dict("records") for name, one in points(known, known, spread=True).items()}
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 300, "datasets": tables})
