"""How well every unit goes with a concept: one score for all units at once.

``values`` are (unit, time) and ``labels`` (time,) throughout, both of the scored time steps only. A unit that is
constant there has no score: NaN, and so have all units if the labels are.
"""

import numpy as np

SHARES = 256
"""Equal shares of a unit's values, where telling these apart is enough."""

INFORMATION_SHARES = 16
"""The same for mutual information, which is estimated the higher the finer they are."""


def pearson(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Pearson's r of every unit, in [-1, 1].

    r = sum((x - mean x) (y - mean y)) / (|x - mean x| |y - mean y|)

    labels : (time,), or (draw, time) for many at once

    Returns (unit,), or (unit, draw): one matrix product, accurate to about 1e-5.

    Source: scipy.stats.pearsonr gives the same for one unit.
    """
    return np.asarray(direction(values) @ direction(labels).T)


def auroc(ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of every unit, in [0, 1]; 0.5 is chance, below it the unit is low where labels are 1.

    AUROC = P(x_1 > x_0) + P(x_1 = x_0) / 2

    ranks : (unit, time), as ``ranked`` gives them;  labels : (time,) 0 or 1

    Source: Hanley and McNeil (1982), The meaning and use of the area under a ROC curve; sklearn.metrics.roc_auc_score
    gives the same for one unit.
    """
    return auroc_of(pearson(ranks, labels), ranks, labels)


def auroc_of(correlation: np.ndarray, ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """AUROC from the correlation of the ranks with the labels, or with any shuffle of these: it is linear in them.

    AUROC = 1/2 + r  std(ranks) / sqrt(n_1 n_0)

    correlation : (unit,), or (unit, draw), which is also the shape of what is returned
    """
    ones = float(labels.sum())
    spread = ranks.std(axis=1).reshape(-1, *[1] * (correlation.ndim - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(0.5 + correlation * spread / np.sqrt(ones * (len(labels) - ones)))


def intersection_over_union(levels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Best overlap of a unit that is above, or below, some threshold with the labels that are 1. In [0, 1].

    IoU = max over thresholds of |chosen and 1| / |chosen or 1|

    levels : (unit, time), as ``order`` gives them;  labels : (time,) 0 or 1

    Returns (unit,). The threshold is the best for these very time steps: a description, no test.

    Source: sklearn.metrics.jaccard_score gives the same for one unit and threshold.
    """
    one = labels > 0
    total = one.sum()
    found = np.full(len(levels), np.nan)
    for unit, level in enumerate(levels):
        if not total or level.min() == level.max():
            continue
        chosen = np.bincount(level).cumsum()
        both = np.bincount(level[one], minlength=len(chosen)).cumsum()
        below, above = both / (chosen + total - both), (total - both) / (len(level) - chosen + both)
        found[unit] = max(below.max(), above.max())
    return found


def mutual_information(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How much a unit tells about the labels, whatever the form of the dependence. Nats. Shape: (unit,).

    I = sum over shares s of the unit's values and labels k of p(s, k) ln(p(s, k) / (p(s) p(k)))

    less the mean of I over the shuffles, and 0 where that is more: by chance alone I is the higher the more shares and
    labels there are, near 15 (m - 1) / (2 time) of m labels that come in any order.

    shares : (unit, time), as ``shared`` gives them, of which 16 are made
    labels : (1 + shuffle, time), the first as they are, of more than 16 different ones 16 equal shares

    Source: sklearn.feature_selection.mutual_info_classif with discrete features gives the same I for one unit.
    """
    wide = shares.astype(np.uint8) // (SHARES // INFORMATION_SHARES) * INFORMATION_SHARES  # bytes: faster
    found = np.empty((len(labels), len(shares)))
    for draw, known in enumerate(_few(labels)):
        counts = [np.bincount(row + known, minlength=INFORMATION_SHARES**2) for row in wide]
        both = np.reshape(counts, (-1, INFORMATION_SHARES, INFORMATION_SHARES)) / len(known)
        alone = sum(_entropy(both.sum(axis=axis)) for axis in (1, 2))
        found[draw] = alone - _entropy(both.reshape(len(wide), -1))
    return np.asarray(np.maximum(found[0] - found[1:].mean(axis=0), 0))


def _entropy(probability: np.ndarray) -> np.ndarray:
    """- sum of p ln p over the last axis, in nats: scipy.stats.entropy, for which a first look need not wait."""
    return np.asarray(-(probability * np.log(np.where(probability > 0, probability, 1))).sum(axis=-1))


def _few(labels: np.ndarray) -> np.ndarray:
    """Labels by their number from 0 on, or by their share of 16 if more than 16 differ. (draw, time) uint8."""
    kinds, kind = np.unique(labels, return_inverse=True)
    kind = kind.reshape(labels.shape)
    if len(kinds) > INFORMATION_SHARES:
        kind = shared(ranked(kind)) // (SHARES // INFORMATION_SHARES)
    return kind.astype(np.uint8)


def shared(ranks: np.ndarray) -> np.ndarray:
    """In which of 256 equal shares of its unit's values each value is, from 0 on; equal values are in the same.

    ranks : (unit, time), as ``ranked`` gives them
    """
    return np.asarray((ranks - 0.5) * (SHARES / ranks.shape[1]), dtype=np.int32)


def order(values: np.ndarray) -> np.ndarray:
    """The place of each value among the distinct values of its unit, from 0 for the smallest. (unit, time) int32.

    Ranks of any part of the time steps follow from it without a second sort, which is what takes time.
    """
    levels = np.empty(values.shape, dtype=np.int32)
    for unit, row in enumerate(values):  # row by row: what is used again is still in the cache
        sorted_at = np.argsort(row)
        ascending = row[sorted_at]
        levels[unit, sorted_at] = np.append(0, np.cumsum(ascending[1:] != ascending[:-1]))
    return levels


def ranked(levels: np.ndarray) -> np.ndarray:
    """Ranks from 1 on, equal values sharing their mean rank: scipy.stats.rankdata(levels, axis=1), faster.

    levels : (unit, time), as ``order`` gives them, or some of its time steps
    """
    ranks = np.empty(levels.shape, dtype=np.float32)
    for unit, level in enumerate(levels):
        counts = np.bincount(level)
        ranks[unit] = (counts.cumsum() - (counts - 1) / 2)[level]
    return ranks


def direction(values: np.ndarray) -> np.ndarray:
    """Each row without its mean, of length 1, float32; NaN where it is constant."""
    values = np.asarray(values, dtype=np.float32)
    centred = values - values.mean(axis=-1, keepdims=True, dtype=np.float64).astype(np.float32)
    length = np.sqrt(np.einsum("...t,...t->...", centred, centred))[..., None]
    with np.errstate(invalid="ignore"):
        return np.asarray(centred / length)  # the mean of equal numbers is that number: 0 / 0
