"""Write a date in the ISO format, character by character, from seven English and Chinese formats.

``March 3, 2021``, ``3/3/2021`` (the day first), ``3 Mar 2021``, ``2021年3月3日``, ``二〇二一年三月三日``,
``民国110年3月3日`` (years counted from 1911) and ``2021.03.03`` all become ``2021-03-03``.

The task does not show why attention is needed, because every answer has only ten characters. It shows where a network
looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.choices.allowed import Choices
from core.choices.options import option
from core.media import Symbols
from core.once import once
from core.tasks import Batch, Pattern, Task, indices, tasks

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from core.tasks import Answer

FIRST_DAY, LAST_DAY = date(1912, 1, 1), date(2049, 12, 31)
POOL, HELD_OUT = 11_000, 1_000
POOL_SEED = 0

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CHINESE_DIGITS = "〇一二三四五六七八九"

UNKNOWN, END = "\ufffd", "∎"
SAID = len("2021-03-03") + 1


def chinese(number: int) -> str:
    """Return a number from 1 to 31 in Chinese: 十, 十一, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" if tens else ""
    return ten + (CHINESE_DIGITS[ones] if ones or not tens else "")


FORMATS: Mapping[str, tuple[Callable[[date], str], ...]] = {
    "english": (
        lambda day: f"{MONTH_NAMES[day.month - 1]} {day.day}, {day.year}",
        lambda day: f"{day.day}/{day.month}/{day.year}",
        lambda day: f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}",
    ),
    "chinese": (
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: (
            "".join(CHINESE_DIGITS[int(one)] for one in str(day.year)) + f"年{chinese(day.month)}月{chinese(day.day)}日"
        ),
        lambda day: f"民国{day.year - 1911}年{day.month}月{day.day}日",
        lambda day: f"{day.year}.{day.month:02}.{day.day:02}",
    ),
}


class Pool(NamedTuple):
    """Examples by number: inputs (example, time) and lengths (example,); targets (example, output time)."""

    inputs: NDArray[np.int64]
    lengths: NDArray[np.int64]
    targets: NDArray[np.int64]


@tasks.register
@dataclass(frozen=True)
class Dates(Task):
    """Inputs: (example, time) indices of characters, padded. Targets: (example, 11), ten characters and an end.

    A day that is held out is never trained on, in any format.

    Parameters
    ----------
    formats
        All formats, or those of one language.
    """

    formats: str = option("all", Choices(lambda: ("all", *FORMATS)))

    pattern = Pattern.SEQUENCE_TO_SEQUENCE
    network = "encoder_decoder"
    reads = Symbols.kind
    says = Symbols.kind
    windowed = False
    unit = "nats per character"

    inputs = Symbols(
        (
            UNKNOWN,
            *sorted(
                {*"0123456789 ,/.年月日民国十", *CHINESE_DIGITS, *(letter for month in MONTH_NAMES for letter in month)}
            ),
        )
    )
    outputs = Symbols((END, "-", *"0123456789"))

    def lengths(self, window: int) -> tuple[int, int]:
        """Return the length of the longest date, and that of an ISO date with its end."""
        return self._pools[0].inputs.shape[1], SAID

    def held_out_steps(self) -> int:
        """Return how many time steps all held-out dates have together, as if each were the longest."""
        return HELD_OUT * self.lengths(0)[0]

    def batches(self, size: int, window: int, generator: Generator) -> Iterator[Batch]:
        """Yield endless batches of ``size`` dates, padded to the longest of each batch."""
        import torch

        while True:
            yield _batch(self._pools[0], torch.randint(POOL, (size,), generator=generator).numpy())

    def held_out(self, window: int) -> Iterator[Batch]:
        """Yield one batch: the 1,000 held-out days, which are never trained on."""
        yield _batch(self._pools[1], np.arange(HELD_OUT))

    def unseen(self, window: int, generator: Generator) -> Batch:
        """Draw one of the held-out days."""
        import torch

        return _batch(self._pools[1], torch.randint(HELD_OUT, (1,), generator=generator).numpy())

    def baseline(self) -> float:
        """Return the cross-entropy if only the place and the symbol before it are known, from counts in the pool.

        p(b | place, a) = (n_ab + 1/2) / (n_a + symbols / 2)
        """
        (training, unseen), size = (one.targets for one in self._pools), self.outputs.size
        counts = np.full((SAID, size, size), 0.5)
        np.add.at(counts, (np.arange(SAID), _said_before(training), training), 1)
        chance = counts / counts.sum(axis=2, keepdims=True)
        return float(-np.log(chance[np.arange(SAID), _said_before(unseen), unseen]).mean())

    def scores(self, answer: Answer) -> dict[str, float]:
        """Return ``exact_match``: the share of the held-out dates that are written without a mistake."""
        batch = next(self.held_out(0))
        right = (answer(batch, SAID).numpy() == self._pools[1].targets).all(axis=1)
        return {"exact_match": float(right.mean())}

    @property
    def _pools(self) -> tuple[Pool, Pool]:
        return _pools(self.formats)


@once(megabytes=16)
def _pools(formats: str) -> tuple[Pool, Pool]:
    """Return the training and the held-out examples, the same ones at every call."""
    ways = [way for name, some in FORMATS.items() for way in some if formats in ("all", name)]
    generator = np.random.default_rng(POOL_SEED)
    days = generator.permutation((LAST_DAY - FIRST_DAY).days + 1)
    unseen, seen = days[:HELD_OUT], generator.choice(days[HELD_OUT:], POOL)
    chosen = generator.integers(len(ways), size=POOL + HELD_OUT)
    every = [FIRST_DAY + timedelta(int(day)) for day in (*seen, *unseen)]
    read = [indices(ways[way](day), Dates.inputs.names) for way, day in zip(chosen, every, strict=True)]
    lengths = np.array([len(one) for one in read])
    inputs = np.zeros((len(read), lengths.max()), dtype=np.int64)
    inputs[np.arange(inputs.shape[1]) < lengths[:, None]] = np.concatenate(read)
    targets = np.array([indices(day.isoformat() + END, Dates.outputs.names) for day in every])
    parts = (slice(POOL), slice(POOL, None))
    training, held_out = (Pool(inputs[part], lengths[part], targets[part]) for part in parts)
    return training, held_out


def _batch(pool: Pool, chosen: NDArray[np.integer]) -> Batch:
    """Return some examples, padded to the longest of them."""
    import torch

    lengths = pool.lengths[chosen]
    mask: Tensor = torch.arange(int(lengths.max())) < torch.from_numpy(lengths)[:, None]
    inputs = torch.from_numpy(pool.inputs[chosen][:, : mask.shape[1]])
    fresh = torch.ones(len(chosen), dtype=torch.bool)
    return Batch(inputs, torch.from_numpy(pool.targets[chosen]), fresh, input_mask=mask)


def _said_before(targets: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return the symbol before each target; before the first one stands the end."""
    return np.concatenate([np.zeros_like(targets[:, :1]), targets[:, :-1]], axis=1)
