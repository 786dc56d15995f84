"""A unit is readable if it would be a detector of something, in one of its states."""

import numpy as np
import pytest
import xarray

from core.concepts import Kind
from core.neurons.finder import Finding, Found, Unit
from core.neurons.readable import any_of, passing, readable


def finding(kind: Kind, *, untrained: float, chance: float, **scores: list[list[list[float]]]) -> Finding:
    dims = ("state", "layer", "unit")
    values = xarray.Dataset({name: (dims, np.array(one)) for name, one in scores.items()}, {"state": ["a", "b"]})
    shuffled = np.full(100, chance)
    return Finding(
        kind, Found(Unit("a", 0, 0), 0.9, (0, 1), 0, values, untrained, shuffled, (0, 1), 1, 1), scored=100, unread=0
    )


COUNT = finding(Kind.COUNT, untrained=0.3, chance=0.2, pearson=[[[0.9, -0.5, 0.4]], [[0.1, 0.2, 0.0]]])
CHANCE = finding(Kind.COUNT, untrained=0.1, chance=0.6, pearson=[[[0.5, 0.0, 0.0]], [[0.0, 0.0, -0.7]]])
BINARY = finding(Kind.BINARY, untrained=0.6, chance=0.6, auroc=[[[0.5, 0.1, np.nan]], [[0.7, 0.5, 0.5]]])
SILENT = Finding(Kind.COUNT, None, scored=0, unread=0)


@pytest.mark.parametrize(
    ("one", "passes"),
    [
        (COUNT, [[[True, True, False]], [[False] * 3]]),
        (CHANCE, [[[False] * 3], [[False, False, True]]]),
        (BINARY, [[[False, True, False]], [[False] * 3]]),
    ],
)
def test_a_unit_passes_in_either_direction_and_beyond_both_controls(one: Finding, passes: list) -> None:
    np.testing.assert_array_equal(passing(one), passes)


def test_the_unit_that_is_found_is_readable_exactly_if_it_is_a_detector() -> None:
    assert COUNT.is_detector
    assert bool(passing(COUNT).sel(state="a")[0, 0])


def test_one_state_and_one_concept_are_enough() -> None:
    found = readable({"deep": COUNT, "wide": CHANCE, "rare": SILENT})
    assert set(found.data_vars) == {"deep", "wide"}
    np.testing.assert_array_equal(found["wide"], [[False, False, True]])
    np.testing.assert_array_equal(any_of(found), [[True, True, True]])


def test_where_the_text_cannot_tell_nothing_is_readable() -> None:
    assert any_of(readable({"rare": SILENT})).sum() == 0
    with pytest.raises(ValueError, match="seldom"):
        passing(SILENT)
