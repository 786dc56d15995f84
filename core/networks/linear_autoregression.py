"""A linear autoregression: a weighted sum of the latest inputs, and nothing else.

Source: Yule (1927), On a method of investigating periodicities in disturbed series, Philosophical Transactions A 226.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cells import Weights
from core.choices.allowed import Range
from core.choices.options import option
from core.layers import Part
from core.layers.stack import NOTHING_HELD, Held
from core.layers.window import Window
from core.networks import Arrangement, Batch, Effort, Pattern, Traced, networks
from core.signals import Role, Signal

if TYPE_CHECKING:
    from torch import Tensor

CONTRIBUTION = Signal("A_k x_{t-k}", "A_k x_{t-k}", Role.STATE, axes=("example", "time", "tap", "output"))


@networks.register
@dataclass(frozen=True)
class LinearAutoregression(Arrangement):
    """y_t = sum_k A_k x_{t-k} + b.

    Parameters
    ----------
    taps
        How many inputs are seen, including the present one.
    """

    taps: int = option(20, Range(1, 64))

    patterns = frozenset({Pattern.MANY_TO_MANY})
    settings = frozenset()
    reads = frozenset({"numbers"})

    @property
    def window(self) -> Window:
        """The weighted sums of the latest inputs, one for each output."""
        return Window("window", self.taps, self.plan.inputs.size, self.plan.outputs.size)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""
        return (self.window,)

    @property
    def signals(self) -> Mapping[str, Signal]:
        """What each of the latest inputs adds to each output."""
        return {"contribution": CONTRIBUTION}

    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one example with ``read`` time steps of input and ``said`` time steps of output."""
        window = self.window
        return Effort(
            steps=1,
            multiplications=read * window.inputs * window.taps * window.outputs,
            numbers=4 * read * (window.inputs + window.outputs),
        )

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return the predictions, and the delay line after the last time step. ``window`` has no effect."""
        (line,) = self.initial_state(weights, len(batch.inputs)) if state is None else state
        sums, line = self.window(weights, self.plan.inputs.encode(batch.inputs), line)
        return sums, (line,)

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        """Return ``outputs`` as they are: there is no readout."""
        return outputs

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        """Return the predictions, the delay line and ``contribution``, with the latest input first: tap 0 is x_t."""
        import torch

        state = self.initial_state(weights, len(batch.inputs)) if state is None else state
        predictions, after = self.run(weights, batch, state)
        seen = torch.cat([state[0], self.plan.inputs.encode(batch.inputs)], dim=1).unfold(1, self.taps, 1)
        each = torch.einsum("etfk,ofk->etko", seen, weights["window.weight"]).flip(2)
        return Traced(predictions, after, {"contribution": each})

    def initial_state(self, weights: Weights, examples: int | Mapping[int, int]) -> Any:
        """Return an empty delay line: zeros of the shape (example, ``taps`` - 1, feature)."""
        return (self.window.empty(weights, examples if isinstance(examples, int) else examples[0]),)
