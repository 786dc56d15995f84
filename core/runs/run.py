"""A finished training as plain arrays: what the store keeps and every page reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.media import Medium, Spoken, Symbols, from_header
from core.networks import Arrangement
from core.spec import RunSpec
from core.tasks import tasks

Arrays = Mapping[str, np.ndarray]

OF_TRAINING = frozenset({"loss", "seconds", "tokens", "updates", "baseline"})
"""The metrics that are no score of the network on held-out examples."""

OUTCOMES = ("finished", "diverged", "cancelled", "untrained")
"""How a training ends; untrained marks a control that was never trained."""


@dataclass(frozen=True)
class Run:
    """A training that has ended.

    Parameters
    ----------
    spec
        What was asked for.
    outcome
        One of finished, diverged, cancelled, and untrained for a control that was never trained.
    inputs, outputs
        What the examples were made of.
    weights
        By name. Those of a stack of cells are named as in torch's own modules (``weight_ih_l0`` ...).
        ``readout.weight`` has the shape (output, unit).
    curves
        One number for each update: loss, gradient_norm (before clipping), clipped, seconds. One for each evaluation:
        held_out_update, held_out_loss. Losses are in nats for symbols.
    metrics
        loss, held_out_loss, seconds, tokens, updates, baseline, and what else the task measures, such as
        bits_per_character and perplexity for characters.
    made
        The machine, the instructions that torch used there (``cpu_capability``, such as AVX2) and its threads, the
        versions of python, torch and numpy, and the date. Runs of earlier versions do not say all of it.
    diverged_at
        The update whose loss or gradient was not finite.
    snapshots
        Earlier weights by update, float16. There are at most seven, denser at the beginning, and a large network has
        none.
    """

    spec: RunSpec
    outcome: str
    inputs: Medium
    outputs: Spoken
    weights: Arrays
    curves: Arrays
    metrics: Mapping[str, float]
    made: Mapping[str, str]
    diverged_at: int | None = None
    snapshots: Mapping[int, Arrays] = field(default_factory=dict)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols that the network reads, the unknown symbol first; empty if it reads something else."""
        return self.inputs.symbols

    @property
    def arrangement(self) -> Arrangement:
        """The network without its weights."""
        return self.spec.arrangement(self.inputs, self.outputs)

    @property
    def machine(self) -> str:
        """The kind of machine that made it, with the instructions that torch used there if that is known."""
        return ", ".join(self.made[name] for name in ("machine", "cpu_capability") if name in self.made) or "?"

    @property
    def held_out_scores(self) -> dict[str, float]:
        """The metrics that the network scored on held-out examples."""
        return {name: value for name, value in self.metrics.items() if name not in OF_TRAINING}

    @property
    def without_past(self) -> "Run":
        """The same run without curves and snapshots, so that less is sent to a worker that looks inside it."""
        return replace(self, curves={}, snapshots={})

    def header(self) -> dict[str, Any]:
        """Return everything but the arrays, ready for JSON."""
        return {
            "key": self.spec.key,
            "spec": json.loads(self.spec.to_json()),
            "outcome": self.outcome,
            "inputs": self.inputs.header(),
            "outputs": self.outputs.header(),
            "metrics": dict(self.metrics),
            "made": dict(self.made),
            "diverged_at": self.diverged_at,
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all arrays in one flat mapping: ``weight/...``, ``curve/...`` and ``snapshot-<update>/...``."""
        groups = {"weight": self.weights, "curve": self.curves}
        groups |= {f"snapshot-{update}": weights for update, weights in self.snapshots.items()}
        return {f"{group}/{name}": array for group, arrays in groups.items() for name, array in arrays.items()}

    def at(self, update: int) -> "Run":
        """Return the run as it was after ``update``; its curves are still those of the whole training.

        Raises
        ------
        KeyError
            If there is no snapshot of that update.
        """
        earlier = {name: array.astype(np.float32) for name, array in self.snapshots[update].items()}
        return replace(self, outcome="cancelled", weights={**self.weights, **earlier}, snapshots={})

    @classmethod
    def restore(cls, header: Mapping[str, Any], arrays: Arrays) -> "Run":
        """Return the run that ``header`` and ``arrays`` describe.

        Raises
        ------
        KeyError, OverflowError, TypeError, ValueError
            If they describe no run.
        """
        groups: dict[str, dict[str, np.ndarray]] = {}
        for name, array in arrays.items():
            group, _, own = name.partition("/")
            groups.setdefault(group, {})[own] = array
        weights, curves = groups.pop("weight", {}), groups.pop("curve", {})
        spec = RunSpec.from_json(json.dumps(header["spec"]))
        inputs, outputs = _media(spec, header)
        diverged_at = header["diverged_at"]
        if header["outcome"] not in OUTCOMES or not (diverged_at is None or type(diverged_at) is int):
            raise ValueError(f"no training ends {header['outcome']!r} at {diverged_at!r}")
        return cls(
            spec=spec,
            outcome=header["outcome"],
            inputs=inputs,
            outputs=outputs,
            weights=weights,
            curves=curves,
            metrics={str(name): float(value) for name, value in header["metrics"].items()},
            made={str(name): str(value) for name, value in header["made"].items()},
            diverged_at=diverged_at,
            snapshots=dict(sorted((int(name.removeprefix("snapshot-")), earlier) for name, earlier in groups.items())),
        )


def _media(spec: RunSpec, header: Mapping[str, Any]) -> tuple[Medium, Spoken]:
    """Return what the examples were made of.

    This must be what the task's examples are made of today, but the symbols may differ.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the header describes no media, or media that are not the task's.
    """
    task, inputs, outputs = tasks[spec.task], from_header(header["inputs"]), from_header(header["outputs"])
    if not isinstance(outputs, Spoken) or (inputs.kind, outputs.kind) != (task.reads, task.says):
        raise ValueError(f"no {spec.task} reads {inputs.kind} and says {outputs.kind}")
    for medium, own in ((inputs, "inputs"), (outputs, "outputs")):
        if medium.kind == Symbols.kind:
            if not medium.symbols or len(set(medium.symbols)) < len(medium.symbols):
                raise ValueError(f"symbols without a name of their own: {medium.symbols[:8]}")
        elif medium != getattr(spec.build_task(), own):
            raise ValueError(f"no {own} of {spec.task}: {medium}")
    return inputs, outputs
