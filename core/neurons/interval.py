"""How far the score of one unit would vary with another text of the same kind."""

import numpy as np

from core.concepts import Kind

RESAMPLES = 1_000
PERCENTILES = (2.5, 97.5)


def interval(
    values: np.ndarray, labels: np.ndarray, block: np.ndarray, kind: Kind, generator: np.random.Generator
) -> tuple[float, float]:
    """95 % interval of the score of one unit, from texts drawn with replacement out of the blocks of lines.

    values, labels, block : (time,) of the scored time steps; ``block`` numbers the block of each

    Returns the 2.5th and 97.5th percentile of r, or of AUROC for a binary concept, over 1,000 such texts; NaN where it
    has no score. It counts how often each block is drawn: scipy.stats.bootstrap on the blocks gives the same, slower.

    Source: Künsch (1989), The jackknife and the bootstrap for general stationary observations.
    """
    number = np.unique(block, return_inverse=True)[1]
    count = int(number.max()) + 1
    times = generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (_auroc if kind is Kind.BINARY else _pearson)(values.astype(np.float64), labels, number, times)
    found = found[np.isfinite(found)]
    if count < 2 or not len(found):
        return float("nan"), float("nan")
    low, high = np.percentile(found, PERCENTILES)
    return float(low), float(high)


def _pearson(values: np.ndarray, labels: np.ndarray, number: np.ndarray, times: np.ndarray) -> np.ndarray:
    """r of the text in which block b stands times[draw, b] times, from the sums over each block. Shape: (draw,)."""
    x, y = values - values.mean(), labels - labels.mean()
    sums = (np.bincount(number, weights=one) for one in (np.ones_like(x), x, y, x * x, y * y, x * y))
    n, x, y, xx, yy, xy = (times @ one for one in sums)
    return np.asarray((n * xy - x * y) / np.sqrt((n * xx - x**2) * (n * yy - y**2)))


def _auroc(values: np.ndarray, labels: np.ndarray, number: np.ndarray, times: np.ndarray) -> np.ndarray:
    """AUROC of the same text, from how often a 1 of one block stands above a 0 of another. Shape: (draw,)."""
    one, size = labels > 0, times.shape[1]
    above = np.zeros((size, size))
    for other in range(size):
        zeros = np.sort(values[~one & (number == other)])
        wins = np.searchsorted(zeros, values[one], "left") + np.searchsorted(zeros, values[one], "right")
        above[:, other] = np.bincount(number[one], weights=wins / 2, minlength=size)
    ones, zeros = (np.bincount(number[which], minlength=size) for which in (one, ~one))
    return np.asarray(np.einsum("di,ij,dj->d", times, above, times, optimize=True) / ((times @ ones) * (times @ zeros)))
