"""Running a step along time, and stacking cells."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

import torch
from torch import Generator, Tensor, nn

from core.cells.cell import Cell, Hold, Step, free

StepFunction = Callable[[Tensor, Any], Step]
State = tuple[Any, ...]
"""The states of a stack, layer by layer; each a named tuple of tensors (example, unit)."""

Holds = Callable[[int], Hold]
"""The hold of one layer at each time step, by its number."""

Held = Mapping[int, Holds]
"""The layers of a stack that are not left alone."""

NOTHING_HELD: Mapping[int, Any] = {}


class Unrolled(NamedTuple):
    """What a step gave along time.

    outputs : (example, time, unit)
    state : after the last time step
    signals : by name, (example, time, unit) each
    """

    outputs: Tensor
    state: Any
    signals: dict[str, Tensor]


def unroll(step: StepFunction, inputs: Tensor, state: Any) -> Unrolled:
    """Apply ``step`` at every time step, each from the state that the one before left.

    s_t = step(x_t, s_{t-1}),  t = 1 ... T

    step : any callable (x, state) -> Step: a cell, a stack, an attention decoder, a network fed with its own output
    inputs : (example, time, feature), T >= 1
    """
    steps: list[Step] = []
    for x in inputs.unbind(1):
        steps.append(step(x, state))
        state = steps[-1].state
    signals = {name: torch.stack([one.signals[name] for one in steps], dim=1) for name in steps[0].signals}
    return Unrolled(torch.stack([one.output for one in steps], dim=1), state, signals)


def run_layer(cell: Cell, inputs: Tensor, state: Any, holds: Holds | None = None) -> tuple[Tensor, Any]:
    """Outputs (example, time, unit) and last state of one layer, from torch's fused kernel where it can give them."""
    if cell.kernel is None or holds is not None:
        step = _step(cell, holds)
        unrolled = unroll(lambda x, old: step(x, old)._replace(signals={}), cell.project(inputs), state)
        return unrolled.outputs, unrolled.state
    # torch has a layer axis in front of each part of the state, and no tuple around a single part.
    parts = tuple(part[None] for part in state)
    outputs, ended = cell.kernel(inputs, parts if len(parts) > 1 else parts[0])
    return outputs, type(state)(*(part[0] for part in (ended if len(parts) > 1 else (ended,))))


def trace_layer(cell: Cell, inputs: Tensor, state: Any, holds: Holds | None = None) -> Unrolled:
    """One layer along time with all its signals: ``unroll(cell, inputs, state)``, faster where nothing is held.

    The fused kernel gives the hidden state at every time step. The readable step then needs to wait for nothing and
    is taken at all time steps at once.
    """
    if cell.kernel is None or holds is not None:
        return unroll(_step(cell, holds), cell.project(inputs), state)
    outputs, ended = run_layer(cell, inputs, state)
    hidden = torch.cat([state.hidden[:, None], outputs[:, :-1]], dim=1)
    from_input, from_hidden = cell.project(inputs), cell.recur(hidden)
    before = cell.before(from_input, from_hidden, hidden, state)
    at_once = type(state)(*(part.flatten(0, 1) for part in before))
    step = cell.step(from_input.flatten(0, 1), from_hidden.flatten(0, 1), at_once, free)
    signals = {name: signal.reshape(*outputs.shape[:2], -1) for name, signal in step.signals.items()}
    return Unrolled(outputs, ended, signals)


def _step(cell: Cell, holds: Holds | None) -> StepFunction:
    """One time step after the other from a projected input: the first call is the first time step."""
    if holds is None:
        return cell.advance
    times = count()
    return lambda x, state: cell.advance(x, state, holds(next(times)))


class Stack(nn.Module):
    """Layers of one kind of cell; each reads the hidden state of the one below. A stack is itself a cell.

    Its parameters carry torch's names (``weight_ih_l0`` ...), so that its ``state_dict`` loads into ``nn.RNN``,
    ``nn.LSTM`` or ``nn.GRU`` of the same size and back.
    """

    def __init__(self, cell: type[Cell], input_size: int, hidden_size: int, layer_count: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        # A tuple and not a ModuleList: torch then lists every parameter once, under the name that its own modules use.
        self.layers = tuple(cell(hidden_size if layer else input_size, hidden_size) for layer in range(layer_count))
        for layer, one in enumerate(self.layers):
            for name, parameter in one.named_parameters():
                self.register_parameter(f"{name}_l{layer}", parameter)

    def initialise(self, generator: Generator) -> None:
        """Draw the weights of every layer."""
        for layer in self.layers:
            layer.initialise(generator)

    def initial_state(self, batch_size: int) -> State:
        """One state per layer."""
        return tuple(layer.initial_state(batch_size) for layer in self.layers)

    def forward(self, x: Tensor, state: State, held: Mapping[int, Hold] = NOTHING_HELD) -> Step:
        """One time step through all layers. Shape of each signal: (example, layer, unit)."""
        steps: list[Step] = []
        for layer, (cell, old) in enumerate(zip(self.layers, state, strict=True)):
            steps.append(cell(x, old, held.get(layer, free)))
            x = steps[-1].output
        signals = {name: torch.stack([one.signals[name] for one in steps], dim=1) for name in steps[0].signals}
        return Step(x, tuple(one.state for one in steps), signals)

    def run(self, inputs: Tensor, state: State, held: Held = NOTHING_HELD) -> tuple[Tensor, State]:
        """Outputs of the last layer (example, time, unit), and the states after the last time step.

        A layer that is held may begin to tell examples apart: one example below it, a state of many in it and above.
        """
        ended = []
        for layer, (cell, old) in enumerate(zip(self.layers, state, strict=True)):
            inputs, new = run_layer(cell, inputs, old, held.get(layer))
            ended.append(new)
        return inputs, tuple(ended)

    def trace(self, inputs: Tensor, state: State, held: Held = NOTHING_HELD) -> Unrolled:
        """``unroll(self, inputs, state)``, layer after layer. Shape of each signal: (example, time, layer, unit).

        Examples as in ``run``.
        """
        layers: list[Unrolled] = []
        for layer, (cell, old) in enumerate(zip(self.layers, state, strict=True)):
            layers.append(trace_layer(cell, inputs, old, held.get(layer)))
            inputs = layers[-1].outputs
        shape = inputs.shape[0], -1, -1
        signals = {
            name: torch.stack([one.signals[name].expand(shape) for one in layers], dim=2) for name in layers[0].signals
        }
        return Unrolled(inputs, tuple(one.state for one in layers), signals)
