"""Scores of all units at once against scipy and scikit-learn, one unit at a time."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.metrics import jaccard_score, roc_auc_score

from core.concepts import Kind
from core.neurons import scores
from core.neurons.blocks import LONGEST, SHORTEST, blocks, shuffles
from core.neurons.half import Half
from core.neurons.interval import interval
from core.neurons.probe import probe

TIME = 900


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Six units, some of whose values are equal; the last is constant."""
    found = np.random.default_rng(1).normal(size=(6, TIME)).astype(np.float32)
    found[1:3] = found[1:3].round(1)
    found[3] = np.tanh(30 * found[3])
    found[5] = 0.1
    return found


@pytest.fixture(scope="module")
def ones(values: np.ndarray) -> np.ndarray:
    return (values[0] + values[1] + np.random.default_rng(2).normal(size=TIME) > 0.5).astype(np.float64)


@pytest.fixture(scope="module")
def counts(values: np.ndarray) -> np.ndarray:
    return np.round(2 * values[1] + np.random.default_rng(3).normal(size=TIME)).astype(np.float64)


def each(score: Callable[[np.ndarray], float], values: np.ndarray) -> list[float]:
    return [score(unit.astype(np.float64)) for unit in values[:-1]]


def test_pearson(values: np.ndarray, counts: np.ndarray) -> None:
    found = scores.pearson(values, counts)
    assert found[:-1] == pytest.approx(each(lambda unit: stats.pearsonr(unit, counts).statistic, values), abs=1e-5)
    assert np.isnan(found[-1])
    many = scores.pearson(values, np.stack([counts, counts[::-1]]))
    assert many[:-1, 0] == pytest.approx(found[:-1], abs=1e-6)
    assert np.isnan(scores.pearson(values, np.ones(TIME))).all()


def test_ranks_and_spearman(values: np.ndarray, counts: np.ndarray) -> None:
    ranks = scores.ranked(scores.order(values))
    assert np.array_equal(ranks, stats.rankdata(values, axis=1))
    some = np.arange(TIME) % 3 > 0
    assert np.array_equal(scores.ranked(scores.order(values)[:, some]), stats.rankdata(values[:, some], axis=1))
    expected = each(lambda unit: stats.spearmanr(unit, counts).statistic, values)
    found = Half(values).every_score(counts, Kind.COUNT)["spearman"]
    assert found[:-1] == pytest.approx(expected, abs=1e-5)


def test_auroc(values: np.ndarray, ones: np.ndarray) -> None:
    found = scores.auroc(scores.ranked(scores.order(values)), ones)
    assert found[:-1] == pytest.approx(each(lambda unit: roc_auc_score(ones, unit), values), abs=1e-5)
    assert np.isnan(found[-1])


def test_intersection_over_union(values: np.ndarray, ones: np.ndarray) -> None:
    def best(unit: np.ndarray) -> float:
        return max(
            jaccard_score(ones, chosen) for level in np.unique(unit) for chosen in (unit <= level, unit >= level)
        )

    ones = ones[:200]
    few = np.append(values[:3, :200].round(1), values[-1:, :200], axis=0)
    expected = [best(unit) for unit in few[:-1]]
    found = scores.intersection_over_union(scores.order(few), ones)
    assert found[:-1] == pytest.approx(expected)
    assert np.isnan(found[-1])
    assert np.isnan(scores.intersection_over_union(scores.order(few), np.zeros(200))).all()


@pytest.mark.parametrize(
    ("kind", "estimate"), [(Kind.BINARY, mutual_info_classif), (Kind.COUNT, mutual_info_regression)]
)
def test_mutual_information(kind: Kind, estimate: Callable, values: np.ndarray, ones: np.ndarray) -> None:
    expected = estimate(values[:2].T, ones, random_state=0)
    assert scores.mutual_information(values[:2], ones, kind) == pytest.approx(expected)


@pytest.mark.parametrize("kind", [Kind.BINARY, Kind.COUNT])
def test_an_interval_is_that_of_scipys_bootstrap(kind: Kind, values: np.ndarray, ones: np.ndarray) -> None:
    block = np.arange(TIME) // 30
    parts = np.split(np.arange(TIME), 30)

    def statistic(drawn: np.ndarray) -> float:
        at = np.concatenate([parts[one] for one in drawn])
        if kind is Kind.BINARY:
            return float(roc_auc_score(ones[at], values[1][at]))
        return float(np.corrcoef(ones[at], values[1][at])[0, 1])

    expected = stats.bootstrap(
        (np.arange(30),), statistic, n_resamples=400, method="percentile", vectorized=False, rng=1
    ).confidence_interval
    found = interval(values[1], ones, block, kind, np.random.default_rng(0))
    assert found == pytest.approx((expected.low, expected.high), abs=0.02)
    assert np.isnan(interval(values[5], ones, block, Kind.COUNT, np.random.default_rng(0))).all()


@pytest.mark.parametrize("kind", [Kind.BINARY, Kind.COUNT])
def test_a_probe_reads_what_no_single_unit_holds(kind: Kind) -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(2, 30, 2_000)).astype(np.float32)
    known = values[:, :5].sum(axis=1) + generator.normal(size=(2, 2_000))
    labels = (known > 0).astype(np.float64) if kind is Kind.BINARY else known.astype(np.float64)
    assert probe(values[0], labels[0], values[1], labels[1], kind) > (0.9 if kind is Kind.BINARY else 0.85)
    assert abs(probe(values[0], labels[1], values[1], labels[1], kind) - (kind is Kind.BINARY) / 2) < 0.2


def test_blocks_are_whole_lines_and_no_line_is_endless() -> None:
    text = "a line of words\n" * 100 + "x" * 1_000 + "\n"
    found = blocks(text)
    lengths = np.bincount(found)
    assert (lengths[:-1] >= SHORTEST).all()
    assert (lengths <= LONGEST).all()
    begins = np.flatnonzero(np.diff(found)) + 1
    assert all(text[at - 1] == "\n" for at in begins if at <= 1_600)
    assert len(blocks("")) == 0


def test_a_shuffle_keeps_each_block_together() -> None:
    block = np.repeat(np.arange(8), 5)
    labels = np.arange(40.0)
    for drawn in shuffles(labels, block, 20, np.random.default_rng(0)):
        assert sorted(drawn) == labels.tolist()
        assert (np.diff(drawn.reshape(8, 5)) == 1).all()
