"""A run to take home: its settings, its curve, its weights, and a script that trains it without this project.

Each of them is made when the reader asks for it.
"""

import base64
import csv
import io
import json
import textwrap
import zlib
from collections.abc import Callable
from pathlib import Path
from string import Template

import numpy as np
import safetensors.numpy
import streamlit as st

from core.runs.run import Run
from core.spec import RunSpec
from core.texts import TextUnavailable
from dashboard.shell.words import label

TEMPLATES = Path(__file__).parents[2] / "assets" / "export"
WIDTH = 110


def settings(run: Run) -> str:
    """Return the spec as JSON that ``RunSpec.from_json`` reads."""
    return json.dumps(json.loads(run.spec.to_json()), indent=2, ensure_ascii=False) + "\n"


def history(run: Run) -> str:
    """Return one line of CSV for each update.

    The columns are update, loss, gradient_norm, clipped, seconds, and held_out_loss where it was evaluated.
    """
    names = ("loss", "gradient_norm", "clipped", "seconds")
    evaluated = dict(zip(run.curves["held_out_update"].tolist(), run.curves["held_out_loss"].tolist(), strict=True))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("update", *names, "held_out_loss"))
    for update, values in enumerate(zip(*(run.curves[name].tolist() for name in names), strict=True), start=1):
        writer.writerow((update, *values, evaluated.get(update, "")))
    return file.getvalue()


def weights(run: Run) -> bytes:
    """Return all weights under torch's own names as safetensors, with the spec and the symbols in the metadata."""
    metadata = {"spec": run.spec.to_json(), "symbols": json.dumps(run.symbols)}
    return bytes(safetensors.numpy.save({k: np.ascontiguousarray(v) for k, v in run.weights.items()}, metadata))


def script(run: Run) -> str:
    """Return a Python file that needs torch alone and prints the losses of ``run``, update by update.

    The text that was learned is inside it, compressed.

    Raises
    ------
    Unscripted
        If torch has no module for the cell, the task has no template, or the text has more symbols than fit.
    TextUnavailable
        If the text cannot be read here.
    """
    from core.cells import cells
    from core.tasks.characters import FORGETS_EVERY, HELD_OUT_SHARE, SYMBOL_LIMIT

    spec = run.spec
    kernel = cells[spec.cell].fused
    template = TEMPLATES / f"{spec.task}.py.txt"
    if kernel is None or not template.exists() or len(run.symbols) == SYMBOL_LIMIT:
        raise Unscripted(f"{spec.cell} on {spec.task}, {len(run.symbols)} symbols")
    task = spec.build_task()
    text = getattr(task, "corpus", None)
    part = Template(template.read_text("utf-8")).substitute(
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
        kernel=kernel,
        optimiser=_optimiser(spec),
        task=part.rstrip(),
    )
    return program if text is None else f"{program}\n# TEXT\n{_comment(text)}\n"


class Unscripted(ValueError):
    """No script can stand for such a run."""


def downloads(run: Run) -> None:
    """Draw a download button for each of them."""
    offers: tuple[tuple[str, Callable[[], str | bytes], str, str], ...] = (
        ("settings", lambda: settings(run), ".json", "application/json"),
        ("history", lambda: history(run), ".csv", "text/csv"),
        ("weights", lambda: weights(run), ".safetensors", "application/octet-stream"),
        ("script", lambda: _script_or_reason(run), ".py", "text/x-python"),
    )
    with st.container(horizontal=True, gap="small"):
        for name, make, ending, mime in offers:
            st.download_button(
                label(f"export.{name}"),
                make,
                file_name=f"{run.spec.key[:12]}{ending}",
                mime=mime,
                key=f"{st.session_state['page']}-{run.spec.key}-{name}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def _script_or_reason(run: Run) -> str:
    try:
        return script(run)
    except (Unscripted, TextUnavailable) as error:
        return f'raise SystemExit("There is no script for this run: {error}")\n'


def _optimiser(spec: RunSpec) -> str:
    name = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSprop"}[spec.optimiser]
    momentum = "" if spec.optimiser == "adam" else f", momentum={spec.momentum!r}"
    return f"{name}(parameters, lr={spec.learning_rate!r}{momentum})"


def _comment(text: str) -> str:
    packed = base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return "\n".join(f"# {packed[start : start + WIDTH]}" for start in range(0, len(packed), WIDTH))
