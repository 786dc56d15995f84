"""Say after a whole sentence whether one or many are spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from core.choices.allowed import Range
from core.choices.options import option
from core.media import Symbols
from core.tasks import Batch, Pattern, Task, indices, tasks

if TYPE_CHECKING:
    from torch import Generator

    from core.tasks import Answer

NOUNS = ("cat", "dog", "bird", "tree")


@tasks.register
@dataclass(frozen=True)
class Plural(Task):
    """Inputs: (example, time) letters, padded. Targets: (example,), singular or plural: of the noun that comes first.

    places : how many nouns follow it
    """

    places: int = option(1, Range(0, 2))

    pattern = Pattern.MANY_TO_ONE
    network = "recurrent"
    reads = Symbols.kind
    says = Symbols.kind
    windowed = False
    unit = "nats"

    inputs = Symbols(("?", *sorted(set("the near " + "s".join(NOUNS)))))
    outputs = Symbols(("singular", "plural"))

    def lengths(self, window: int) -> tuple[int, int]:
        return len(" near ".join(["the birds"] * (1 + self.places))), 1

    def held_out_steps(self) -> int:
        return 100 * self.lengths(0)[0]

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        import torch

        nouns = [f"the {noun}{ending}" for noun, ending in product(NOUNS, ("", "s"))]
        while True:
            chosen = torch.randint(len(nouns), (size, 1 + self.places), generator=generator)
            read = [indices(" near ".join(nouns[one] for one in row), self.inputs.names) for row in chosen.tolist()]
            lengths = torch.tensor([len(one) for one in read])
            mask = torch.arange(int(lengths.max())) < lengths[:, None]
            letters = torch.zeros(mask.shape, dtype=torch.long)
            letters[mask] = torch.tensor([letter for one in read for letter in one])
            yield Batch(letters, chosen[:, 0] % 2, torch.ones(size, dtype=torch.bool), input_mask=mask)

    def held_out(self, window: int) -> Iterator[Batch]:
        import torch

        yield next(self.batches(100, window, torch.Generator().manual_seed(2**31)))

    def baseline(self) -> float:
        """Of a fair coin."""
        import math

        return math.log(2)

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return ``exact_match``: the share of the held-out sentences that are told right."""
        batch = next(self.held_out(0))
        return {"exact_match": float((answer(batch, 1)[:, 0] == batch.targets).double().mean())}
