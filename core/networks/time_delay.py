"""A time-delay network: the output depends on the latest inputs through one hidden layer, without recurrence.

Source: Lang, Waibel and Hinton (1990), A time-delay neural network architecture for isolated word recognition, Neural
Networks 3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cells import Step, Weights, free
from core.choices.allowed import Range
from core.choices.options import option
from core.layers import Linear, Part
from core.layers.stack import NOTHING_HELD, Held, Site
from core.layers.window import Window
from core.networks import Arrangement, Batch, Effort, Pattern, Traced, networks
from core.signals import Role, Signal

if TYPE_CHECKING:
    from torch import Tensor

    from core.layers.layer import Hold

HIDDEN_LAYER = Signal(
    "h_t",
    r"\tanh\Big(\sum_{k=0}^{K-1} W_k x_{t-k} + b\Big)",
    Role.CANDIDATE,
    axes=("example", "time", "unit"),
)


@networks.register
@dataclass(frozen=True)
class TimeDelay(Arrangement):
    """y_t = W_hy tanh(sum_k W_k x_{t-k} + b) + b_y.

    Parameters
    ----------
    taps
        How many inputs are seen, including the present one.
    """

    taps: int = option(20, Range(1, 64))

    patterns = frozenset({Pattern.MANY_TO_MANY, Pattern.MANY_TO_ONE})
    settings = frozenset({"hidden_size"})

    @property
    def window(self) -> Window:
        """The weighted sums of the latest inputs, one for each unit."""
        return Window("window", self.taps, self.plan.inputs.size, self.plan.hidden_size)

    @property
    def readout(self) -> Linear:
        """What turns the hidden layer into predictions."""
        return Linear("readout", self.plan.hidden_size, self.plan.outputs.size)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""
        return self.window, self.readout

    @property
    def signals(self) -> Mapping[str, Signal]:
        """The hidden layer, the only signal there is."""
        return {"hidden_state": HIDDEN_LAYER}

    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one example with ``read`` time steps of input and ``said`` time steps of output."""
        window, readout = self.window, self.readout
        return Effort(
            steps=2,
            multiplications=read * window.inputs * window.taps * window.outputs
            + said * readout.inputs * readout.outputs,
            numbers=read * (4 * window.outputs + 4 * window.inputs) + 8 * said * readout.outputs,
        )

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return what the readout reads, and the delay line after the last time step. ``window`` has no effect."""
        hidden, line = self._hidden(weights, batch, state, held)
        return self._asked(hidden, batch.input_mask), line

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        """Return the predictions from the outputs of ``run``. Shape: (..., unit) to (..., output)."""
        return self.readout(weights, outputs)

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        """Return the predictions, the delay line after the last time step, and the hidden layer if it is kept."""
        hidden, line = self._hidden(weights, batch, state, held)
        predictions = self.read(weights, self._asked(hidden, batch.input_mask))
        return Traced(predictions, line, {"hidden_state": hidden} if keep is None or "hidden_state" in keep else {})

    def initial_state(self, weights: Weights, examples: int | Mapping[int, int]) -> Any:
        """Return an empty delay line: zeros of the shape (example, ``taps`` - 1, feature)."""
        return (self.window.empty(weights, examples if isinstance(examples, int) else examples[0]),)

    @property
    def writes(self) -> bool:
        """Whether each output can be read as the next input, which takes an output at every time step."""
        return self.plan.pattern is Pattern.MANY_TO_MANY and self.plan.inputs == self.plan.outputs

    def begin(self, weights: Weights, batch: Batch, examples: int, held: Held = NOTHING_HELD) -> Any:
        """Return the empty delay line from which ``examples`` sequences are generated."""
        return self.initial_state(weights, examples)

    def write(self, weights: Weights, x: Tensor, state: Any, holds: Mapping[Site, Hold]) -> Step:
        """Take one time step of generation from ``x``, the last output. Shape of ``x``: (example, feature)."""
        sums, line = self.window(weights, x[:, None], state[0])
        hidden = holds.get(Site(), free)("hidden_state", sums[:, 0].tanh())
        return Step(self.read(weights, hidden), (line,), {"hidden_state": hidden})

    def _hidden(self, weights: Weights, batch: Batch, state: Any, held: Held) -> tuple[Tensor, Any]:
        import torch

        inputs = self.plan.inputs.encode(batch.inputs)
        (line,) = self.initial_state(weights, len(inputs)) if state is None else state
        sums, line = self.window(weights, inputs.expand(len(line), -1, -1), line)
        hidden, holds = sums.tanh(), held.get(Site())
        if holds is not None:
            kept = [holds(time)("hidden_state", one) for time, one in enumerate(hidden.unbind(1))]
            hidden = torch.stack(kept, dim=1)
        return hidden, (line,)

    def _asked(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """Return every time step, or the last one of each example."""
        import torch

        if self.plan.pattern is Pattern.MANY_TO_MANY:
            return hidden
        ends = torch.full((len(hidden),), hidden.shape[1]) if mask is None else mask.sum(dim=1)
        return hidden[torch.arange(len(hidden)), ends - 1]
