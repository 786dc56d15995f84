"""What is known about a run, in formats that other programs read."""

import csv
import io
import json
from dataclasses import fields

import numpy as np
import safetensors.numpy

from core.machine import INSTRUCTIONS
from core.runs.run import Run

CHOSEN = ("avx2", "avx512")
"""Instructions that torch can be asked for by name."""


def settings(run: Run) -> str:
    """Return the spec with all its fields, as JSON that ``RunSpec.from_json`` reads."""
    given = {one.name: getattr(run.spec, one.name) for one in fields(run.spec)}
    return json.dumps(given | {"options": dict(run.spec.options)}, indent=2, ensure_ascii=False) + "\n"


def elsewhere(run: Run) -> str:
    """Return what to say, in a script, of the numbers on another kind of machine."""
    said = (
        "Another processor adds in another order: a calm training stays near these numbers there, and one that is "
        "thrown about (no clipping, a large step) soon goes another way."
    )
    asked = run.made.get("cpu_capability", "").lower()
    if not asked:
        said += " Which instructions torch used was not recorded, so a like machine may do so too."
    elif asked in CHOSEN:
        said += (
            f" The script asks torch for the same instructions ({asked}), also on a processor that has more. On one "
            "that lacks them Python ends: delete that line there."
        )
    return said


def last_scored(run: Run) -> int:
    """Return after how many updates the held-out loss was computed for the last time; 0 if it never was."""
    return int(run.curves["held_out_update"][-1]) if len(run.curves["held_out_update"]) else 0


def instructions(run: Run) -> str:
    """Return the line of a script that asks torch for the instructions with which the run was made, if it can."""
    asked = run.made.get("cpu_capability", "").lower()
    return f'os.environ.setdefault("{INSTRUCTIONS}", "{asked}")' if asked in CHOSEN else ""


def history(run: Run) -> str:
    """Return CSV with one line per update: loss, gradient_norm, clipped, seconds; held_out_loss where evaluated."""
    names = ("loss", "gradient_norm", "clipped", "seconds")
    evaluated = dict(zip(run.curves["held_out_update"].tolist(), run.curves["held_out_loss"].tolist(), strict=True))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("update", *names, "held_out_loss"))
    for update, values in enumerate(zip(*(run.curves[name].tolist() for name in names), strict=True), start=1):
        writer.writerow((update, *values, evaluated.get(update, "")))
    return file.getvalue()


def weights(run: Run) -> bytes:
    """Return all weights as safetensors; the metadata holds the spec and says what inputs and outputs are."""
    metadata = {
        "spec": run.spec.to_json(),
        "inputs": json.dumps(run.inputs.header()),
        "outputs": json.dumps(run.outputs.header()),
    }
    return bytes(safetensors.numpy.save({k: np.ascontiguousarray(v) for k, v in run.weights.items()}, metadata))
