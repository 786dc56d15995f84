"""What all units together know of a concept: a regularised linear reading of them, beside the single best one."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from core.concepts import Kind
from core.units.scores import auroc, order, pearson, ranked

FITTED = 1_000
"""Characters that the probe is fitted on, evenly spread over the first half of a text."""

RIDGE = (1, 30, 1_000)
INVERSE_PENALTY = 0.01
"""A fixed one: choosing it by cross-validation takes six times as long."""

NEWTON_STEPS = 30
NEWTON_RESTS = 1e-8
"""The largest change of a logit after which the regression is done."""

SMALLEST = 1e-10
"""Share of the largest variance below which a direction of the units is none."""

Blocks = Callable[[], Iterable[tuple[slice, NDArray[np.floating], NDArray[np.floating]]]]
"""Goes through all units anew: which they are, and (unit, time) of the first and of the second half."""


def probe(first: np.ndarray, known: np.ndarray, second: np.ndarray, asked: np.ndarray, kind: Kind) -> float:
    """``probe_in_blocks`` of units that are all at hand.

    first, second : (unit, time) of both halves, the scored time steps only;  known, asked : (time,) their labels
    """
    return probe_in_blocks(lambda: [(slice(0, len(first)), first, second)], len(first), known, asked, kind)


def probe_in_blocks(blocks: Blocks, units: int, known: np.ndarray, asked: np.ndarray, kind: Kind) -> float:
    """The score of a linear probe on text that it was not fitted on: r, or AUROC of a binary concept.

    Ridge regression, its penalty chosen by leave-one-out error, or logistic regression with a fixed one; each unit is
    first brought to mean 0 and standard deviation 1. ``sklearn.linear_model.RidgeCV`` and ``LogisticRegression`` give
    the same.

    blocks : the scored time steps of all units;  known, asked : (time,) labels of both halves

    Source: Alain and Bengio (2016), Understanding intermediate layers using linear classifier probes.
    """
    chosen = np.linspace(0, len(known) - 1, min(FITTED, len(known))).astype(int)
    labels = known[chosen].astype(np.float64)
    if np.ptp(labels) == 0:
        return float("nan")
    sample = np.empty((units, len(chosen)), dtype=np.float32)
    for where, first, _ in blocks():
        sample[where] = first[:, chosen]
    weights, mean = _fitted(sample, labels, kind)
    told = np.zeros((1, len(asked)))
    for where, _, second in blocks():
        # Less the mean: a unit that hardly ever varies has a huge weight, and its constant would swallow all others.
        told += weights[None, where].astype(np.float32) @ (second - mean[where, None])
    told = told.astype(np.float32)
    return float(auroc(ranked(order(told)), asked)[0] if kind is Kind.BINARY else pearson(told, asked)[0])


def _fitted(sample: np.ndarray, labels: np.ndarray, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Weight of each unit as it is, not as it was brought to, and its mean over the sample (unit, time)."""
    mean, spread = sample.mean(axis=1), sample.std(axis=1)
    spread[spread == 0] = 1
    inputs = ((sample - mean[:, None]) / spread[:, None]).astype(np.float64)
    inputs -= inputs.mean(axis=1, keepdims=True)
    directions, variances = _directions(inputs)
    dual = (_logistic if kind is Kind.BINARY else _ridge)(directions, variances, labels)
    return inputs @ dual / spread, mean


def _directions(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """U and S^2 of the singular value decomposition inputs = V S U^T: (time, direction) and (direction,)."""
    if len(inputs) < inputs.shape[1]:
        variances, units = np.linalg.eigh(inputs @ inputs.T)
        kept = variances > SMALLEST * variances[-1]
        return inputs.T @ units[:, kept] / np.sqrt(variances[kept]), variances[kept]
    variances, directions = np.linalg.eigh(inputs.T @ inputs)
    kept = variances > SMALLEST * variances[-1]
    return directions[:, kept], variances[kept]


def _ridge(directions: np.ndarray, variances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Dual weights a, weights = inputs a, for the penalty with the least leave-one-out error.

    e_i = (y_i - (H y)_i) / (1 - H_ii),  H = 1/n + U diag(s^2 / (s^2 + penalty)) U^T
    """
    centred = labels - labels.mean()
    along = directions.T @ centred
    errors, duals = [], []
    for penalty in RIDGE:
        shrunk = variances / (variances + penalty)
        left = centred - directions @ (shrunk * along)
        leverage = 1 / len(labels) + directions**2 @ shrunk
        errors.append(float(np.mean((left / (1 - leverage)) ** 2)))
        duals.append(directions @ (along / (variances + penalty)))
    return np.asarray(duals[int(np.argmin(errors))])


def _logistic(directions: np.ndarray, variances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Dual weights a, weights = inputs a, that minimise |weights|^2 / 2 + C sum(log loss), by Newton's method."""
    inputs = directions * np.sqrt(variances)  # the same distances between time steps, in fewer directions
    weights, intercept = np.zeros(inputs.shape[1]), 0.0
    logits = np.zeros(len(labels))
    for _ in range(NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-logits))
        curved = likely * (1 - likely)
        error = labels - likely
        slope = INVERSE_PENALTY * inputs.T @ error - weights
        bent = INVERSE_PENALTY * (inputs.T * curved) @ inputs + np.eye(len(weights))
        beside = INVERSE_PENALTY * inputs.T @ curved
        alone = INVERSE_PENALTY * curved.sum() + 1e-12
        onto, across = np.linalg.solve(bent, np.stack([slope, beside], axis=1)).T
        shift = (INVERSE_PENALTY * error.sum() - beside @ onto) / (alone - beside @ across)
        step = onto - shift * across
        weights, intercept = weights + step, intercept + shift
        before, logits = logits, inputs @ weights + intercept
        if np.abs(logits - before).max() < NEWTON_RESTS:
            break
    return np.asarray(directions @ (weights / np.sqrt(variances)))
