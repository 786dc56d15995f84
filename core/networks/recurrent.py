"""A stack of cells and its readout, which gives an output at every time step or once after the last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cells import Step, Weights
from core.layers import Linear
from core.layers.stack import NOTHING_HELD, Held, Site, Stack, State
from core.networks import Arrangement, Batch, Effort, Pattern, Traced, networks
from core.signals import Signal

if TYPE_CHECKING:
    import numpy as np
    import xarray
    from torch import Tensor

    from core.layers.layer import Hold, Layer


@networks.register
@dataclass(frozen=True)
class Recurrent(Arrangement):
    """y_t = W_hy h_t + b_y at every time step, or y = W_hy h_T + b_y after the last.

    If the network reads in both directions, h_t is the forward state at t concatenated with the backward one. For the
    output after the last time step, each direction gives the state in which it ended. The backward state begins from
    zero at the end of every batch.
    """

    patterns = frozenset({Pattern.MANY_TO_MANY, Pattern.MANY_TO_ONE})
    shows_cells = True

    @property
    def stack(self) -> Stack:
        """The layers of cells."""
        plan = self.plan
        return Stack(plan.cell, plan.inputs.size, plan.hidden_size, plan.layer_count, plan.direction)

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Return the one stack there is."""
        return {"": self.stack}

    @property
    def readout(self) -> Linear:
        """What turns the hidden states of the last layer into predictions."""
        return Linear("readout", self.stack.output_size, self.plan.outputs.size)

    @property
    def parts(self) -> tuple[Stack, Linear]:
        """Everything with weights, in the order in which they are drawn."""
        return self.stack, self.readout

    @property
    def signals(self) -> Mapping[str, Signal]:
        """The signals of the cell, in the order in which it computes them."""
        return self.plan.cell.signals

    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one example with ``read`` time steps of input and ``said`` time steps of output."""
        stack, readout = self.stack, self.readout
        matrices = sum(shape[0] * shape[1] for shape in stack.shapes().values() if len(shape) == 2)
        steps = read * stack.layer_count * stack.direction_count
        kept = 5 * len(stack.cell.blocks) * stack.hidden_size * steps + 4 * read * stack.input_size
        return Effort(
            steps=steps * (1 if stack.cell.fused else UNFUSED),
            multiplications=read * matrices + said * readout.inputs * readout.outputs,
            numbers=kept + 8 * said * readout.outputs,
        )

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, State]:
        """Return what the readout reads, and the state from which the next batch goes on; see the base class."""
        inputs, mask = self.plan.inputs.encode(batch.inputs), batch.input_mask
        state = self.initial_state(weights, len(inputs)) if state is None else state
        if window is not None and inputs.shape[1] > window and self.plan.direction == "forward":
            if held:
                raise ValueError("nothing can be held while a sequence is read in windows")
            read = self._read_in_windows if self._always else self._read_before_the_window
            return read(weights, inputs, mask, state, window)
        outputs, state = self.stack.run(weights, inputs, state, held, mask)
        return self._asked(outputs, mask), self._carried(weights, state)

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
        """Return the predictions, the state after the last time step, and every signal that ``keep`` names."""
        inputs = self.plan.inputs.encode(batch.inputs)
        state = self.initial_state(weights, len(inputs)) if state is None else state
        traced = self.stack.trace(weights, inputs, state, held, batch.input_mask, keep)
        asked = self._asked(traced.outputs, batch.input_mask)
        return Traced(self.read(weights, asked), self._carried(weights, traced.state), traced.signals)

    def initial_state(self, weights: Weights, examples: int | Mapping[int, int]) -> State:
        """Return zeros for the state before the first time step, by layer and direction."""
        return self.stack.initial_state(weights, examples)

    def recurrent(self) -> tuple[str, ...]:
        """Return the names of the matrices that lead from one time step to the next."""
        return self.stack.recurrent()

    def layer(self, weights: Weights, site: Site) -> Layer:
        """Return the cell at ``site`` with its weights."""
        return self.stack.layers(weights)[site.layer][site.direction]

    def read_by(self, trace: xarray.Dataset, site: Site, time: int, example: int) -> np.ndarray:
        """Return what the cell at ``site`` reads: an input, or the states of the layer below. Shape: (feature,)."""
        import torch

        if site.layer:
            below = trace["hidden_state"].isel(layer=site.layer - 1, example=example, time=time)
            return below.transpose("direction", "unit").to_numpy().reshape(-1)
        given = torch.from_numpy(trace["input"].isel(example=[example], time=[time]).to_numpy())
        return self.plan.inputs.encode(given)[0, 0].numpy()

    @property
    def writes(self) -> bool:
        """Whether each output can be read as the next input: one at every time step, and nothing is read backward."""
        return self._always and self.plan.direction == "forward" and self.plan.inputs == self.plan.outputs

    def begin(self, weights: Weights, batch: Batch, examples: int, held: Held = NOTHING_HELD) -> State:
        """Return the state from which ``examples`` sequences are generated: zeros."""
        return self.initial_state(weights, examples)

    def write(self, weights: Weights, x: Tensor, state: Any, holds: Mapping[Site, Hold]) -> Step:
        """Take one time step of generation from ``x``, the last output. Shape of ``x``: (example, feature)."""
        inside = self.stack.step(weights, x, state, holds)
        return inside._replace(output=self.readout(weights, inside.output))

    @property
    def _always(self) -> bool:
        """Whether there is an output at every time step."""
        return self.plan.pattern is Pattern.MANY_TO_MANY

    def _read_in_windows(
        self, weights: Weights, inputs: Tensor, mask: Tensor | None, state: State, window: int
    ) -> tuple[Tensor, State]:
        """Read one window after the other; the gradient stays within each. The first may be shorter than the others."""
        import torch

        from core.layers.layer import detached

        length, outputs = inputs.shape[1], []
        ends = range((length - 1) % window + 1, length + 1, window)
        for begin, end in zip((0, *ends), ends, strict=False):
            asked = None if mask is None else mask[:, begin:end]
            start = detached(state) if begin else state
            said, state = self.stack.run(weights, inputs[:, begin:end], start, mask=asked)
            outputs.append(said)
        return torch.cat(outputs, dim=1), state

    def _read_before_the_window(
        self, weights: Weights, inputs: Tensor, mask: Tensor | None, state: State, window: int
    ) -> tuple[Tensor, State]:
        """Read each example without a gradient up to its last ``window`` time steps, and these with one."""
        import torch

        earlier, latest, before, within = inputs[:, :-window], inputs[:, -window:], None, None
        if mask is not None:
            lengths, steps = mask.sum(dim=1, keepdim=True), torch.arange(window)
            first = (lengths - window).clamp(min=0)
            latest = inputs.gather(1, (first + steps)[..., None].expand(-1, -1, inputs.shape[2]))
            before, within = torch.arange(earlier.shape[1]) < first, steps < lengths - first
        with torch.no_grad():
            _, state = self.stack.run(weights, earlier, state, mask=before)
        outputs, state = self.stack.run(weights, latest, state, mask=within)
        return self._asked(outputs, within), state

    def _asked(self, outputs: Tensor, mask: Tensor | None) -> Tensor:
        """Return every output, or where each direction ended: forward at the last time step, backward at the first."""
        import torch

        if self._always:
            return outputs
        size = self.plan.hidden_size
        ends = torch.full((len(outputs),), outputs.shape[1]) if mask is None else mask.sum(dim=1)
        forward = outputs[torch.arange(len(outputs)), ends - 1, :size]
        return torch.cat([forward, outputs[:, 0, size:]], dim=1)

    def _carried(self, weights: Weights, state: State) -> State:
        """Return the state from which the next batch begins: the backward direction starts from zero."""
        fresh = self.initial_state(weights, len(state[0][0].hidden)) if self.plan.direction == "both" else state
        return tuple((forward, *new[1:]) for (forward, *_), new in zip(state, fresh, strict=True))


UNFUSED = 4
"""Without a fused kernel, a time step takes this many times as long: measured with a peephole LSTM, 32 to 128 units."""
