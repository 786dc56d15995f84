"""Everything that decides a result, as one value: the cache key, the file name, the link and the seed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

from core.cells import cells
from core.choices.allowed import Allowed, Choices, Range, SpecError, Value
from core.tasks import tasks
from core.texts import TextUnavailable

FORMAT = 2
"""Raised when a change to the code makes the same settings give other numbers: old results are then not mistaken
for new ones."""

SECONDS_OF_A_STEP, SECONDS_OF_A_SYMBOL, OPERATIONS = 8e-5, 23e-9, 4.5e10
"""Of one core, as measured with LSTMs of 32 to 256 units and 37 to 4,001 symbols: within 25 %."""

COST_CEILING = 600.0
"""Estimated seconds on one core beyond which a spec is too expensive for a shared machine."""

RANGES: Mapping[str, Allowed] = {
    "cell": Choices(cells.names),
    "task": Choices(tasks.names),
    "hidden_size": Range(1, 512),
    "layer_count": Range(1, 3),
    "optimiser": Choices(lambda: ("sgd", "adam", "rmsprop")),
    "learning_rate": Range(1e-5, 10, whole=False),
    "momentum": Range(0, 0.99, whole=False),
    "recurrent_l1": Range(0, 1, whole=False),
    "clip_norm": Range(0.001, 1000, whole=False, optional=True),
    "truncation_length": Range(1, 512),
    "batch_size": Range(1, 256),
    "updates": Range(1, 20_000),
    "seed": Range(0, 2**31 - 1),
}


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """One experiment.

    cell, task : names of plug-ins
    options : the task's own options, completed with their defaults and sorted, so that equal experiments are equal
    hidden_size, layer_count : width of a layer and number of layers
    optimiser : sgd, adam or rmsprop, as torch defines them
    learning_rate, momentum : of the optimiser; adam has no momentum setting
    recurrent_l1 : strength of an L1 penalty on every W_hh; what is not needed there becomes exactly zero, and with a
        learning rate of plain SGD (0.1 and up) soon everything does
    clip_norm : the gradient's global norm is scaled down to this; None leaves it alone
    truncation_length : time steps that the gradient travels back
    batch_size : examples per update
    updates : optimiser steps
    seed : of weights and batches

    Raises
    ------
    SpecError
        for the first field whose value is not allowed; names the field, the value and what is allowed.
    """

    cell: str = "lstm"
    task: str = "characters"
    options: tuple[tuple[str, Value], ...] = ()
    hidden_size: int = 64
    layer_count: int = 1
    optimiser: str = "adam"
    learning_rate: float = 0.005
    momentum: float = 0.0
    recurrent_l1: float = 0.0
    clip_norm: float | None = 1.0
    truncation_length: int = 64
    batch_size: int = 32
    updates: int = 400
    seed: int = 0

    def __post_init__(self) -> None:
        for name, allowed in RANGES.items():
            object.__setattr__(self, name, allowed.check(name, getattr(self, name)))
        object.__setattr__(self, "options", _checked_options(self.task, self.options))
        if self.optimiser == "adam" and self.momentum:
            raise SpecError("momentum", self.momentum, "0 with adam, which has its own")

    def option(self, name: str) -> Any:
        """Value of one of the task's options."""
        return dict(self.options)[name]

    def replace(self, **changes: Any) -> "RunSpec":
        """The same experiment with some fields or task options changed."""
        known = {one.name for one in fields(self)}
        own = {name: value for name, value in changes.items() if name in known}
        options = {name: value for name, value in changes.items() if name not in known}
        if options:
            own["options"] = tuple({**dict(self.options), **options}.items())
        return replace(self, **own)

    def later_seed(self, count: int) -> "RunSpec":
        """The same experiment ``count`` seeds on; after the largest seed comes 0."""
        return replace(self, seed=(self.seed + count) % 2**31)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces."""
        return json.dumps({**asdict(self), "options": dict(self.options)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        """The spec that ``to_json`` wrote. Raises SpecError for anything else."""
        try:
            settings = json.loads(text)
        except ValueError as error:
            raise SpecError("spec", text[:80], "JSON") from error
        known = {one.name for one in fields(cls)}
        if not isinstance(settings, dict) or not isinstance(settings.get("options", {}), dict):
            raise SpecError("spec", text[:80], "a JSON object whose options are an object")
        for name in settings:
            if name not in known:
                raise SpecError(str(name), settings[name], "one of the fields " + ", ".join(sorted(known)))
        return cls(**{**settings, "options": tuple(settings.get("options", {}).items())})

    @cached_property
    def key(self) -> str:
        """Name of the experiment: the same in every process and on every machine."""
        return "run-" + hashlib.sha256(f"{FORMAT}:{self.to_json()}".encode()).hexdigest()[:40]

    @property
    def time_steps(self) -> int:
        """Of one example in one update."""
        return tasks[self.task](**dict(self.options)).time_steps(self.truncation_length)

    @property
    def held_out_steps(self) -> int:
        """Time steps that are read at once where nothing is learned."""
        return tasks[self.task](**dict(self.options)).held_out_steps()

    @property
    def features(self) -> tuple[int, int]:
        """Numbers that the network reads and says at each time step; 64 of each for a text that cannot be had here."""
        try:
            task = tasks[self.task](**dict(self.options))
            return task.input_size, task.output_size
        except TextUnavailable:
            return 64, 64

    @property
    def cost(self) -> float:
        """Estimated seconds of training on one core, as if every cell had four gates like an LSTM.

        A time step costs 0.08 ms in each layer whatever its size. In each example of it a core does some 4.5e10
        operations a second, 6 for a weight (two forward, four backward) but 4 for one of the lowest layer's inputs,
        which need no gradient; and 23 ns go to each symbol that may come next, for its probability.
        """
        read, said = self.features
        inner = 4 * self.hidden_size**2 * (2 * self.layer_count - 1) + self.hidden_size * said
        operations = 6 * inner + 4 * 4 * self.hidden_size * read
        example = operations / OPERATIONS + SECONDS_OF_A_SYMBOL * said
        return self.updates * self.time_steps * (SECONDS_OF_A_STEP * self.layer_count + self.batch_size * example)


def _checked_options(task: str, given: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    declared = tasks[task].options()
    values = dict(given)
    for name in values:
        if name not in declared:
            raise SpecError(name, values[name], f"one of the options of {task}: " + ", ".join(declared))
    return tuple(
        (name, allowed.check(name, values.get(name, default))) for name, (default, allowed) in sorted(declared.items())
    )
