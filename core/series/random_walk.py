"""A random walk, like the price of a share: the best forecast of tomorrow is today, and nothing beats it."""

import numpy as np
from numpy.typing import NDArray

from core.series import series


@series.register
def generate(length: int, seed: int) -> NDArray[np.float64]:
    """x_t = x_{t-1} + noise of standard deviation 1."""
    return np.asarray(np.random.default_rng(seed).normal(size=length).cumsum())
