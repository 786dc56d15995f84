"""Scores of all units at once against scipy and scikit-learn, one unit at a time."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter
from sklearn.feature_selection import mutual_info_classif
from sklearn.metrics import jaccard_score, roc_auc_score

from core.concepts import Kind, labelled
from core.texts import texts
from core.units import scores
from core.units.blocks import LONGEST_BLOCK, SHORTEST, blocks, middle, shifts
from core.units.half import Half
from core.units.interval import intervals
from core.units.probe import probe

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
    found = Half(values).every_score(counts, Kind.COUNT, np.zeros(6))["spearman"]
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


@pytest.mark.parametrize("name", ["ones", "counts", "positions"])
def test_mutual_information(name: str, values: np.ndarray, request: pytest.FixtureRequest) -> None:
    known = np.arange(TIME) % 97.0 if name == "positions" else request.getfixturevalue(name)
    drawn = np.stack([known, np.random.default_rng(4).permutation(known), known[::-1]])
    shares = scores.shared(scores.ranked(scores.order(values))) // 16
    asked = drawn if len(np.unique(known)) <= 16 else scores.shared(stats.rankdata(drawn, axis=1)) // 16
    seen, *chance = (mutual_info_classif(shares.T, one.astype(int), discrete_features=True) for one in asked)
    found = scores.mutual_information(scores.shared(scores.ranked(scores.order(values))), drawn)
    assert found == pytest.approx(np.maximum(seen - np.mean(chance, axis=0), 0))
    assert found[-1] == pytest.approx(0), "a constant unit tells nothing"
    assert name == "positions" or found[:2].max() > 0.05


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("since_sentence_start", "english"),
        ("since_punctuation", "english"),
        ("since_sentence_start", "chinese"),
        ("indentation", "tidy_code"),
        ("inside_comment", "tidy_code"),
    ],
)
def test_a_unit_that_knows_nothing_tells_about_nothing(concept: str, text: str) -> None:
    read = texts[text](10_000, 0)
    labels = labelled(concept, read).values
    generator = np.random.default_rng(5)
    noise = generator.normal(size=(60, len(read)))
    slow = lfilter([1], [1, -0.95], noise, axis=1)
    drawn = np.vstack([labels, shifts(labels, 3, generator)])
    for values in (noise, slow):
        found = scores.mutual_information(scores.shared(scores.ranked(scores.order(values))), drawn)
        assert found.mean() < 0.005, "0.00 as it is shown"
        assert found.max() < 0.03


def test_a_unit_that_holds_the_labels_tells_all_there_is_to_tell() -> None:
    labels = np.random.default_rng(6).integers(4, size=4_000).astype(float)
    drawn = np.vstack([labels, shifts(labels, 3, np.random.default_rng(7))])
    shares = scores.shared(scores.ranked(scores.order(np.stack([labels, -labels, (labels - 1.4) ** 2]))))
    assert scores.mutual_information(shares, drawn) == pytest.approx(np.full(3, np.log(4)), abs=0.01)


def test_shares_are_equal_and_keep_what_is_equal_together(values: np.ndarray) -> None:
    found = scores.shared(scores.ranked(scores.order(values)))
    assert np.ptp(np.bincount(found[0])) <= 1
    assert found.min() >= 0
    assert found.max() < scores.SHARES
    for unit, row in zip(values, found, strict=True):
        assert len(np.unique(np.stack([unit, row]), axis=1).T) == len(np.unique(unit))
        assert (np.diff(row[np.argsort(unit)]) >= 0).all()


@pytest.mark.parametrize("kind", [Kind.BINARY, Kind.COUNT])
def test_intervals_are_those_of_scipys_bootstrap(kind: Kind, values: np.ndarray, ones: np.ndarray) -> None:
    block = np.arange(TIME) // 30
    parts = np.split(np.arange(TIME), 30)
    asked = scores.shared(scores.ranked(scores.order(values))) if kind is Kind.BINARY else values
    found = intervals(asked, ones, block, kind, np.random.default_rng(0))
    for unit in (1, 4):

        def statistic(drawn: np.ndarray, own: np.ndarray = values[unit]) -> float:
            at = np.concatenate([parts[one] for one in drawn])
            if kind is Kind.BINARY:
                return float(roc_auc_score(ones[at], own[at]))
            return float(np.corrcoef(ones[at], own[at])[0, 1])

        expected = stats.bootstrap(
            (np.arange(30),), statistic, n_resamples=400, method="percentile", vectorized=False, rng=1
        ).confidence_interval
        assert found[:, unit] == pytest.approx((expected.low, expected.high), abs=0.02)
    assert np.isnan(found[:, 5]).all(), "a constant unit has no score"
    assert np.isfinite(found[:, :5]).all()
    assert np.isnan(intervals(asked, ones, np.zeros(TIME, int), kind, np.random.default_rng(0))).all()


@pytest.mark.parametrize("kind", [Kind.BINARY, Kind.COUNT])
def test_a_probe_reads_what_no_single_unit_holds(kind: Kind) -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(2, 30, 2_000)).astype(np.float32)
    known = values[:, :5].sum(axis=1) + generator.normal(size=(2, 2_000))
    labels = (known > 0).astype(np.float64) if kind is Kind.BINARY else known.astype(np.float64)
    assert probe(values[0], labels[0], values[1], labels[1], kind) > (0.9 if kind is Kind.BINARY else 0.85)
    assert abs(probe(values[0], labels[1], values[1], labels[1], kind) - (kind is Kind.BINARY) / 2) < 0.2


@pytest.mark.parametrize("kind", [Kind.BINARY, Kind.COUNT])
def test_a_probe_reads_beside_saturated_units(kind: Kind) -> None:
    """Such a unit is 1 but for a few characters, at which it is one step of float32 lower."""
    generator = np.random.default_rng(6)
    telling = generator.normal(size=(2, 20, 4_000)).astype(np.float32)
    seldom = generator.random((2, 8, 4_000)) < 0.003
    values = np.concatenate([telling, np.where(seldom, np.nextafter(np.float32(1), np.float32(0)), np.float32(1))], 1)
    known = telling.sum(axis=1) + 3 * generator.normal(size=(2, 4_000))
    labels = (known > 0).astype(np.float64) if kind is Kind.BINARY else known.astype(np.float64)
    alone, beside = (probe(read[0], labels[0], read[1], labels[1], kind) for read in (telling, values))
    assert beside == pytest.approx(alone, abs=0.02)


def test_blocks_are_whole_lines_and_no_line_is_endless() -> None:
    text = "a line of words\n" * 200 + "x" * 1_000 + "\n"
    found = blocks(text)
    lengths = np.bincount(found)
    assert (lengths[:-1] >= SHORTEST).all()
    assert (lengths <= LONGEST_BLOCK).all()
    begins = np.flatnonzero(np.diff(found)) + 1
    assert all(text[at - 1] == "\n" for at in begins if at <= 3_200)
    assert len(blocks("")) == 0


@pytest.mark.parametrize("text", ["a line of words\n" * 37, "字" * 600, "字" * 25, "ab\n" * 4])
def test_a_short_text_has_blocks_in_both_halves(text: str) -> None:
    found = blocks(text)
    part = middle(found)
    assert 0 < part < len(text)
    assert found[part - 1] < found[part]
    assert len(text) < 500 or min(len(set(found[:part])), len(set(found[part:]))) >= 5


@pytest.mark.parametrize("time", [1, 9, 300])
def test_a_shift_moves_labels_along_and_turns_every_second_one(time: int) -> None:
    labels = np.arange(float(time))
    drawn = shifts(labels, 200, np.random.default_rng(0))
    assert drawn.shape == (200, time)
    for at, one in enumerate(drawn):
        moved = int(one.argmin())
        assert np.array_equal(np.roll(one, -moved)[:: -1 if at % 2 else 1], np.roll(labels, -(at % 2)))
        assert at % 2 or time // 10 <= moved <= time - time // 10
    assert len(np.unique(drawn, axis=0)) > (time > 9) * 130
