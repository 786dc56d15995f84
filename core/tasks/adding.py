"""Add two marked numbers: a sequence of random numbers, two of them marked, whose sum is wanted at the end.

Source: Hochreiter and Schmidhuber (1997), experiment 4; with numbers from U(0, 1) and the first mark in the first half
of the sequence, the second in the second, as Le, Jaitly and Hinton (2015), section 4.1.
"""

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

HELD_OUT_SEED = 2**31  # no spec can have this seed
HELD_OUT_BATCHES = 4
HELD_OUT_SIZE = 250


@tasks.register
@dataclass(frozen=True)
class Adding(Task):
    """Inputs: (example, time, 2), the number and its mark (0 or 1). Target: (example,), the sum of the marked two.

    Parameters
    ----------
    length
        Time steps.
    """

    length: int = option(50, Range(4, 400))

    pattern = Pattern.MANY_TO_ONE
    network = "recurrent"
    reads = Numbers.kind
    says = Numbers.kind
    windowed = False
    unit = "mean squared error"

    inputs = Numbers(("number", "mark"))
    outputs = Numbers(("sum",))

    def lengths(self, window: int) -> tuple[int, int]:
        """All of an example, whatever the window; one answer."""
        return self.length, 1

    def held_out_steps(self) -> int:
        """Of all examples of a batch."""
        return HELD_OUT_SIZE * self.length

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield endless batches of ``size`` examples, whatever the window."""
        import torch

        half, fresh = self.length // 2, torch.ones(size, dtype=torch.bool)
        while True:
            numbers = torch.rand(size, self.length, generator=generator)
            first = torch.randint(half, (size, 1), generator=generator)
            second = torch.randint(half, self.length, (size, 1), generator=generator)
            marks = torch.zeros(size, self.length).scatter_(1, torch.cat([first, second], dim=1), 1.0)
            yield Batch(torch.stack([numbers, marks], dim=2), (numbers * marks).sum(dim=1), fresh)

    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield four batches of 250 examples that no seed of a spec can draw."""
        import torch

        endless = self.batches(HELD_OUT_SIZE, window, torch.Generator().manual_seed(HELD_OUT_SEED))
        return (next(endless) for _ in range(HELD_OUT_BATCHES))

    def baseline(self) -> float:
        """Return the loss of always answering 1, the mean: the variance of a sum of two U(0, 1), 2/12."""
        return 1 / 6
