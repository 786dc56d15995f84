"""A square wave: up for seven steps, down for seven."""

import numpy as np
from numpy.typing import NDArray

from core.series import series


@series.register
def generate(length: int, seed: int) -> NDArray[np.float64]:
    """x_t = 1 for the first seven of fourteen steps, else -1."""
    return np.where((np.arange(length) + seed) // 7 % 2 == 0, 1.0, -1.0)
