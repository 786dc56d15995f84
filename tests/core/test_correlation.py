"""Pearson's r against numpy's, and what indentation is."""

import numpy as np
import pytest
import xarray

from core.neurons.correlation import correlation, strongest
from core.neurons.indentation import indentation


def test_correlation_equals_numpy_on_the_chosen_time_steps() -> None:
    generator = np.random.default_rng(2)
    values, known, where = generator.normal(size=(3, 200, 6)), generator.normal(size=200), generator.random(200) < 0.6
    found = correlation(xarray.DataArray(values, dims=("layer", "time", "unit")), known, where)
    for layer in range(3):
        for unit in range(6):
            expected = np.corrcoef(values[layer, where, unit], known[where])[0, 1]
            assert float(found.isel(layer=layer, unit=unit)) == pytest.approx(expected, abs=1e-12)


def test_a_planted_unit_is_found_whatever_its_sign_and_scale() -> None:
    generator = np.random.default_rng(3)
    known = np.repeat(generator.integers(0, 5, 40) * 4.0, 10)
    values = generator.normal(size=(400, 16))
    values[:, 11] = 3 - 0.01 * known + generator.normal(size=400) * 0.005
    found = correlation(xarray.DataArray(values, dims=("time", "unit")), known, np.ones(400, dtype=bool))
    assert strongest(found) == 11
    assert float(found[11]) < -0.99


def test_what_does_not_vary_has_no_correlation() -> None:
    values = xarray.DataArray(np.stack([np.ones(9), np.arange(9.0)], axis=1), dims=("time", "unit"))
    everywhere = np.ones(9, dtype=bool)
    found = correlation(values, np.arange(9.0), everywhere)
    assert np.isnan(found[0])
    assert float(found[1]) == pytest.approx(1)
    assert strongest(correlation(values, np.ones(9), everywhere)) is None
    for count in (0, 1):
        assert strongest(correlation(values, np.arange(9.0), np.arange(9) < count)) is None


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="9 time steps, 8 known"):
        correlation(xarray.DataArray(np.zeros((9, 1)), dims=("time", "unit")), np.zeros(8), np.ones(9, dtype=bool))


def test_indentation_is_that_of_the_line_and_scored_on_ink_only() -> None:
    text = "a\n    b c\n\n\td\n  "
    depth, scored = indentation(text)
    assert len(depth) == len(scored) == len(text)
    assert [int(depth[at]) for at, one in enumerate(text) if not one.isspace()] == [0, 4, 4, 8]
    assert [text[at] for at in np.flatnonzero(scored)] == ["a", "b", "c", "d"]
    assert indentation("")[0].shape == (0,)
