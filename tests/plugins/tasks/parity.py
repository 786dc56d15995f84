"""Say at every time step whether the ones so far are even or odd in number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.choices.allowed import Range
from core.choices.options import option
from core.media import Symbols
from core.tasks import Batch, Pattern, Task, tasks

if TYPE_CHECKING:
    from torch import Generator


@tasks.register
@dataclass(frozen=True)
class Parity(Task):
    """Inputs: (example, time), 0 or 1. Targets: (example, time), even or odd. The two sides have other symbols.

    bits : time steps
    """

    bits: int = option(12, Range(2, 100))

    pattern = Pattern.MANY_TO_MANY
    network = "recurrent"
    reads = Symbols.kind
    says = Symbols.kind
    unit = "nats"

    inputs = Symbols(("0", "1"))
    outputs = Symbols(("even", "odd", "unsure"))

    def lengths(self, window: int) -> tuple[int, int]:
        return self.bits, self.bits

    def held_out_steps(self) -> int:
        return 100 * self.bits

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        import torch

        while True:
            bits = torch.randint(2, (size, self.bits), generator=generator)
            yield Batch(bits, bits.cumsum(dim=1) % 2, torch.ones(size, dtype=torch.bool))

    def held_out(self, window: int) -> Iterator[Batch]:
        import torch

        yield next(self.batches(100, window, torch.Generator().manual_seed(2**31)))

    def baseline(self) -> float:
        """Of a fair coin, but for the first step, which is the bit itself."""
        import math

        return math.log(2) * (1 - 1 / self.bits)
