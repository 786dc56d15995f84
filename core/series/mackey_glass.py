"""Mackey and Glass's blood cells: a differential equation with a delay, smooth and chaotic.

Source: Mackey and Glass (1977), Oscillation and chaos in physiological control systems, Science 197.
"""

import numpy as np
from numpy.typing import NDArray

from core.series import series

DELAY, STEPS, SETTLING = 17, 10, 300


@series.register
def generate(length: int, seed: int) -> NDArray[np.float64]:
    """dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x(t), by Euler's method with ten steps to a unit of time."""
    total, delay = (length + SETTLING) * STEPS, DELAY * STEPS
    values = np.empty(total + delay)
    values[:delay] = 1.2 + 0.2 * np.random.default_rng(seed).uniform(-1, 1)
    for time in range(delay, total + delay):
        late, now = values[time - delay], values[time - 1]
        values[time] = now + (0.2 * late / (1 + late**10) - 0.1 * now) / STEPS
    return np.asarray(values[delay + SETTLING * STEPS :: STEPS])
