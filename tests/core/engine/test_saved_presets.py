"""The runs that the pages open with are there, small, and what their specs give when anyone trains them again."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.engine import save_presets
from core.spec import RunSpec
from core.spec.presets import OSCILLATION, PRESETS
from core.store import encode, saved
from core.training import Training

SPECS = {spec.key: spec for specs in PRESETS.values() for spec in specs}


@pytest.mark.parametrize("key", SPECS)
def test_every_preset_is_saved_and_small(key):
    run = saved().load(key)
    assert run.spec == SPECS[key]
    assert run.outcome in {"finished", "diverged"}
    assert (run.made["cpu_capability"], run.made["threads"]) == ("AVX2", "1"), "what a page says of the same numbers"
    assert sum(path.stat().st_size for path in saved().directory.rglob(f"{key}.safetensors")) < 1_000_000


def test_nothing_else_is_saved():
    assert {path.stem for path in saved().directory.rglob("run-*.safetensors")} == set(SPECS)


def test_the_quickest_run_trains_again_to_the_same_curve():
    quickest = min((saved().load(key) for key in SPECS), key=lambda run: run.metrics["seconds"])
    training = Training(quickest.spec)
    training.advance(quickest.spec.updates)
    again = training.run()
    # Another processor sums in another order; within these bounds it is the same curve.
    np.testing.assert_allclose(again.curves["loss"][:100], quickest.curves["loss"][:100], rtol=1e-3)
    assert again.metrics["held_out_loss"] == pytest.approx(quickest.metrics["held_out_loss"], rel=0.1)
    assert again.outcome == quickest.outcome


@pytest.mark.skipif(torch.backends.cpu.get_cpu_capability() != "AVX2", reason="other instructions, other last digits")
def test_the_first_updates_are_the_same_to_the_last_digit():
    """Thrown about without clipping, this run would show the least difference."""
    spec = OSCILLATION.replace(cell="elman")
    training = Training(spec)
    training.advance(60)
    assert training.run().curves["loss"].tolist() == saved().load(spec.key).curves["loss"][:60].tolist()


def test_a_saved_run_keeps_as_many_snapshots_as_it_has_room_for(monkeypatch):
    spec = RunSpec(hidden_size=6, batch_size=4, truncation_length=8, updates=64, options=(("length", 600),))
    training = Training(spec)
    training.advance(spec.updates)
    run = training.run()
    assert not save_presets.lightened(run).snapshots, "no page shows how it emerged"
    monkeypatch.setitem(save_presets.PRESETS, "hidden_units", (spec,))
    assert save_presets.lightened(run).snapshots == run.snapshots
    one = (len(encode(run)) - len(encode(replace(run, snapshots={})))) / len(run.snapshots)
    monkeypatch.setattr(save_presets, "SIZE_LIMIT", len(encode(replace(run, snapshots={}))) + 2.5 * one)
    assert list(save_presets.lightened(run).snapshots) == [9, 25]
    monkeypatch.setattr(save_presets, "SIZE_LIMIT", 0)
    assert not save_presets.lightened(run).snapshots
