"""What a reader takes home: readable without this project, and the script repeats the curve."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from streamlit.testing.v1 import AppTest

from core.runs.run import Run
from core.spec import RunSpec
from core.texts import own
from core.training import Training
from dashboard.experiment import export

SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=12, options=(("length", 900),))
SPECS = {
    "lstm": SMALL,
    "gru, two layers, sgd": SMALL.replace(cell="gru", layer_count=2, optimiser="sgd", momentum=0.9, clip_norm=0.05),
    "lstm, two layers, sparse": SMALL.replace(layer_count=2, recurrent_l1=0.3),
    "elman, no clipping": SMALL.replace(cell="elman", optimiser="rmsprop", clip_norm=None, seed=7),
    "adding, longer than the truncation": RunSpec(
        task="adding", options=(("length", 14),), truncation_length=5, hidden_size=4, batch_size=8, updates=10
    ),
}


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


ALL_AT_ONCE = """
import runpy, sys
for path in sys.argv[1:]:
    print("#", path)
    runpy.run_path(path, run_name="__main__")
"""


def losses_of(programs: dict[str, str], directory: Path) -> dict[str, list[float]]:
    """Run the programs where this project cannot be imported, and read the losses that they print."""
    paths = {str(directory / f"{number}.py"): name for number, name in enumerate(programs)}
    for path, name in paths.items():
        Path(path).write_text(programs[name], encoding="utf-8")
    command = [sys.executable, "-I", "-c", ALL_AT_ONCE, *paths]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        word, *rest = line.split()
        if word == "#" and rest[0] in paths:
            found[paths[rest[0]]] = losses = []
        elif word.isdigit():
            losses.append(float(rest[0]))
    return found


@pytest.mark.thorough
def test_scripts_repeat_the_curves(home: Path, tmp_path: Path) -> None:
    text = own.parse('a "quoted" line, a \\ and 中文 and # TEXT\n' * 20)
    diverging = {"cell": "elman", "optimiser": "sgd", "learning_rate": 10.0, "clip_norm": None, "updates": 500}
    specs = SPECS | {
        "a reader's own text": SMALL.replace(text=own.keep(text), length=700),
        "diverged": SPECS["adding, longer than the truncation"].replace(**diverging),
    }
    runs = {name: trained(spec) for name, spec in specs.items()}
    found = losses_of({name: export.script(run) for name, run in runs.items()}, tmp_path)
    end = runs["diverged"].diverged_at
    assert end is not None
    assert len(found["diverged"]) == end
    for name, run in runs.items():
        kept = run.curves["loss"].tolist()
        assert found[name][: len(kept)] == pytest.approx(kept, rel=1e-6, abs=1e-6), name
        assert len(found[name]) - len(kept) in ((0, 1) if name == "diverged" else (0,))


def test_settings_are_the_spec() -> None:
    run = trained(SMALL)
    assert RunSpec.from_json(export.settings(run)) == run.spec


def test_history_is_one_line_per_update() -> None:
    run = trained(SMALL.replace(updates=60))
    rows = list(csv.DictReader(io.StringIO(export.history(run))))
    assert [float(row["loss"]) for row in rows] == run.curves["loss"].tolist()
    assert {int(row["update"]): float(row["held_out_loss"]) for row in rows if row["held_out_loss"]} == dict(
        zip(run.curves["held_out_update"].tolist(), run.curves["held_out_loss"].tolist(), strict=True)
    )


def test_weights_load_into_torchs_own_module() -> None:
    import torch

    run = trained(SMALL)
    arrays = safetensors.numpy.load(export.weights(run))
    assert all(np.array_equal(arrays[name], array) for name, array in run.weights.items())
    module = torch.nn.LSTM(arrays["weight_ih_l0"].shape[1], 6, batch_first=True)
    module.load_state_dict({k: torch.from_numpy(v) for k, v in arrays.items() if not k.startswith("readout")})


def test_there_is_a_button_for_each(home: Path) -> None:
    def page() -> None:
        import streamlit as st

        from core.media import Symbols
        from core.runs.run import Run
        from core.spec import RunSpec
        from dashboard.experiment import export

        st.session_state["page"] = "home"
        letters = Symbols(("?", "a"))
        export.downloads(Run(RunSpec(), "finished", letters, letters, {}, {}, {}, {}))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert len(app.get("download_button")) == 4
