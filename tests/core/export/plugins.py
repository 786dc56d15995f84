"""Plug-ins that nobody has heard of: a cell, a network without recurrence and a task, each as one new file."""

FORGETFUL = """
'''A cell with a number of its own for each unit: how fast it forgets.'''

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Role, Signal, Step, Weights, cells
from core.choices.allowed import Range
from core.choices.options import option

if TYPE_CHECKING:
    from torch import Tensor

    from core.cells import Hold


class State(NamedTuple):
    hidden: Tensor


@cells.register
@dataclass(frozen=True)
class Forgetful(Cell):
    title = "Forgetful"
    source = "a test"
    state = State
    blocks = ("hidden_state",)
    own = {"rate": r"\\rho"}
    signals = {"hidden_state": Signal("h_t", r"\\rho \\odot h_{t-1} + \\tanh(\\ldots)", Role.STATE)}

    steep: float = option(1.0, Range(0.5, 4, whole=False))

    def step(self, weights: Weights, from_input: Tensor, from_hidden: Tensor, state: Any, hold: Hold) -> Step:
        kept = weights["rate"].sigmoid() * state.hidden
        h = hold("hidden_state", kept + (self.steep * (from_input + from_hidden)).tanh())
        return Step(h, State(h), {"hidden_state": h})
"""

LATEST = '''
"""A network that sees the last time step alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from core.cells import Weights
from core.layers import Linear
from core.layers.stack import NOTHING_HELD, Held
from core.networks import Arrangement, Batch, Effort, Pattern, Traced, networks


@networks.register
@dataclass(frozen=True)
class Latest(Arrangement):
    patterns = frozenset({Pattern.MANY_TO_ONE})
    settings = frozenset()
    signals = {}

    @property
    def parts(self) -> tuple[Linear]:
        return (Linear("readout", self.plan.inputs.size, self.plan.outputs.size),)

    def effort(self, read: int, said: int) -> Effort:
        return Effort(1, 10, 10)

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        return self.plan.inputs.encode(batch.inputs)[:, -1], ()

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        return self.parts[0](weights, outputs)

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        return Traced(self.predictions(weights, batch)[0], (), {})
'''

ECHO = '''
"""Say at every time step the number that was read before, or its square."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from core.choices.allowed import Choices, Range
from core.choices.options import option
from core.media import Numbers

from . import Batch, Pattern, Task, tasks


@tasks.register
@dataclass(frozen=True)
class Echo(Task):
    echo_length: int = option(7, Range(3, 50))
    heard: str = option("itself", Choices(lambda: ("itself", "squared")))

    pattern = Pattern.MANY_TO_MANY
    network = "recurrent"
    reads = Numbers.kind
    says = Numbers.kind
    unit = "mean squared error"
    inputs = outputs = Numbers(("number",))

    def lengths(self, window: int) -> tuple[int, int]:
        return self.echo_length, self.echo_length

    def held_out_steps(self) -> int:
        return 10 * self.echo_length

    def batches(self, size: int, window: int, generator: torch.Generator) -> Iterator[Batch]:
        while True:
            numbers = torch.rand(size, self.echo_length, 1, generator=generator)
            said = numbers.roll(1, dims=1) ** (2 if self.heard == "squared" else 1)
            yield Batch(numbers, said, torch.ones(size, dtype=torch.bool))

    def held_out(self, window: int) -> Iterator[Batch]:
        yield next(self.batches(10, window, torch.Generator().manual_seed(2**31)))

    def baseline(self) -> float:
        return 1 / 12
'''

FILES = {"cells": ("forgetful", FORGETFUL), "networks": ("latest", LATEST), "tasks": ("echo", ECHO)}
"""Name and source of each, by the package that it belongs to."""
