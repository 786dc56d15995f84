"""A saved answer is found by all that decides it, and by nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray

from core.looks import inside, saved
from core.looks.codec import encode
from core.looks.saved import SavedAnswers
from core.runs.run import Run
from core.spec import RunSpec
from core.training import Training

SPEC = RunSpec(hidden_size=8, truncation_length=16, batch_size=4, updates=2, options=(("length", 2000),))
TEXT = "for item in items:\n"


@pytest.fixture
def run() -> Run:
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


@pytest.fixture
def kept(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> SavedAnswers:
    """One answer, marked so that it can be told from a computed one."""
    answers = SavedAnswers(tmp_path)
    path = answers.path(inside.trace, (run, TEXT), {})
    path.parent.mkdir()
    path.write_bytes(encode(xarray.Dataset(attrs={"text": "saved"})))
    monkeypatch.setattr(saved, "answers", answers)
    return answers


def test_the_same_question_needs_no_worker(kept: SavedAnswers, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNROLLED_LOOK")
    assert inside.trace(run, TEXT).attrs == {"text": "saved"}
    assert inside.trace(run.without_past, TEXT).attrs == {"text": "saved"}


def test_any_other_question_is_computed(kept: SavedAnswers, run: Run) -> None:
    assert inside.trace(run, TEXT + " ").attrs["text"] == TEXT + " "
    changed = {name: weight + np.float32(name == "readout.bias") for name, weight in run.weights.items()}
    assert inside.trace(replace(run, weights=changed), TEXT).attrs["text"] == TEXT
    other = Training(SPEC.replace(seed=1)).run()
    assert inside.trace(other, TEXT).attrs["text"] == TEXT


def test_options_and_traces_are_part_of_the_question(kept: SavedAnswers, run: Run) -> None:
    seen = inside.trace.here(run, TEXT)
    shifted = seen.assign(hidden_state=seen["hidden_state"] + 1)
    asked = [({"time": 1, "unit": 0}, seen), ({"time": 2, "unit": 0}, seen), ({"time": 1, "unit": 0}, shifted)]
    assert len({kept.path(inside.worked, (run, trace), options) for options, trace in asked}) == 3
