"""Predict at every time step how much a series changes until the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.choices.allowed import Choices, Range
from core.choices.options import option
from core.media import Numbers
from core.once import once
from core.series import series as every_series
from core.tasks import Batch, Pattern, Task, tasks

if TYPE_CHECKING:
    from torch import Generator, Tensor

HELD_OUT_SHARE = 0.25
WARM_UP = 20
"""Time steps at the beginning of an example that do not count: a network that begins from zeros knows nothing yet."""

STRETCH_STEPS = 100
SEED = 0


@tasks.register
@dataclass(frozen=True)
class Forecast(Task):
    """Inputs: (example, time, 1), x_t. Targets: (example, time, 1), x_{t+1} - x_t. In standard deviations of x.

    A network that always outputs 0 forecasts that tomorrow is like today. Its loss is the one to beat.

    Parameters
    ----------
    series
        The name of a registered series.
    length
        How many time steps the series has. The last quarter is held out and never trained on.
    """

    series: str = option("mackey_glass", Choices(every_series.names))
    length: int = option(4_000, Range(500, 50_000))

    pattern = Pattern.MANY_TO_MANY
    network = "recurrent"
    reads = Numbers.kind
    says = Numbers.kind
    foretells = True
    unit = "mean squared error"

    inputs = Numbers(("value",))
    outputs = Numbers(("change",))

    def lengths(self, window: int) -> tuple[int, int]:
        """Return the window twice: its beginning is read too but does not count."""
        return window, window

    def held_out_steps(self) -> int:
        """Return how many time steps all held-out stretches have at most, with the values that are read before each."""
        return int(self.length * HELD_OUT_SHARE) + self.length // STRETCH_STEPS * WARM_UP

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield stretches of the training part, read from a zero state; at most a quarter of each does not count."""
        import torch

        training = self.values[: len(self.values) - self._held_out_length]
        steps = min(window, len(training) - 1)
        while True:
            start = torch.randint(len(training) - steps, (size,), generator=generator).numpy()
            yield _batch(training, start, steps, warm_up=min(WARM_UP, steps // 4))

    def unseen(self, window: int, generator: Generator) -> Batch:
        """Return a stretch of the held-out part."""
        import torch

        held_out = self.values[len(self.values) - self._held_out_length :]
        steps = min(window, len(held_out) - 1)
        start = torch.randint(len(held_out) - steps, (1,), generator=generator).numpy()
        return _batch(held_out, start, steps, warm_up=min(WARM_UP, steps // 4))

    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield one batch: the held-out part in stretches of 100, each read after the 20 values before it."""
        first = len(self.values) - self._held_out_length
        start = np.arange(first, len(self.values) - STRETCH_STEPS, STRETCH_STEPS) - WARM_UP
        yield _batch(self.values, start, WARM_UP + STRETCH_STEPS, warm_up=WARM_UP)

    def baseline(self) -> float:
        """Return the loss of predicting that nothing changes."""
        batch = next(self.held_out(0))
        return float(np.square(np.asarray(batch.targets)[:, WARM_UP:]).mean())

    @property
    def values(self) -> NDArray[np.float32]:
        """The whole series, minus the mean and over the standard deviation of its training part. Shape: (time,)."""
        return _values(self.series, self.length)

    @property
    def _held_out_length(self) -> int:
        return int(self.length * HELD_OUT_SHARE)


@once(megabytes=4)
def _values(name: str, length: int) -> NDArray[np.float32]:
    values = every_series[name](length, SEED)
    training = values[: length - int(length * HELD_OUT_SHARE)]
    return np.asarray((values - training.mean()) / training.std(), dtype=np.float32)


def _batch(values: NDArray[np.float32], start: NDArray[np.integer], steps: int, warm_up: int) -> Batch:
    import torch

    stretch: Tensor = torch.from_numpy(values[start[:, None] + np.arange(steps + 1)])[..., None]
    counted = torch.arange(steps).expand(len(start), -1) >= warm_up
    fresh = torch.ones(len(start), dtype=torch.bool)
    return Batch(stretch[:, :-1], stretch[:, 1:] - stretch[:, :-1], fresh, target_mask=counted)
