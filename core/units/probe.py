"""What all units together know of a concept: a regularised linear reading of them, beside the single best one."""

import numpy as np

from core.concepts import Kind
from core.units.scores import auroc, order, pearson, ranked

FITTED = 1_000
"""Characters that the probe is fitted on, evenly spread over the first half of a text."""

RIDGE = (1, 30, 1_000)
INVERSE_PENALTY = 0.01
"""A fixed one: choosing it by cross-validation takes six times as long."""


def probe(first: np.ndarray, known: np.ndarray, second: np.ndarray, asked: np.ndarray, kind: Kind) -> float:
    """Return the score of a linear probe on text that it was not fitted on: r, or AUROC of a binary concept.

    The probe is ridge regression, its penalty chosen by leave-one-out error, or for a binary concept logistic
    regression with a fixed penalty. Each unit is first brought to mean 0 and standard deviation 1.

    Parameters
    ----------
    first, second
        Both halves, the scored time steps only. Shape of each: (unit, time).
    known, asked
        Their labels. Shape of each: (time,).

    Notes
    -----
    Source: Alain and Bengio (2016), Understanding intermediate layers using linear classifier probes.
    """
    from sklearn.linear_model import LogisticRegression, RidgeCV  # a page that names a finding must not wait for it

    chosen = np.linspace(0, len(known) - 1, min(FITTED, len(known))).astype(int)
    sample, labels = first[:, chosen], known[chosen]
    if np.ptp(labels) == 0:
        return float("nan")
    mean, spread = sample.mean(axis=1, keepdims=True), sample.std(axis=1, keepdims=True)
    spread[spread == 0] = 1
    if kind is Kind.BINARY:
        classes = LogisticRegression(C=INVERSE_PENALTY, tol=1e-2).fit(((sample - mean) / spread).T, labels)
        weights = classes.coef_
    else:
        weights = RidgeCV(RIDGE).fit(((sample - mean) / spread).T, labels).coef_[None]
    # Less the mean: the weight of a unit that hardly ever varies is huge, and its constant would swallow all others.
    told = (weights / spread.T).astype(np.float32) @ (second - mean)
    return float(auroc(ranked(order(told)), asked)[0] if kind is Kind.BINARY else pearson(told, asked)[0])
