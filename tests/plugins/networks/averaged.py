"""What is said depends on the mean of everything that was read so far: a bag of inputs, without recurrence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cells import Weights
from core.choices.allowed import Range
from core.choices.options import option
from core.layers import Linear, Part
from core.layers.stack import NOTHING_HELD, Held
from core.networks import Arrangement, Batch, Effort, Pattern, Traced, networks
from core.signals import Role, Signal

if TYPE_CHECKING:
    from torch import Tensor


@networks.register
@dataclass(frozen=True)
class Averaged(Arrangement):
    """y_t = W tanh(V mean_{s <= t} x_s). gain : of the mean."""

    gain: float = option(1.0, Range(0.1, 10, whole=False))

    patterns = frozenset({Pattern.MANY_TO_MANY})
    settings = frozenset({"hidden_size"})
    signals = {"mean": Signal(r"\bar h_t", r"\tanh(V \bar x_t)", Role.CANDIDATE, axes=("example", "time", "unit"))}

    @property
    def inner(self) -> Linear:
        return Linear("inner", self.plan.inputs.size, self.plan.hidden_size)

    @property
    def readout(self) -> Linear:
        return Linear("readout", self.plan.hidden_size, self.plan.outputs.size)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.inner, self.readout

    def effort(self, read: int, said: int) -> Effort:
        return Effort(1, read * self.inner.inputs * self.inner.outputs, 4 * read * self.inner.outputs)

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        import torch

        inputs = self.plan.inputs.encode(batch.inputs)
        so_far = torch.arange(1, inputs.shape[1] + 1)[:, None]
        return self.inner(weights, self.gain * inputs.cumsum(dim=1) / so_far).tanh(), ()

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        return self.readout(weights, outputs)

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        means, _ = self.run(weights, batch)
        return Traced(self.read(weights, means), (), {"mean": means})
