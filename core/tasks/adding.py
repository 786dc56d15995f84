"""Add two marked numbers: two numbers of a random sequence are marked, and the target at the end is their sum.

Source: Hochreiter and Schmidhuber (1997), experiment 4. As in Le, Jaitly and Hinton (2015), section 4.1, the numbers
come from U(0, 1), and each half of the sequence has one mark.
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
        How many time steps an example has.
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
        """Return the length of a whole example, whatever the window, and 1 for its one output."""
        return self.length, 1

    def held_out_steps(self) -> int:
        """Return how many time steps all examples of a batch have together."""
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
        """Yield four batches of 250 examples, drawn from a seed that no spec can have."""
        import torch

        endless = self.batches(HELD_OUT_SIZE, window, torch.Generator().manual_seed(HELD_OUT_SEED))
        return (next(endless) for _ in range(HELD_OUT_BATCHES))

    def baseline(self) -> float:
        """Return the loss of always answering the mean, 1: the variance of the sum of two U(0, 1), which is 2/12."""
        return 1 / 6
