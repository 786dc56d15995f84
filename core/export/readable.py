"""A script made for reading: torch's own modules, one loop, nothing of this project."""

import textwrap
from string import Template

from core.cells import cells
from core.choices.options import options
from core.export.embedded import ROOT, comment
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks import tasks

TEMPLATES = ROOT / "assets" / "export"


def is_known(run: Run) -> bool:
    """Whether the templates know every setting: torch's cells in one direction, on a task with a template."""
    from core.tasks.characters import SYMBOL_LIMIT

    spec = run.spec
    usual = RunSpec(cell=spec.cell, task=spec.task)
    other = {name: value for name, value in spec.options if name not in options(tasks[spec.task])}
    return (
        cells[spec.cell].fused is not None
        and (spec.network, spec.direction) == (usual.network, usual.direction)
        and all(value == usual.option(name) for name, value in other.items())
        and (TEMPLATES / f"{spec.task}.py.txt").exists()
        and len(run.symbols) < SYMBOL_LIMIT
    )


def readable_script(run: Run) -> str:
    """The file, for a run that the templates know. Raises core.texts.TextUnavailable."""
    from core.tasks.characters import FORGETS_EVERY, HELD_OUT_SHARE

    spec = run.spec
    text = getattr(spec.build_task(), "corpus", None)
    part = Template((TEMPLATES / f"{spec.task}.py.txt").read_text("utf-8")).substitute(
        dict(spec.options), held_out_share=HELD_OUT_SHARE, forgets_every=FORGETS_EVERY
    )
    program = Template((TEMPLATES / "train.py.txt").read_text("utf-8")).substitute(
        filename=f"{spec.key[:12]}.py",
        summary=textwrap.fill(f"Settings: {spec.to_json()}", 116, break_on_hyphens=False),
        torch=run.made.get("torch", "?"),
        machine=run.made.get("machine", "?"),
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
        kernel=cells[spec.cell].fused,
        optimiser=_optimiser(spec),
        task=part.rstrip(),
    )
    return program if text is None else f"{program}\n# TEXT\n{comment(text)}\n"


def _optimiser(spec: RunSpec) -> str:
    name = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}[spec.optimiser]
    momentum = "" if spec.optimiser == "adam" else f", momentum={spec.momentum!r}"
    return f"{name}(parameters, lr={spec.learning_rate!r}{momentum})"
