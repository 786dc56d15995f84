"""Say after a whole sequence its least and its largest number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.choices.allowed import Range
from core.choices.options import option
from core.media import Numbers
from core.tasks import Batch, Pattern, Task, tasks

if TYPE_CHECKING:
    from torch import Generator


@tasks.register
@dataclass(frozen=True)
class Extremes(Task):
    """Inputs: (example, time, 1), numbers from U(0, 1). Targets: (example, 2), the least and the largest of them.

    steps : time steps
    """

    steps: int = option(6, Range(2, 100))

    pattern = Pattern.MANY_TO_ONE
    network = "recurrent"
    reads = Numbers.kind
    says = Numbers.kind
    windowed = False
    unit = "mean squared error"

    inputs = Numbers(("number",))
    outputs = Numbers(("least", "largest"))

    def lengths(self, window: int) -> tuple[int, int]:
        return self.steps, 1

    def held_out_steps(self) -> int:
        return 100 * self.steps

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        import torch

        while True:
            numbers = torch.rand(size, self.steps, 1, generator=generator)
            targets = torch.cat([numbers.amin(dim=1), numbers.amax(dim=1)], dim=1)
            yield Batch(numbers, targets, torch.ones(size, dtype=torch.bool))

    def held_out(self, window: int) -> Iterator[Batch]:
        import torch

        yield next(self.batches(100, window, torch.Generator().manual_seed(2**31)))

    def baseline(self) -> float:
        """Of always saying the means: the variance of an extreme of so many U(0, 1)."""
        return self.steps / ((self.steps + 1) ** 2 * (self.steps + 2))
