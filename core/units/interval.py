"""How much the score of every unit would vary between texts of the same kind."""

import numpy as np

from core.concepts import Kind
from core.units.scores import SHARES

RESAMPLES = 1_000
PERCENTILES = (2.5, 97.5)


def intervals(
    values: np.ndarray, labels: np.ndarray, block: np.ndarray, kind: Kind, generator: np.random.Generator
) -> np.ndarray:
    """Return 95 % intervals of the scores of all units.

    They come from 1,000 resampled texts, whose blocks of lines are drawn with replacement. All units share these texts.

    Parameters
    ----------
    values
        Values at the scored time steps. For a binary concept, their shares as ``scores.shared`` gives them: values in
        the same one of 256 shares count as equal, which moves the ends of the interval by less than 0.001. Shape:
        (unit, time).
    labels
        Labels of the same time steps. Shape: (time,).
    block
        Number of the block of each time step, ascending. Shape: (time,).

    Returns
    -------
    numpy.ndarray
        The 2.5th and the 97.5th percentile of r, or of AUROC for a binary concept. NaN for a unit without a score, and
        for all units if there is only one block. Shape: (2, unit).

    Notes
    -----
    A resampled text is represented by how often it contains each block. scipy.stats.bootstrap on the blocks of one unit
    gives the same, more slowly.

    Source: Künsch (1989), The jackknife and the bootstrap for general stationary observations.
    """
    number = np.unique(block, return_inverse=True)[1]
    count = int(number.max()) + 1
    if count < 2:
        return np.full((2, len(values)), np.nan)
    times = generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (_auroc if kind is Kind.BINARY else _pearson)(values, labels, number, times)
        found[values.min(axis=1) == values.max(axis=1)] = np.nan
        return _percentiles(found)


def _percentiles(found: np.ndarray) -> np.ndarray:
    """Return the percentiles of each row over the resampled texts that have a score. Shape: (2, unit).

    A text has no score if, by chance, its labels do not vary.
    """
    told = np.isfinite(found)
    if told.all():
        return np.asarray(np.percentile(found, PERCENTILES, axis=1))
    rows = (row[known] for row, known in zip(found, told, strict=True))
    return np.array([np.percentile(row, PERCENTILES) if len(row) else [np.nan] * 2 for row in rows]).T


def _pearson(values: np.ndarray, labels: np.ndarray, number: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return r of each resampled text, which contains block b ``times[draw, b]`` times. Shape: (unit, draw)."""
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    x, y = values - values.mean(axis=1, keepdims=True), labels - labels.mean()
    sums = (
        np.add.reduceat(one, begins, axis=-1, dtype=np.float64) for one in (np.ones_like(y), x, y, x * x, y * y, x * y)
    )
    n, x, y, xx, yy, xy = (one @ times.T for one in sums)
    return np.asarray((n * xy - x * y) / np.sqrt((n * xx - x**2) * (n * yy - y**2)))


def _auroc(shares: np.ndarray, labels: np.ndarray, number: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return AUROC of these texts, from how often a 1 of one block ranks above a 0 of another. Shape: (unit, draw)."""
    one, size = labels > 0, times.shape[1]
    held = shares + (SHARES * number).astype(np.int32)
    high, low = (held.take(np.flatnonzero(which), axis=1) for which in (one, ~one))
    ones, zeros = (np.bincount(number[which], minlength=size) for which in (one, ~one))
    wins = np.empty((len(shares), size * size), dtype=np.float32)
    for unit in range(len(shares)):
        above, below = (_table(one[unit], size) for one in (high, low))
        wins[unit] = (above @ (below.cumsum(axis=1) - below / 2).T).ravel()
    drawn = (times[:, :, None] * times[:, None, :]).reshape(len(times), -1).astype(np.float32)
    return np.asarray(wins @ drawn.T / ((times @ ones) * (times @ zeros)))


def _table(held: np.ndarray, size: int) -> np.ndarray:
    """Count how often each share occurs in each block. Shape: (block, share) float32."""
    return np.bincount(held, minlength=SHARES * size).reshape(size, -1).astype(np.float32)
