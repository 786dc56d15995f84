"""How well every unit goes with a concept: one score for all units at once.

``values`` are (unit, time) and ``labels`` (time,) throughout, both of the scored time steps only. A unit that is
constant there has no score: NaN, and so have all units if the labels are.
"""

import numpy as np
from scipy.stats import rankdata
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

from core.concepts import Kind

ESTIMATED = 2_000
"""Characters that mutual information is estimated from, evenly spread."""


def pearson(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Pearson's r of every unit, in [-1, 1].

    r = sum((x - mean x) (y - mean y)) / (|x - mean x| |y - mean y|)

    labels : (time,), or (draw, time) for many at once

    Returns (unit,), or (unit, draw): one matrix product, accurate to about 1e-5.

    Source: scipy.stats.pearsonr gives the same for one unit.
    """
    return np.asarray(_unit_length(values) @ _unit_length(labels).T)


def spearman(ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation of every unit, in [-1, 1]: Pearson's r of the ranks.

    ranks : (unit, time), as ``ranked`` gives them

    Source: scipy.stats.spearmanr gives the same for one unit.
    """
    return pearson(ranks, rankdata(labels))


def auroc(ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of every unit, in [0, 1]; 0.5 is chance, below it the unit is low where labels are 1.

    It is linear in the ranks, so that it follows from their correlation with the labels:

    AUROC = P(x_1 > x_0) + P(x_1 = x_0) / 2 = 1/2 + r  std(ranks) / sqrt(n_1 n_0)

    ranks : (unit, time), as ``ranked`` gives them;  labels : 0 or 1, (time,) or (draw, time), all with the same n_1

    Returns (unit,), or (unit, draw).

    Source: Hanley and McNeil (1982), The meaning and use of the area under a ROC curve; sklearn.metrics.roc_auc_score
    gives the same for one unit.
    """
    ones = float(labels.sum(axis=-1).flat[0])
    pairs = ones * (labels.shape[-1] - ones)
    correlation = pearson(ranks, labels)
    spread = ranks.std(axis=1).reshape(-1, *[1] * (correlation.ndim - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(0.5 + correlation * spread / np.sqrt(pairs))


def intersection_over_union(levels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Best overlap of a unit that is above, or below, some threshold with the labels that are 1. In [0, 1].

    IoU = max over thresholds of |chosen and 1| / |chosen or 1|

    levels : (unit, time), as ``order`` gives them;  labels : (time,) 0 or 1

    Returns (unit,). The threshold is the best for these very time steps: a description, no test.

    Source: sklearn.metrics.jaccard_score gives the same for one unit and threshold.
    """
    ones, every = _counts(levels[:, labels > 0], levels), _counts(levels, levels)
    total = ones.sum(axis=1, keepdims=True)

    def best(ones: np.ndarray, every: np.ndarray) -> np.ndarray:
        both, chosen = ones.cumsum(axis=1), every.cumsum(axis=1)
        return np.asarray((both / (chosen + total - both).clip(1)).max(axis=1))

    found = np.maximum(best(ones, every), best(ones[:, ::-1], every[:, ::-1]))
    return np.where((total[:, 0] > 0) & (levels.max(axis=1) > levels.min(axis=1)), found, np.nan)


def mutual_information(values: np.ndarray, labels: np.ndarray, kind: Kind) -> np.ndarray:
    """How much a unit tells about the labels, whatever the form of the dependence. Nats, 0 and up. Shape: (unit,).

    Slow, about 10 ms for each unit: meant for the few that were found. A sample of 2,000 time steps stands for all.

    Source: Kraskov et al. (2004), Estimating mutual information, and Ross (2014) for a binary concept, as in
    sklearn.feature_selection.
    """
    chosen = np.linspace(0, len(labels) - 1, min(ESTIMATED, len(labels))).astype(int)
    estimate = mutual_info_classif if kind is Kind.BINARY else mutual_info_regression
    return np.asarray(estimate(values[:, chosen].T, labels[chosen], random_state=0))


def order(values: np.ndarray) -> np.ndarray:
    """The place of each value among the distinct values of its unit, from 0 for the smallest. (unit, time) int32.

    Ranks of any part of the time steps follow from it without a second sort, which is what takes time.
    """
    sorted_at = np.argsort(values, axis=1)
    ascending = np.take_along_axis(values, sorted_at, axis=1)
    place = np.zeros(values.shape, dtype=np.int32)
    np.cumsum(ascending[:, 1:] != ascending[:, :-1], axis=1, out=place[:, 1:])
    levels = np.empty_like(place)
    np.put_along_axis(levels, sorted_at, place, axis=1)
    return levels


def ranked(levels: np.ndarray) -> np.ndarray:
    """Ranks from 1 on, equal values sharing their mean rank: scipy.stats.rankdata(levels, axis=1), faster.

    levels : (unit, time), as ``order`` gives them, or some of its time steps
    """
    counts = _counts(levels, levels)
    shared = counts.cumsum(axis=1) - (counts - 1) / 2
    return np.take_along_axis(shared.astype(np.float32), levels, axis=1)


def _counts(levels: np.ndarray, among: np.ndarray) -> np.ndarray:
    """How often each level of ``among`` occurs. Shape: (unit, level)."""
    units, width = len(levels), int(among.max(initial=0)) + 1
    rows = np.arange(units, dtype=np.int32)[:, None] * width
    return np.bincount((levels + rows).ravel(), minlength=units * width).reshape(units, width)


def _unit_length(values: np.ndarray) -> np.ndarray:
    """Each row without its mean, of length 1, float32; NaN where it is constant."""
    constant = np.ptp(values, axis=-1, keepdims=True) == 0
    centred = (values - values.mean(axis=-1, keepdims=True, dtype=np.float64)).astype(np.float32)
    length = np.sqrt(np.einsum("...t,...t->...", centred, centred))[..., None]
    return np.asarray(centred / np.where(constant, np.float32(np.nan), length))
