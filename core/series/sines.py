"""Three sines of unrelated periods, with noise: a weighted sum of the past predicts them well."""

import numpy as np
from numpy.typing import NDArray

from core.series import series

PERIODS = (11.0, 17.3, 29.7)
NOISE = 0.1


@series.register
def generate(length: int, seed: int) -> NDArray[np.float64]:
    """x_t = sum_k sin(2 pi t / p_k + phase_k) + noise of standard deviation 0.1."""
    generator = np.random.default_rng(seed)
    time, phases = np.arange(length), generator.uniform(0, 2 * np.pi, len(PERIODS))
    waves = [np.sin(2 * np.pi * time / period + phase) for period, phase in zip(PERIODS, phases, strict=True)]
    return np.asarray(np.sum(waves, axis=0) + NOISE * generator.normal(size=length))
