"""What a reader takes home is read without this project."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import safetensors.numpy
import torch

from core.export import history, settings, weights
from core.export.bundle import program as bundle
from core.export.records import elsewhere, instructions
from core.export.template import program as template
from core.media import from_header
from core.runs.run import Run
from core.spec import RunSpec
from core.training import Training

SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=60, options=(("length", 900),))


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


def test_settings_are_the_spec_with_every_field() -> None:
    run = trained(SMALL.replace(updates=1))
    assert RunSpec.from_json(settings(run)) == run.spec
    assert json.loads(settings(run))["cell"] == "lstm"


def test_history_is_one_line_per_update() -> None:
    run = trained(SMALL)
    rows = list(csv.DictReader(io.StringIO(history(run))))
    assert [float(row["loss"]) for row in rows] == run.curves["loss"].tolist()
    assert {int(row["update"]): float(row["held_out_loss"]) for row in rows if row["held_out_loss"]} == dict(
        zip(run.curves["held_out_update"].tolist(), run.curves["held_out_loss"].tolist(), strict=True)
    )


def test_weights_load_into_torchs_own_module() -> None:
    run = trained(SMALL.replace(updates=1))
    arrays = safetensors.numpy.load(weights(run))
    assert all(np.array_equal(arrays[name], array) for name, array in run.weights.items())
    module = torch.nn.LSTM(arrays["weight_ih_l0"].shape[1], 6, batch_first=True)
    module.load_state_dict({k: torch.from_numpy(v) for k, v in arrays.items() if not k.startswith("readout")})


def test_weights_say_what_they_are_for() -> None:
    run = trained(SMALL.replace(task="adding", length=9, updates=1))
    kept = weights(run)
    header = json.loads(kept[8 : 8 + int.from_bytes(kept[:8], "little")])["__metadata__"]
    assert RunSpec.from_json(header["spec"]) == run.spec
    assert from_header(json.loads(header["inputs"])) == run.inputs
    assert from_header(json.loads(header["outputs"])) == run.outputs


def test_a_script_asks_for_the_instructions_that_the_run_was_made_with() -> None:
    run = trained(SMALL.replace(updates=1))
    for capability, line in (
        ("AVX2", 'os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")'),
        ("DEFAULT", ""),
        (None, ""),
    ):
        made = {name: said for name, said in run.made.items() if name != "cpu_capability"}
        one = replace(run, made=made | ({"cpu_capability": capability} if capability else {}))
        assert instructions(one) == line
        assert ("delete that line" in elsewhere(one)) == bool(line)
        assert all((line in write(one)) and ("ATEN_CPU" in write(one)) == bool(line) for write in (template, bundle))
