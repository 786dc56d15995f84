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

from core.run import Run
from core.spec import RunSpec
from core.texts import own
from core.training import Training
from dashboard import export

SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=12, options=(("length", 900),))
SPECS = {
    "lstm": SMALL,
    "gru, two layers, sgd": SMALL.replace(cell="gru", layer_count=2, optimiser="sgd", momentum=0.9, clip_norm=0.05),
    "elman, no clipping": SMALL.replace(cell="elman", optimiser="rmsprop", clip_norm=None, seed=7),
    "adding, longer than the truncation": RunSpec(
        task="adding", options=(("length", 14),), truncation_length=5, hidden_size=4, batch_size=8, updates=10
    ),
}


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


def losses_of(program: str, tmp_path: Path) -> list[float]:
    """Run the program where this project cannot be imported, and read the losses that it prints."""
    path = tmp_path / "again.py"
    path.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return [float(words[1]) for words in lines if words[0].isdigit()]


@pytest.mark.parametrize("name", SPECS)
def test_script_repeats_the_curve(name: str, tmp_path: Path) -> None:
    run = trained(SPECS[name])
    assert losses_of(export.script(run), tmp_path) == pytest.approx(run.curves["loss"].tolist(), abs=1e-6)


def test_script_carries_a_readers_own_text(home: Path, tmp_path: Path) -> None:
    text = own.parse('a "quoted" line, a \\ and 中文 and # TEXT\n' * 20)
    run = trained(SMALL.replace(text=own.keep(text), length=700))
    assert losses_of(export.script(run), tmp_path) == pytest.approx(run.curves["loss"].tolist(), abs=1e-6)


def test_script_stops_where_the_training_diverged(tmp_path: Path) -> None:
    adding = SPECS["adding, longer than the truncation"]
    run = trained(adding.replace(cell="elman", optimiser="sgd", learning_rate=10.0, clip_norm=None, updates=500))
    kept = run.curves["loss"].tolist()
    assert run.outcome == "diverged"
    found = losses_of(export.script(run), tmp_path)
    assert found[: len(kept)] == pytest.approx(kept, rel=1e-6)
    assert len(found) == run.diverged_at


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

        from core.run import Run
        from core.spec import RunSpec
        from dashboard import export

        st.session_state["page"] = "home"
        export.downloads(Run(RunSpec(), "finished", {}, {}, {}, (), {}))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert len(app.get("download_button")) == 4
