"""A run to take home: its settings, its curve, its weights, and a script that trains it without this project.

Each of them is made when the reader asks for it.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import safetensors.numpy
import streamlit as st

from core.export.script import script
from core.runs.run import Run
from core.texts import TextUnavailable
from dashboard.shell.words import label


def settings(run: Run) -> str:
    """Return the spec with all its settings, defaults included, as JSON that ``RunSpec.from_json`` reads."""
    every = asdict(run.spec) | {"options": dict(run.spec.options)}
    return json.dumps(every, indent=2, ensure_ascii=False) + "\n"


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
    """Return all weights as safetensors. The metadata hold the spec and what its examples are made of."""
    media = {"inputs": json.dumps(run.inputs.header()), "outputs": json.dumps(run.outputs.header())}
    metadata = {"spec": run.spec.to_json(), **media}
    return bytes(safetensors.numpy.save({k: np.ascontiguousarray(v) for k, v in run.weights.items()}, metadata))


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
    except TextUnavailable as error:
        return f'raise SystemExit("There is no script for this run: {error}")\n'
