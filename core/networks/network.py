"""A network: a stack of cells, and a readout W_hy that turns its hidden states into predictions."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Generator, Tensor, nn

from core.cells import cells
from core.networks import networks as networks
from core.networks.stack import Stack, State
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks import tasks


class Network(nn.Module, ABC):
    """y = W_hy h + b_y at the time steps that the pattern reads out."""

    def __init__(self, stack: Stack, output_size: int) -> None:
        super().__init__()
        self.stack = stack
        self.readout = nn.Linear(stack.hidden_size, output_size)

    def initialise(self, generator: Generator) -> None:
        """Draw all weights from ``generator``: the global seed is shared by threads and would not reproduce."""
        self.stack.initialise(generator)
        bound = 1 / math.sqrt(self.readout.in_features)
        for parameter in self.readout.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)

    @abstractmethod
    def read(self, outputs: Tensor) -> Tensor:
        """Predictions from the hidden states of the last layer, (example, time, unit)."""

    def forward(self, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Predictions, and the state after the last time step. Shape of ``inputs``: (example, time, feature)."""
        outputs, state = self.stack.run(inputs, state)
        return self.read(outputs), state

    def arrays(self) -> dict[str, np.ndarray]:
        """Copies of all weights, the stack's under torch's own names."""
        return {
            name.removeprefix("stack."): parameter.detach().numpy().copy()
            for name, parameter in self.named_parameters()
        }

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Take the weights that ``arrays`` gave. Raises KeyError or RuntimeError if they do not fit."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(torch.as_tensor(weights[name.removeprefix("stack.")]))


def build(spec: RunSpec) -> Network:
    """The network of ``spec``, its weights not yet drawn."""
    task = tasks[spec.task](**dict(spec.options))
    return _assemble(spec, task.input_size, task.output_size)


def restore(run: Run) -> Network:
    """The trained network of ``run``; its weights say how wide it is, so that the text it read need not be here.

    Raises KeyError or RuntimeError if the weights are not those of such a network.
    """
    network = _assemble(run.spec, run.weights["weight_ih_l0"].shape[1], run.weights["readout.weight"].shape[0])
    network.load(run.weights)
    return network


def untrained(run: Run) -> Run:
    """``run`` before its first update: the control for every claim about a trained network."""
    network = restore(run)
    network.initialise(Generator().manual_seed(run.spec.seed))
    return replace(run, outcome="untrained", weights=network.arrays(), curves={}, metrics={}, diverged_at=None)


def _assemble(spec: RunSpec, input_size: int, output_size: int) -> Network:
    stack = Stack(cells[spec.cell], input_size, spec.hidden_size, spec.layer_count)
    return networks[tasks[spec.task].pattern](stack, output_size)
