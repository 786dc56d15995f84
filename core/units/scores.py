"""How well every unit goes with a concept, scored for all units at once.

Throughout, ``values`` have the shape (unit, time) and ``labels`` the shape (time,), both at the scored time steps only.
A unit that is constant there has no score (NaN), except that its mutual information is 0. If the labels are constant,
r and AUROC of all units are NaN.
"""

import numpy as np

SHARES = 256
"""How many equal shares a unit's values are put in where finer differences do not matter."""

INFORMATION_SHARES = 16
"""The same for mutual information. There are few of them because the estimate rises with their number."""


def pearson(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return Pearson's r of every unit, in [-1, 1].

    r = sum((x - mean x) (y - mean y)) / (|x - mean x| |y - mean y|)

    Parameters
    ----------
    labels
        Shape: (time,), or (draw, time) for many draws at once.

    Returns
    -------
    numpy.ndarray
        Shape: (unit,), or (unit, draw). It is one matrix product, accurate to about 1e-5.

    Notes
    -----
    Source: scipy.stats.pearsonr gives the same for one unit.
    """
    return np.asarray(direction(values) @ direction(labels).T)


def auroc(ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve of every unit, in [0, 1].

    AUROC = P(x_1 > x_0) + P(x_1 = x_0) / 2

    0.5 is chance. Below it, the unit is low where labels are 1.

    Parameters
    ----------
    ranks
        As ``ranked`` gives them. Shape: (unit, time).
    labels
        0 or 1. Shape: (time,).

    Notes
    -----
    Source: Hanley and McNeil (1982), The meaning and use of the area under a ROC curve; sklearn.metrics.roc_auc_score
    gives the same for one unit.
    """
    return auroc_of(pearson(ranks, labels), ranks, labels)


def auroc_of(correlation: np.ndarray, ranks: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return AUROC from the correlation of the ranks with the labels, or with any shuffle of them.

    AUROC = 1/2 + r  std(ranks) / sqrt(n_1 n_0)

    It is linear in the correlation.

    Parameters
    ----------
    correlation
        Shape: (unit,), or (unit, draw), which is also the shape of what is returned.
    """
    ones = float(labels.sum())
    spread = ranks.std(axis=1).reshape(-1, *[1] * (correlation.ndim - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(0.5 + correlation * spread / np.sqrt(ones * (len(labels) - ones)))


def intersection_over_union(levels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the best overlap of the labels that are 1 with the times when a unit is above, or below, a threshold.

    IoU = max over thresholds of |chosen and 1| / |chosen or 1|

    Parameters
    ----------
    levels
        As ``order`` gives them. Shape: (unit, time).
    labels
        0 or 1. Shape: (time,).

    Returns
    -------
    numpy.ndarray
        In [0, 1]. Shape: (unit,). The threshold is the best one for these very time steps, so this is a description
        and not a test.

    Notes
    -----
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
    """Return the mutual information of each unit and the labels, in nats. Shape: (unit,).

    It measures how much a unit tells about the labels, whatever the form of the dependence.

    I = sum over shares s of the unit's values and labels k of p(s, k) ln(p(s, k) / (p(s) p(k)))

    Even by chance I is above 0, and grows with the number of shares and of different labels: it is near
    15 (m - 1) / (2 time) for m different labels in random order. The mean of I over the shuffles is therefore
    subtracted. Where that is more than I, 0 is returned.

    Parameters
    ----------
    shares
        As ``shared`` gives them. They are merged into 16 shares. Shape: (unit, time).
    labels
        First the labels as they are, then shuffles of them. More than 16 different labels are put in 16 equal shares.
        Shape: (1 + shuffle, time).

    Notes
    -----
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
    """Return - sum of p ln p over the last axis, in nats.

    scipy.stats.entropy gives the same, but a first look must not wait until scipy is loaded.
    """
    return np.asarray(-(probability * np.log(np.where(probability > 0, probability, 1))).sum(axis=-1))


def _few(labels: np.ndarray) -> np.ndarray:
    """Return the labels numbered from 0 on, or as one of 16 equal shares if more differ. Shape: (draw, time) uint8."""
    kinds, kind = np.unique(labels, return_inverse=True)
    kind = kind.reshape(labels.shape)
    if len(kinds) > INFORMATION_SHARES:
        kind = shared(ranked(kind)) // (SHARES // INFORMATION_SHARES)
    return kind.astype(np.uint8)


def shared(ranks: np.ndarray) -> np.ndarray:
    """Return which of 256 equal shares of its unit's values each value is in, counted from 0.

    Equal values are in the same share.

    Parameters
    ----------
    ranks
        As ``ranked`` gives them. Shape: (unit, time).
    """
    return np.asarray((ranks - 0.5) * (SHARES / ranks.shape[1]), dtype=np.int32)


def order(values: np.ndarray) -> np.ndarray:
    """Return the place of each value among the distinct values of its unit, from 0 for the smallest.

    The ranks within any part of the time steps follow from it without sorting again. Sorting is what takes time.

    Returns
    -------
    numpy.ndarray
        Shape: (unit, time), int32.
    """
    levels = np.empty(values.shape, dtype=np.int32)
    for unit, row in enumerate(values):  # row by row, so that a row is still in the cache when it is used again
        sorted_at = np.argsort(row)
        ascending = row[sorted_at]
        levels[unit, sorted_at] = np.append(0, np.cumsum(ascending[1:] != ascending[:-1]))
    return levels


def ranked(levels: np.ndarray) -> np.ndarray:
    """Return ranks from 1 on, where equal values share their mean rank.

    It gives the same as scipy.stats.rankdata(levels, axis=1), but faster.

    Parameters
    ----------
    levels
        As ``order`` gives them, or some of their time steps. Shape: (unit, time).
    """
    ranks = np.empty(levels.shape, dtype=np.float32)
    for unit, level in enumerate(levels):
        counts = np.bincount(level)
        ranks[unit] = (counts.cumsum() - (counts - 1) / 2)[level]
    return ranks


def direction(values: np.ndarray) -> np.ndarray:
    """Return each row with its mean subtracted and scaled to length 1, float32; NaN if it is constant."""
    values = np.asarray(values, dtype=np.float32)
    centred = values - values.mean(axis=-1, keepdims=True, dtype=np.float64).astype(np.float32)
    length = np.sqrt(np.einsum("...t,...t->...", centred, centred))[..., None]
    with np.errstate(invalid="ignore"):
        return np.asarray(centred / length)  # 0 / 0 for a constant row: its mean is exactly its value
