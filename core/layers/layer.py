"""A cell with its weights, run along time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.cells import Cell, Step, free

StepFunction = Callable[[Tensor, Any], Step]

Hold = Callable[[str, Tensor], Tensor]
"""A function of a signal's name and values that returns the values to use. Shape: (example, unit) to the same."""

Holds = Callable[[int], Hold]
"""A function that returns the hold of one layer at a time step, given the number of that step."""

KERNELS: Mapping[str, Callable[..., Any]] = {"RNN": torch.rnn_tanh, "LSTM": torch.lstm, "GRU": torch.gru}
"""Torch's fused kernels, by the name of the module that calls them."""


class Unrolled(NamedTuple):
    """The results of a step at all time steps.

    Attributes
    ----------
    outputs
        Shape: (example, time, unit).
    state
        The state after the last time step.
    signals
        By name. Shape of each: (example, time, unit).
    """

    outputs: Tensor
    state: Any
    signals: dict[str, Tensor]


def unroll(step: StepFunction, inputs: Tensor, state: Any, mask: Tensor | None = None) -> Unrolled:
    """Apply ``step`` at every time step, each time to the state after the step before.

    s_t = step(x_t, s_{t-1}),  t = 1 ... T

    Parameters
    ----------
    step
        Any callable (x, state) -> Step: a cell, a stack, an attention decoder, a network fed with its own output.
    inputs
        Shape: (example, time, feature), with T >= 1.
    mask
        Where it is False, the state stays as it was. Shape: (example, time), bool.
    """
    steps: list[Step] = []
    for time, x in enumerate(inputs.unbind(1)):
        steps.append(step(x, state))
        state = steps[-1].state if mask is None else renewed(state, steps[-1].state, mask[:, time])
    signals = {name: torch.stack([one.signals[name] for one in steps], dim=1) for name in steps[0].signals}
    return Unrolled(torch.stack([one.output for one in steps], dim=1), state, signals)


def renewed(old: Any, new: Any, where: Tensor) -> Any:
    """Return a state that is ``new`` for the examples that ``where`` marks, and ``old`` for the others.

    ``where`` has the shape (example,). A state is a nested tuple of tensors.
    """
    if isinstance(old, Tensor):
        return torch.where(where.view(-1, *(1,) * (old.dim() - 1)), new, old)
    parts = [renewed(one, other, where) for one, other in zip(old, new, strict=True)]
    return type(old)(*parts) if hasattr(old, "_fields") else tuple(parts)


def detached(state: Any) -> Any:
    """Return a state, a nested tuple of tensors, without its gradient."""
    if isinstance(state, Tensor):
        return state.detach()
    parts = [detached(one) for one in state]
    return type(state)(*parts) if hasattr(state, "_fields") else tuple(parts)


class Layer(NamedTuple):
    """One direction of one layer: a cell and its weights, by the cell's own names for them."""

    cell: Cell
    weights: Mapping[str, Tensor]

    def initial_state(self, examples: int) -> Any:
        """Return the state before the first time step: zeros, unless the cell has another one."""
        hidden = self.weights["weight_hh"]
        return self.cell.initial_state(hidden.new_zeros(examples, hidden.shape[1]))

    def project(self, inputs: Tensor) -> Tensor:
        """Return what the inputs add to every pre-activation. Shape: (..., feature) to (..., block * unit)."""
        return self.cell.project(self.weights, inputs)

    def advance(self, from_input: Tensor, state: Any, hold: Hold = free) -> Step:
        """Take one time step from a projected input."""
        return self.cell.advance(self.weights, from_input, state, hold)

    def step(self, x: Tensor, state: Any, hold: Hold = free) -> Step:
        """Take one time step. Shape of ``x``: (example, feature)."""
        return self.advance(self.project(x), state, hold)

    def run(
        self, inputs: Tensor, state: Any, holds: Holds | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Any]:
        """Return the outputs and the last state, from torch's fused kernel where possible.

        Parameters
        ----------
        mask
            False after the end of a shorter example. Its last state is the one at its end. An example may be empty; its
            last state is then its first one. Shape: (example, time), bool.

        Returns
        -------
        tuple
            The outputs, of the shape (example, time, unit), and the state.
        """
        if self._readable(holds):
            step = self._stepping(holds)
            unrolled = unroll(lambda x, old: step(x, old)._replace(signals={}), self.project(inputs), state, mask)
            return unrolled.outputs, unrolled.state
        return self._fused(inputs, state, mask)

    def trace(self, inputs: Tensor, state: Any, holds: Holds | None = None, mask: Tensor | None = None) -> Unrolled:
        """Return the same with all signals, faster where nothing is held and nothing is masked.

        In that case the fused kernel gives the hidden state at every time step. The cell's own step then has nothing to
        wait for and is computed for all time steps at once.
        """
        if self._readable(holds) or mask is not None:
            return unroll(self._stepping(holds), self.project(inputs), state, mask)
        outputs, ended = self._fused(inputs, state, None)
        hidden = torch.cat([state.hidden[:, None], outputs[:, :-1]], dim=1)
        from_input, from_hidden = self.project(inputs), self.cell.recur(self.weights, hidden)
        before = self.cell.before(from_input, from_hidden, hidden, state)
        at_once = type(state)(*(part.flatten(0, 1) for part in before))
        step = self.cell.step(self.weights, from_input.flatten(0, 1), from_hidden.flatten(0, 1), at_once, free)
        signals = {name: signal.reshape(*outputs.shape[:2], -1) for name, signal in step.signals.items()}
        return Unrolled(outputs, ended, signals)

    def _readable(self, holds: Holds | None) -> bool:
        """Whether the cell's own step must be used: no signal can be held in a kernel, and vmap has no rule for it."""
        return self.cell.fused is None or holds is not None or torch._C._are_functorch_transforms_active()

    def _stepping(self, holds: Holds | None) -> StepFunction:
        """Return a step function of projected inputs; its first call is the first time step, and so on."""
        if holds is None:
            return self.advance
        times = count()
        return lambda x, state: self.advance(x, state, holds(next(times)))

    def _fused(self, inputs: Tensor, state: Any, mask: Tensor | None) -> tuple[Tensor, Any]:
        # Torch has a layer axis in front of each part of the state, and no tuple around a single part.
        parts = tuple(part[None] for part in state)
        started = parts if len(parts) > 1 else parts[0]
        kernel, weights = KERNELS[str(self.cell.fused)], list(self.weights.values())
        if mask is None:
            outputs, *ended = kernel(inputs, started, weights, True, 1, 0.0, True, False, True)
            return outputs, type(state)(*(part[0] for part in ended))
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(inputs, lengths.clamp(min=1), batch_first=True, enforce_sorted=False)
        order, back = packed.sorted_indices, packed.unsorted_indices
        started = tuple(part[:, order] for part in parts)
        started = started if len(parts) > 1 else started[0]
        values, *ended = kernel(packed.data, packed.batch_sizes, started, weights, True, 1, 0.0, True, False)
        outputs, _ = pad_packed_sequence(packed._replace(data=values), batch_first=True, total_length=inputs.shape[1])
        return outputs, renewed(state, type(state)(*(part[0, back] for part in ended)), lengths > 0)
