"""A script made for reading, a page or two long: torch's own cells on the tasks that have a template."""

import json
import re

from core.export.records import elsewhere
from core.export.text import asset, filled, packed
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks.characters import FORGETS_EVERY, HELD_OUT_SHARE, SYMBOL_LIMIT, Characters

KNOWN_KERNELS = {"elman": "RNN", "lstm": "LSTM", "gru": "GRU"}
OPTIMISERS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}
OPTIONS = {"characters": frozenset({"text", "length"}), "adding": frozenset({"length"})}
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
        and len(run.symbols) < SYMBOL_LIMIT
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
    text = task.corpus if isinstance(task, Characters) else None
    part = asset(spec.task).substitute(dict(spec.options), held_out_share=HELD_OUT_SHARE, forgets_every=FORGETS_EVERY)
    written = asset("train").substitute(
        filename=f"{spec.key[:12]}.py",
        summary=filled(f"Settings: {spec.to_json()}"),
        torch=_plain(run.made.get("torch", "?")),
        machine=_plain(run.machine),
        elsewhere=filled(elsewhere(run)),
        key=spec.key,
        imports="import base64\nimport zlib\n" if text is not None else "",
        hidden_size=spec.hidden_size,
        layer_count=spec.layer_count,
        batch_size=spec.batch_size,
        truncation_length=spec.truncation_length,
        updates=spec.updates,
        seed=spec.seed,
        clip_norm=spec.clip_norm,
        shrink=spec.learning_rate * spec.recurrent_l1,
        last_loss=run.curves["loss"][-1].item() if len(run.curves["loss"]) else float("nan"),
        kernel=KNOWN_KERNELS[spec.cell],
        optimiser=_optimiser(spec),
        task=part.rstrip(),
    )
    return written if text is None else "\n".join([written, "# TEXT", *(f"# {line}" for line in packed(text)), ""])


def _optimiser(spec: RunSpec) -> str:
    momentum = "" if spec.optimiser == "adam" else f", momentum={spec.momentum!r}"
    return f"{OPTIMISERS[spec.optimiser]}(parameters, lr={spec.learning_rate!r}{momentum})"


def _plain(text: str) -> str:
    """Return ``text``, which comes from a file, without the characters that are unsafe in a comment."""
    return re.sub(r"[^\w .+-]", "", text)
