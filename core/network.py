"""A network: a stack of cells, and a readout W_hy that turns its hidden states into predictions."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from core.cells import cells
from core.networks import networks as networks
from core.sequence import Stack
from core.spec import RunSpec
from core.tasks import tasks


class Network(nn.Module, ABC):
    """y = W_hy h + b_y at the time steps that the pattern reads out."""

    def __init__(self, stack: Stack, output_size: int) -> None:
        super().__init__()
        self.stack = stack
        self.readout = nn.Linear(stack.layers[-1].hidden_size, output_size)

    def initialise(self, generator: Generator) -> None:
        """Draw all weights from ``generator``: the global seed is shared by threads and would not reproduce."""
        self.stack.initialise(generator)
        bound = 1 / math.sqrt(self.readout.in_features)
        for parameter in self.readout.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    @abstractmethod
    def read(self, outputs: Tensor) -> Tensor:
        """Predictions from the hidden states of the last layer, (example, time, unit)."""

    def forward(self, inputs: Tensor, state: Sequence[Any]) -> tuple[Tensor, tuple[Any, ...]]:
        """Predictions, and the state after the last time step. Shape of ``inputs``: (example, time, feature)."""
        outputs, state = self.stack.run(inputs, state)
        return self.read(outputs), state

    def arrays(self) -> dict[str, np.ndarray]:
        """Copies of all weights, the stack's under torch's own names."""
        return {
            name.removeprefix("stack."): parameter.detach().numpy().copy() for name, parameter in self.named_parameters()
        }

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Take the weights that ``arrays`` gave. Raises KeyError or RuntimeError if they do not fit."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(torch.as_tensor(weights[name.removeprefix("stack.")]))


def build(spec: RunSpec) -> Network:
    """The untrained network of ``spec``, its weights not yet drawn."""
    task = tasks[spec.task](**dict(spec.options))
    stack = Stack(cells[spec.cell], task.input_size, spec.hidden_size, spec.layer_count)
    return networks[task.pattern](stack, task.output_size)
