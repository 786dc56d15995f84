"""A network with its weights, as a torch module: of an experiment before its training, or of a finished run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from core.layers.stack import NOTHING_HELD, Held
from core.networks import Arrangement, Batch
from core.runs.run import Run
from core.spec import RunSpec


class Network(nn.Module):
    """An arrangement with weights, each registered once under its own name, so that ``torch.func`` works on it.

    A dot in a name stands for a module inside: ``readout.weight`` is ``weight`` of ``readout``.
    """

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__()
        self.arrangement = arrangement
        for name, shape in arrangement.shapes().items():
            *path, own = name.split(".")
            module: nn.Module = self
            for part in path:
                if part not in dict(module.named_children()):
                    module.add_module(part, nn.Module())
                module = module.get_submodule(part)
            module.register_parameter(own, nn.Parameter(torch.empty(shape)))

    def weights(self) -> dict[str, Tensor]:
        """Return all weights by name, as the arrangement takes them."""
        return dict(self.named_parameters())

    def initialise(self, generator: Generator) -> None:
        """Draw all weights from ``generator``."""
        with torch.no_grad():
            self.arrangement.initialise(self.weights(), generator)

    def forward(
        self, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return the predictions for a batch, and the state after its last time step."""
        return self.arrangement.predictions(self.weights(), batch, state, held, window)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return copies of all weights."""
        return {name: parameter.detach().numpy().copy() for name, parameter in self.named_parameters()}

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        """Load the weights that ``arrays`` returned.

        Raises
        ------
        KeyError, RuntimeError
            If they do not fit.
        """
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                parameter.copy_(torch.as_tensor(weights[name]))


def build(spec: RunSpec) -> Network:
    """Return the network of ``spec``, whose weights are not drawn yet.

    Raises
    ------
    core.texts.TextUnavailable
        If the text of the task cannot be had here.
    """
    task = spec.build_task()
    return Network(spec.arrangement(task.inputs, task.outputs))


def restore(run: Run) -> Network:
    """Return the trained network of ``run``.

    The run itself records what the network reads, so the text that it was trained on is not needed here.

    Raises
    ------
    KeyError, RuntimeError
        If the weights are not those of such a network.
    """
    network = Network(run.arrangement)
    network.load(run.weights)
    return network


def untrained(run: Run) -> Run:
    """Return ``run`` before its first update: the control for every claim about a trained network."""
    network = restore(run)
    network.initialise(Generator().manual_seed(run.spec.seed))
    return replace(run, outcome="untrained", weights=network.arrays(), curves={}, metrics={}, diverged_at=None)
