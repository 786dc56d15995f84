"""What is said and drawn of how a unit came to know something."""

import numpy as np
import pytest
import vl_convert
import xarray

from core.units.emergence import Emergence
from core.units.finder import Unit
from dashboard.app_pages.hidden_units import emergence as section
from dashboard.figures.charts.emergence import emergence

UNIT = Unit("cell_state", 0, 7)
UPDATES = np.array([0, 10, 40, 100])


def emerged(own: tuple[float, ...]) -> Emergence:
    strengths = np.zeros((len(UPDATES), 1, 1, 9))
    strengths[:, 0, 0, UNIT.number] = own
    dims = ("network", "state", "layer", "unit")
    every = xarray.DataArray(strengths, {"state": [UNIT.state]}, dims)
    return Emergence(UPDATES, every, np.array(own))


@pytest.mark.parametrize(
    ("own", "update"), [((0.1, 0.2, 0.55, 0.9), 40), ((0.1, 0.8, 0.2, 0.9), 10), ((0.0, 0, 0, 1), 100)]
)
def test_it_is_said_when_half_of_the_way_was_gone(own: tuple[float, ...], update: int) -> None:
    said = section.sentence(emerged(own), UNIT, "indentation")
    assert f"and {update} of 100" in said
    assert f"{own[0]:.2f}" in said
    assert f"{own[-1]:.2f}" in said


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ((0.5, 0.6, 0.6, 0.4), "less than 0.15 apart"),
        ((0.1, 0.3, 0.2, 0.24), "less than 0.15 apart"),
        ((0.9, 0.8, 0.6, 0.55), "knew less of “indentation” at the end (0.55) than before training (0.90)"),
    ],
)
def test_a_unit_that_learned_nothing_is_not_said_to_have(own: tuple[float, ...], words: str) -> None:
    assert words in section.sentence(emerged(own), UNIT, "indentation")


def test_the_chart_compiles_and_begins_where_nothing_is_known() -> None:
    words = {name: name for name in ("strength", "update", "loss", "unit", "best")}
    own = np.array([0.5, 0.6, 0.7, 0.9])
    scores = {"update": UPDATES, "unit": own, "best": own + 0.05}
    loss = {"update": UPDATES[1:], "loss": np.array([2.0, 1.0, 0.5])}
    spec = emergence(scores, loss, state="cell_state", least=0.5, words=words).to_dict()
    vl_convert.vegalite_to_vega(spec)
    above, below = spec["vconcat"]
    assert above["encoding"]["y"]["scale"]["domain"] == [0.5, 1]
    assert above["encoding"]["x"]["scale"] == below["encoding"]["x"]["scale"]
    drawn = spec["datasets"][above["data"]["name"]]
    assert sorted(row["strength"] for row in drawn) == sorted([*own, *(own + 0.05)])
