"""The logistic map, chaos in one equation: a small network predicts it, but no weighted sum of the past does.

Source: May (1976), Simple mathematical models with very complicated dynamics, Nature 261.
"""

import numpy as np
from numpy.typing import NDArray

from core.series import series

RATE = 3.9


@series.register
def generate(length: int, seed: int) -> NDArray[np.float64]:
    """x_{t+1} = 3.9 x_t (1 - x_t), from a start in (0.1, 0.9)."""
    values = np.empty(length)
    value = np.random.default_rng(seed).uniform(0.1, 0.9)
    for time in range(length):
        values[time] = value
        value = RATE * value * (1 - value)
    return values
