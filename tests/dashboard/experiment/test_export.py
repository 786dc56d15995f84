"""What a reader takes home: readable without this project, and the script repeats the curve."""

import csv
import io
from pathlib import Path

import numpy as np
import safetensors.numpy
from streamlit.testing.v1 import AppTest

from core.runs.run import Run
from core.spec import RunSpec
from core.training import Training
from dashboard.experiment import export

SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=12, options=(("length", 900),))


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


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
