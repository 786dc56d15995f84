"""What all units together know of a concept: a regularised linear probe, to compare with the single best unit."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from core.concepts import Kind
from core.units.scores import auroc, order, pearson, ranked

FITTED = 1_000
"""The most characters that the probe is fitted on, evenly spread over the first half of a text."""

RIDGE = (1, 30, 1_000)
INVERSE_PENALTY = 0.01
"""Of the logistic regression, fixed because choosing the penalty by cross-validation takes six times as long."""

Blocks = Callable[[], Iterable[tuple[slice, NDArray[np.floating], NDArray[np.floating]]]]
"""Goes through all units again: for each block, which they are, and (unit, time) of the first and the second half."""


def probe(first: np.ndarray, known: np.ndarray, second: np.ndarray, asked: np.ndarray, kind: Kind) -> float:
    """Return the score of a linear probe on text that it was not fitted on: r, or AUROC of a binary concept.

    The probe is ridge regression with a penalty chosen by leave-one-out error. For a binary concept it is logistic
    regression with a fixed penalty. Each unit is first standardised to mean 0 and standard deviation 1.

    Parameters
    ----------
    first, second
        Values on both halves, at the scored time steps only. Shape of each: (unit, time).
    known, asked
        Their labels. Shape of each: (time,).

    Notes
    -----
    Source: Alain and Bengio (2016), Understanding intermediate layers using linear classifier probes.
    """
    return probe_in_blocks(lambda: [(slice(0, len(first)), first, second)], len(first), known, asked, kind)


def probe_in_blocks(blocks: Blocks, units: int, known: np.ndarray, asked: np.ndarray, kind: Kind) -> float:
    """Return the score of ``probe`` for units that come in blocks, so that only the fitted sample is held at once.

    Parameters
    ----------
    blocks
        Gives the values of all units at the scored time steps.
    known, asked
        The labels of both halves. Shape of each: (time,).
    """
    chosen = np.linspace(0, len(known) - 1, min(FITTED, len(known))).astype(int)
    labels = known[chosen]
    if np.ptp(labels) == 0:
        return float("nan")
    sample = np.empty((units, len(chosen)), dtype=np.float32)
    for where, first, _ in blocks():
        sample[where] = first[:, chosen]
    weights, mean = _fitted(sample, labels, kind)
    told = np.zeros((1, len(asked)), dtype=np.float32)
    for where, _, second in blocks():
        # Without its mean: a unit that hardly varies has a huge weight, and its constant part would drown all others.
        told += weights[:, where] @ (second - mean[where])
    return float(auroc(ranked(order(told)), asked)[0] if kind is Kind.BINARY else pearson(told, asked)[0])


def _fitted(sample: np.ndarray, labels: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Return the weight of each unit before standardising, (1, unit), and its mean over the sample, (unit, 1)."""
    from sklearn.linear_model import LogisticRegression, RidgeCV  # a page that names a finding must not wait for it

    mean, spread = sample.mean(axis=1, keepdims=True), sample.std(axis=1, keepdims=True)
    spread[spread == 0] = 1
    inputs = ((sample - mean) / spread).T
    if kind is Kind.BINARY:
        weights = LogisticRegression(C=INVERSE_PENALTY, tol=1e-2).fit(inputs, labels).coef_
    else:
        weights = RidgeCV(RIDGE).fit(inputs, labels).coef_[None]
    return (weights / spread.T).astype(np.float32), mean
