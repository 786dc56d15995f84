"""A script made for reading, a page or two long: torch's own cells on the tasks that have a template."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.export.records import elsewhere, instructions, last_scored
from core.export.text import asset, filled, packed, part
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks import adding, characters

KNOWN_KERNELS = {"elman": "RNN", "lstm": "LSTM", "gru": "GRU"}
OPTIMISERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}
OPTIONS = {"characters": frozenset({"text", "length"}), "adding": frozenset({"length"})}
CONSTANTS: Mapping[str, Mapping[str, Any]] = {
    "adding": {
        "held_out_seed": adding.HELD_OUT_SEED,
        "held_out_size": adding.HELD_OUT_SIZE,
        "held_out_batches": adding.HELD_OUT_BATCHES,
    },
    "characters": {
        "held_out_share": characters.HELD_OUT_SHARE,
        "stretches": characters.HELD_OUT_STRETCHES,
        "stretch": characters.HELD_OUT_STRETCH,
        "forgets_every": characters.FORGETS_EVERY,
    },
}
"""What the template of each task takes from the task's module."""

IMPORTS = frozenset({"argparse", "json", "math", "os", "struct"})
UNPACKING = frozenset({"base64", "zlib"})
SETTINGS = frozenset(
    {
        "cell",
        "task",
        "options",
        "hidden_size",
        "layer_count",
        "optimiser",
        "learning_rate",
        "momentum",
        "recurrent_l1",
        "clip_norm",
        "truncation_length",
        "batch_size",
        "updates",
        "seed",
    }
)
"""Fields of a spec that the templates know; any other has to be at its default."""


def knows(run: Run) -> bool:
    """Whether the templates have a place for everything that decides this result."""
    spec, chosen = run.spec, json.loads(run.spec.to_json())
    return (
        chosen.keys() <= SETTINGS
        and chosen.get("options", {}).keys() <= OPTIONS.get(spec.task, frozenset())
        and spec.task in OPTIONS
        and spec.network == "recurrent"
        and spec.cell in KNOWN_KERNELS
        and spec.optimiser in OPTIMISERS
        and len(run.symbols) < characters.SYMBOL_LIMIT
    )


def program(run: Run) -> str:
    """Write a Python file that needs torch alone.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be read here.
    """
    spec = run.spec
    task = spec.build_task()
    text = task.corpus if isinstance(task, characters.Characters) else None
    written = asset("train").substitute(
        name=spec.key[:12],
        summary=filled(f"Settings: {spec.to_json()}"),
        torch=_plain(run.made.get("torch", "?")),
        machine=_plain(run.machine),
        elsewhere=filled(elsewhere(run)),
        instructions=instructions(run),
        key=spec.key,
        imports="\n".join(f"import {name}" for name in sorted(IMPORTS if text is None else IMPORTS | UNPACKING)),
        hidden_size=spec.hidden_size,
        layer_count=spec.layer_count,
        batch_size=spec.batch_size,
        truncation_length=spec.truncation_length,
        updates=spec.updates,
        seed=spec.seed,
        clip_norm=spec.clip_norm,
        shrink=spec.learning_rate * spec.recurrent_l1,
        last_loss=_last(run.curves["loss"]),
        last_update=len(run.curves["loss"]),
        held_out_loss=_last(run.curves["held_out_loss"]),
        held_out_update=last_scored(run),
        kernel=KNOWN_KERNELS[spec.cell],
        optimiser=_optimiser(spec),
        task=asset(spec.task).substitute(dict(spec.options), **CONSTANTS[spec.task]).rstrip(),
        weights=part("weights"),
    )
    return written if text is None else "\n".join([written, "# TEXT", *(f"# {line}" for line in packed(text)), ""])


def _last(losses: np.ndarray) -> float:
    return float(losses[-1]) if len(losses) else math.nan


def _optimiser(spec: RunSpec) -> str:
    momentum = "" if spec.optimiser == "adam" else f", momentum={spec.momentum!r}"
    return f"{OPTIMISERS[spec.optimiser]}(parameters, lr={spec.learning_rate!r}{momentum})"


def _plain(text: str) -> str:
    """Return ``text``, which comes from a file, without the characters that are unsafe in a comment."""
    return re.sub(r"[^\w .+-]", "", text)
