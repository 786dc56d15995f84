"""Say in two words which way a stripe lies in a small picture, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.choices.allowed import Range
from core.choices.options import option
from core.media import Picture, Symbols
from core.tasks import Batch, Pattern, Task, tasks

if TYPE_CHECKING:
    from torch import Generator

    from core.tasks import Answer

SIDE = 12


@tasks.register
@dataclass(frozen=True)
class Stripes(Task):
    """Inputs: (example, 1, 12, 12), black or white. Targets: (example, 3), the way, the half and the end.

    thickness : pixels of the stripe
    """

    thickness: int = option(2, Range(1, 4))

    pattern = Pattern.ONE_TO_MANY
    network = "picture_to_words"
    reads = Picture.kind
    says = Symbols.kind
    windowed = False
    unit = "nats per word"

    inputs = Picture(1, SIDE, SIDE)
    outputs = Symbols((".", "lying", "standing", "first", "second"))

    def lengths(self, window: int) -> tuple[int, int]:
        return 1, 3

    def held_out_steps(self) -> int:
        return 300

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        import torch

        while True:
            way, half = torch.randint(2, (2, size), generator=generator)
            begins = torch.randint(SIDE // 2 - self.thickness + 1, (size,), generator=generator) + half * SIDE // 2
            place = torch.arange(SIDE) - begins[:, None]
            lying = ((place >= 0) & (place < self.thickness)).float()[:, :, None].expand(size, SIDE, SIDE)
            pictures = torch.where(way[:, None, None] == 0, lying, lying.transpose(1, 2))
            targets = torch.stack([1 + way, 3 + half, torch.zeros_like(way)], dim=1)
            yield Batch(pictures[:, None], targets, torch.ones(size, dtype=torch.bool))

    def held_out(self, window: int) -> Iterator[Batch]:
        import torch

        yield next(self.batches(100, window, torch.Generator().manual_seed(2**31)))

    def baseline(self) -> float:
        """Of two fair coins and a certainty."""
        import math

        return 2 * math.log(2) / 3

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return ``exact_match``: the share of the held-out pictures of which everything said is right."""
        batch = next(self.held_out(0))
        return {"exact_match": float((answer(batch, 3) == batch.targets).all(dim=1).double().mean())}
