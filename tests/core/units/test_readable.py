"""A unit is readable if it would be a detector of something, in one of its states."""

import numpy as np
import pytest
import xarray

from core.concepts import Kind, labelled
from core.units.finder import Finding, Found, Search, Unit
from core.units.readable import any_of, passing, readable


def finding(kind: Kind, *, untrained: float, chance: float, unit: int = 0, **scores: list) -> Finding:
    """What a search gives in which unit 0 of the first state and layer was chosen, or another one."""
    dims = ("state", "layer", "unit")
    values = xarray.Dataset({name: (dims, np.array(one)) for name, one in scores.items()}, {"state": ["a", "b"]})
    score = float(next(iter(values.data_vars.values()))[0, 0, unit])
    found = Found(
        unit=Unit("a", 0, unit),
        score=score,
        scores=values,
        beside=xarray.Dataset(),
        untrained=untrained,
        shuffled=np.full(100, chance),
        random=(0, 1),
        probe=1,
        untrained_probe=1,
    )
    return Finding(kind, found, scored=100, unread=0)


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


@pytest.mark.parametrize("untrained", [0.1, 0.26, 0.28, 0.4])
@pytest.mark.parametrize("chance", [0.2, 0.41, 0.43])
def test_one_rule_decides_headline_and_ticks(untrained: float, chance: float) -> None:
    scores = {"pearson": [[[0.9, 0.42, 0.1]], [[0.42, 0.0, 0.0]]]}
    found = finding(Kind.COUNT, untrained=untrained, chance=chance, unit=1, **scores)
    assert found.is_detector == bool(passing(found)[0, 0, 1])
    assert found.is_detector == (untrained < 0.27 and chance < 0.42)


def test_of_units_that_go_with_nothing_none_is_readable_although_some_are_beyond_their_own_shuffles() -> None:
    generator = np.random.default_rng(2)
    text = "".join(f"{'    ' * int(depth)}x = {depth}\n" for depth in generator.integers(4, size=400))
    labels = labelled("indentation", text)
    dims = ("state", "layer", "unit", "time")
    one, other = (
        xarray.DataArray(generator.normal(size=(1, 1, 400, len(text))).astype(np.float32), {"state": ["a"]}, dims)
        for _ in range(2)
    )
    searched = Search(text, one, other).find(labels, Kind.COUNT, probes=False)
    assert searched.found is not None
    strength = np.abs(searched.found.scores["pearson"])
    assert (strength > searched.found.beside["shuffled"]).any()
    assert (strength > searched.chance).sum() == 0
    assert not passing(searched).any()


def test_one_state_and_one_concept_are_enough() -> None:
    found = readable({"deep": COUNT, "wide": CHANCE, "rare": SILENT})
    assert set(found.data_vars) == {"deep", "wide"}
    np.testing.assert_array_equal(found["wide"], [[False, False, True]])
    np.testing.assert_array_equal(any_of(found), [[True, True, True]])


def test_where_the_text_cannot_tell_nothing_is_readable() -> None:
    assert any_of(readable({"rare": SILENT})).sum() == 0
    with pytest.raises(ValueError, match="seldom"):
        passing(SILENT)
