"""Running a step along time, and stacking cells."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Generator, Tensor, nn

from core.cell import Cell, Step

StepFunction = Callable[[Tensor, Any], Step]


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
    steps = []
    for x in inputs.unbind(1):
        steps.append(step(x, state))
        state = steps[-1].state
    signals = {name: torch.stack([one.signals[name] for one in steps], dim=1) for name in steps[0].signals}
    return Unrolled(torch.stack([one.output for one in steps], dim=1), state, signals)


class Stack(nn.Module):
    """Layers of one kind of cell; each reads the hidden state of the one below. A stack is itself a cell.

    Its parameters carry torch's names (``weight_ih_l0`` ...), so that its ``state_dict`` loads into ``nn.RNN``,
    ``nn.LSTM`` or ``nn.GRU`` of the same size and back.
    """

    def __init__(self, cell: type[Cell], input_size: int, hidden_size: int, layer_count: int) -> None:
        super().__init__()
        self.cell = cell
        self.layers = tuple(cell(input_size if layer == 0 else hidden_size, hidden_size) for layer in range(layer_count))
        # The layers stay out of torch's sight: their parameters are listed once, under torch's names.
        for layer, one in enumerate(self.layers):
            for name, parameter in one.named_parameters():
                self.register_parameter(f"{name}_l{layer}", parameter)
        self.__dict__["_fused"] = self._shared_fused(input_size, hidden_size) if cell.fused else None

    def _shared_fused(self, input_size: int, hidden_size: int) -> nn.RNNBase:
        fused = self.cell.fused(input_size, hidden_size, len(self.layers), batch_first=True)  # type: ignore[misc]
        for name, parameter in self.named_parameters():
            setattr(fused, name, parameter)
        return fused

    def initialise(self, generator: Generator) -> None:
        for layer in self.layers:
            layer.initialise(generator)

    def initial_state(self, batch_size: int) -> tuple[Any, ...]:
        """One state per layer."""
        return tuple(layer.initial_state(batch_size) for layer in self.layers)

    def forward(self, x: Tensor, state: Sequence[Any]) -> Step:
        """One time step through all layers; signals of layer k are named ``name_lk``."""
        states, signals = [], {}
        for layer, (cell, old) in enumerate(zip(self.layers, state, strict=True)):
            x, new, inside = cell(x, old)
            states.append(new)
            signals |= {f"{name}_l{layer}": signal for name, signal in inside.items()}
        return Step(x, tuple(states), signals)

    def trace(self, inputs: Tensor, state: Sequence[Any]) -> list[Unrolled]:
        """Every layer along all time steps: the readable form. Shape of ``inputs``: (example, time, feature).

        One layer after the other: its inputs are then projected for all time steps in one matrix product.
        """
        layers = []
        for cell, old in zip(self.layers, state, strict=True):
            layers.append(unroll(cell.step, cell.project(inputs), old))
            inputs = layers[-1].outputs
        return layers

    def run(self, inputs: Tensor, state: Sequence[Any]) -> tuple[Tensor, tuple[Any, ...]]:
        """Outputs of the last layer (example, time, unit), and the states after the last time step.

        The same numbers as ``trace``, from torch's fused kernel where the cell has one.
        """
        if self._fused is None:
            layers = self.trace(inputs, state)
            return layers[-1].outputs, tuple(layer.state for layer in layers)
        # torch wants one tensor (layer, example, unit) per part of the state, bare if there is only one part.
        parts = tuple(torch.stack(part) for part in zip(*state, strict=True))
        outputs, ended = self._fused(inputs, parts if len(parts) > 1 else parts[0])
        ended = ended if isinstance(ended, tuple) else (ended,)
        kind = type(state[0])
        return outputs, tuple(kind(*part) for part in zip(*(part.unbind(0) for part in ended), strict=True))
