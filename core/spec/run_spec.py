"""Everything that decides a result, as one value that gives the cache key, the file name, the link and the seed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from core.cells import Cell, cells
from core.choices.allowed import Allowed, Choices, Range, SpecError, Value
from core.choices.options import options
from core.choices.registry import Registry
from core.layers.stack import DIRECTIONS
from core.media import Medium, Spoken, Symbols
from core.networks import RECURRENT, Arrangement, Effort, Plan, check_task, fitting, networks
from core.tasks import Task, tasks
from core.texts import TextUnavailable

FORMAT = 3
"""Increased when a change to the code makes the same settings give other numbers, so that old results are not
mistaken for new ones."""

SECONDS_OF_A_STEP, SECONDS_OF_A_SYMBOL, OPERATIONS = 8e-5, 23e-9, 4.5e10
"""On one core: seconds for a time step and for a symbol, and operations per second.

Measured with LSTMs of 32 to 256 units and 37 to 4,001 symbols; accurate within 25 %.
"""

COST_CEILING = 600.0
"""Estimated seconds on one core beyond which a spec is too expensive for a shared machine."""

TRUNCATION = "truncation_length"

RANGES: Mapping[str, Allowed] = {
    "task": Choices(tasks.names),
    "network": Choices(networks.names),
    "cell": Choices(cells.names),
    "direction": Choices(lambda: tuple(DIRECTIONS)),
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

    A setting that has no effect given the others takes its default, such as momentum under adam, or the cell of a
    network without cells. Equal experiments are equal values, with equal keys.

    Parameters
    ----------
    cell, network, task
        Names of plug-ins. An empty name of a network stands for the one that the task names.
    options
        Options of the three plug-ins, completed with their defaults and sorted. No two plug-ins of one experiment have
        an option of the same name.
    direction
        forward, or both. A task that foretells allows forward only: the backward direction would read the answer.
    hidden_size
        Width of a layer.
    layer_count
        Number of layers.
    optimiser
        One of sgd, adam and rmsprop, as torch defines them.
    learning_rate, momentum
        Settings of the optimiser. Adam has no momentum setting.
    recurrent_l1
        Strength of an L1 penalty on every W_hh. Weights that are not needed there become exactly zero. With the
        learning rates of plain SGD (0.1 and up), soon all of them do.
    clip_norm
        Largest global norm of the gradient: a larger gradient is scaled down to it. None means no clipping.
    truncation_length
        How many time steps the gradient travels back. In a task whose examples are windows of a text or a series, also
        how many time steps a window has. In other tasks it has no effect on a network that reads in both directions or
        has no recurrence, and all lengths that reach the beginning of an example mean the same.
    batch_size
        Examples per update.
    updates
        Optimiser steps.
    seed
        Seed of the initial weights and of the batches.

    Raises
    ------
    SpecError
        For the first field whose value is not allowed. It names the field, the value and what is allowed.
    """

    cell: str = "lstm"
    network: str = ""
    task: str = "characters"
    options: tuple[tuple[str, Value], ...] = ()
    direction: str = "forward"
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
        if self.network == "" and self.task in tasks:
            object.__setattr__(self, "network", tasks[self.task].network)
        for name, allowed in RANGES.items():
            object.__setattr__(self, name, allowed.check(name, getattr(self, name)))
        task = tasks[self.task]
        unfit = check_task(self.network, task.pattern, task.reads)
        if unfit:
            raise SpecError("network", self.network, unfit)
        object.__setattr__(self, "direction", self.allowed("direction").check("direction", self.direction))
        for one in fields(self):
            if one.name in self.meaningless:
                object.__setattr__(self, one.name, one.default)
        object.__setattr__(self, "options", self._checked_options())
        object.__setattr__(self, TRUNCATION, self._canonical_truncation())

    def option(self, name: str) -> Any:
        """Return the value of one option of the task, the network or the cell."""
        return dict(self.options)[name]

    def replace(self, **changes: Any) -> "RunSpec":
        """Return the same experiment with some fields or options changed.

        A change of task drops the options of the old task, and brings the network that the new one names. A network
        other than the old task's stays if it can be trained on the new task. If the new task foretells, the direction
        becomes forward.

        Raises
        ------
        SpecError
            For the first field whose value is not allowed.
        """
        known = {one.name for one in fields(self)}
        own = {name: value for name, value in changes.items() if name in known}
        given = {name: value for name, value in changes.items() if name not in known}
        kept = dict(self.options)
        if own.get("task", self.task) != self.task:
            kept = {name: value for name, value in self.options if name not in options(tasks[self.task])}
            new = tasks[own["task"]] if own["task"] in tasks else tasks[self.task]
            if self.network == tasks[self.task].network or check_task(self.network, new.pattern, new.reads):
                own.setdefault("network", "")
            if new.foretells:
                own.setdefault("direction", "forward")
        own["options"] = tuple({**dict(own.get("options", kept)), **given}.items())
        return replace(self, **own)

    def later_seed(self, count: int) -> "RunSpec":
        """Return the same experiment with a seed higher by ``count``; after the largest seed comes 0."""
        return replace(self, seed=(self.seed + count) % 2**31)

    def to_json(self) -> str:
        """Return canonical JSON: sorted keys, no spaces, and nothing that equals its default.

        So a field or option that is added later, with a default, changes no key.
        """
        defaults: dict[str, Any] = {one.name: one.default for one in fields(self)}
        defaults |= {"network": tasks[self.task].network, "options": {}}
        usual = {name: default for name, (default, _) in self._declared().items()}
        chosen = {name: value for name, value in self.options if value != usual[name]}
        settings = {one.name: getattr(self, one.name) for one in fields(self)} | {"options": chosen}
        kept = {name: value for name, value in settings.items() if value != defaults[name]}
        return json.dumps(kept, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        """Return the spec that ``to_json`` wrote.

        Raises
        ------
        SpecError
            If ``text`` is anything else.
        """
        try:
            settings = json.loads(text)
        except (ValueError, RecursionError) as error:
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

    def allowed(self, name: str) -> Allowed:
        """Return which values a setting or an option may have, given the others.

        Raises
        ------
        KeyError
            If there is no setting or option of this name.
        """
        if name == "network":
            task = tasks[self.task]
            return Choices(lambda: fitting(task.pattern, task.reads))
        if name == "direction" and tasks[self.task].foretells:
            return Choices(lambda: ("forward",))
        return RANGES[name] if name in RANGES else self._declared()[name][1]

    @property
    def meaningless(self) -> frozenset[str]:
        """Settings that have no effect, given the others."""
        unused = RECURRENT - networks[self.network].settings
        if self.direction == "both":
            unused |= {TRUNCATION}
        if tasks[self.task].windowed:
            unused -= {TRUNCATION}
        return unused | ({"momentum"} if self.optimiser == "adam" else set())

    # What the names stand for

    def build_task(self) -> Task:
        """Return the task with its options."""
        return tasks[self.task](**self._own(tasks[self.task]))

    def build_cell(self) -> Cell:
        """Return the cell with its options."""
        return cells[self.cell](**self._own(cells[self.cell]))

    def arrangement(self, inputs: Medium, outputs: Spoken) -> Arrangement:
        """Return the network without its weights, for examples that are made of ``inputs`` and ``outputs``."""
        plan = Plan(
            inputs=inputs,
            outputs=outputs,
            pattern=tasks[self.task].pattern,
            cell=self.build_cell(),
            hidden_size=self.hidden_size,
            layer_count=self.layer_count,
            direction=self.direction,
        )
        return networks[self.network](plan, **self._own(networks[self.network]))

    # What it costs

    @property
    def features(self) -> tuple[int, int]:
        """How many numbers the network reads and says at each time step; 64 each if its text cannot be had here."""
        inputs, outputs = self._media()
        return inputs.size, outputs.size

    @property
    def effort(self) -> Effort:
        """What one example of an update costs."""
        inputs, outputs = self._media()
        return self.arrangement(inputs, outputs).effort(*self.build_task().lengths(self.truncation_length))

    @property
    def memory(self) -> float:
        """Estimated bytes that a training needs while it computes a gradient, beyond torch itself.

        For every time step of every example an LSTM keeps some 20 numbers for each unit and layer. The one-hot input,
        the scores and their gradients take 12 for each symbol (measured: docs/decisions/jobs.md). Held-out examples are
        read without a gradient, with 3 numbers for each unit and symbol, but many at once.
        """
        held_out = 3.0 * self.build_task().held_out_steps() * (sum(self.features) / 2 + self.hidden_size)
        return 4 * max(self.batch_size * self.effort.numbers, held_out)

    @property
    def cost(self) -> float:
        """Estimated seconds of training on one core.

        Each time step takes 0.08 ms in each layer, whatever its size. The operations of each example come on top, at
        some 4.5e10 a second: 6 for each weight (two forward, four backward), but 4 for a weight of the inputs, which
        need no gradient. The probability of each symbol that may come next takes another 23 ns.
        """
        effort, (read, said) = self.effort, self.features
        read_steps, said_steps = self.build_task().lengths(self.truncation_length)
        spared = 2 * read_steps * self._rows * read
        operations = 6 * effort.multiplications - spared
        example = operations / OPERATIONS + SECONDS_OF_A_SYMBOL * said * said_steps
        return self.updates * (SECONDS_OF_A_STEP * effort.steps + self.batch_size * example)

    @property
    def _rows(self) -> int:
        """Rows of the matrices that read the inputs: one for each unit, block of the cell and direction."""
        if "cell" not in networks[self.network].settings:
            return 0
        return len(cells[self.cell].blocks) * self.hidden_size * len(DIRECTIONS[self.direction])

    def _media(self) -> tuple[Medium, Spoken]:
        try:
            task = self.build_task()
            return task.inputs, task.outputs
        except TextUnavailable:
            return UNREAD, UNREAD

    def _own(self, plugin: type) -> dict[str, Any]:
        declared = options(plugin)
        return {name: value for name, value in self.options if name in declared}

    def _declared(self) -> dict[str, tuple[Value, Allowed]]:
        return _declared_by({kind: getattr(self, kind) for kind in PLUGINS})

    def _canonical_truncation(self) -> int:
        """Return the truncation length in its canonical form.

        All lengths that reach the beginning of an example mean the same. They become the default, or the shortest of
        them if the default is shorter. Any other length stays as it is.
        """
        length = self.truncation_length
        if tasks[self.task].windowed or TRUNCATION in self.meaningless:
            return length
        read, _ = self.build_task().lengths(length)
        return max(read, RunSpec.truncation_length) if length >= read else length

    def _checked_options(self) -> tuple[tuple[str, Value], ...]:
        """Return the options of the chosen plug-ins, checked and completed.

        An option of another plug-in means nothing here and is left out.

        Raises
        ------
        SpecError
            If no plug-in has an option of this name, or a value is not allowed.
        """
        declared, given = self._declared(), dict(self.options)
        for name in given.keys() - declared.keys():
            if not any(name in options(registry[one]) for registry in PLUGINS.values() for one in registry):
                raise SpecError(name, given[name], f"one of the options of {self.task}: " + ", ".join(sorted(declared)))
        return tuple(
            (name, allowed.check(name, given.get(name, default)))
            for name, (default, allowed) in sorted(declared.items())
        )


PLUGINS: Mapping[str, Registry[Any]] = {"task": tasks, "network": networks, "cell": cells}
"""The fields that name a plug-in."""

UNREAD = Symbols(tuple(chr(code) for code in range(64)))
"""In estimates, these stand in for the symbols of a text that cannot be had here."""


def _declared_by(chosen: Mapping[str, str]) -> dict[str, tuple[Value, Allowed]]:
    """Return every option of the chosen plug-ins, by name."""
    if "cell" not in networks[chosen["network"]].settings:
        chosen = {kind: name for kind, name in chosen.items() if kind != "cell"}
    found: dict[str, tuple[Value, Allowed]] = {}
    for kind, name in chosen.items():
        found |= options(PLUGINS[kind][name])
    return found
