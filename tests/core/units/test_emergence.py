"""The score of a unit as it was while the network was trained."""

import numpy as np
import pytest

from core.concepts import Kind, about, labelled
from core.concepts.own import by_pattern
from core.interventions.targets import OwnPattern
from core.runs.network import untrained
from core.spec import RunSpec
from core.training import Training
from core.units.emergence import emergence, emergence_unseen
from core.units.finder import Search, Unit, find
from core.units.unseen import find_each, searched

SPEC = RunSpec(hidden_size=12, updates=64, truncation_length=32, learning_rate=0.02, options=(("length", 30_000),))


@pytest.fixture(scope="module")
def training() -> Training:
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training


def test_it_begins_untrained_passes_the_snapshots_and_ends_with_the_finding(training: Training) -> None:
    run, text = training.run(), training.task.held_out_text
    labels, kind = labelled("indentation", text), about("indentation").kind
    found = find(run, text, "indentation").found
    assert found is not None
    emerged = emergence(run, text, labels, kind)
    assert emerged.update.tolist() == [0, *run.snapshots, SPEC.updates]
    assert emerged.of(found.unit)[-1] == emerged.best[-1] == pytest.approx(abs(found.score), abs=1e-5)
    scores = abs(found.scores["pearson"])
    np.testing.assert_allclose(emerged.strengths.isel(network=-1), scores, atol=1e-5)
    first = find(untrained(run), text, "indentation").found
    assert first is not None
    assert emerged.best[0] == pytest.approx(abs(first.score), abs=1e-5)
    middle = list(run.snapshots)[3]
    there = Training(SPEC)
    there.advance(middle)
    then = find(there.run(), text, "indentation").found
    assert then is not None
    assert emerged.best[4] == pytest.approx(abs(then.score), abs=0.01)  # the snapshot has half the digits


def test_where_nothing_can_be_told_there_is_no_score(training: Training) -> None:
    text = "flat = 1\n" * 200
    labels, kind = labelled("indentation", text), about("indentation").kind
    emerged = emergence(training.run(), text, labels, kind)
    assert np.isnan(emerged.of(Unit("hidden_state", 0, 3))).all()
    assert np.isnan(emerged.best).all()


def test_a_pattern_is_followed_as_a_concept_is(training: Training) -> None:
    run = training.run()
    emerged = emergence_unseen(run, OwnPattern("[a-z]+"))
    text = searched(run)
    found = Search.of(run, text).find(by_pattern(text, "[a-z]+"), Kind.BINARY).found
    assert found is not None
    assert emerged.of(found.unit)[-1] == pytest.approx(max(found.score, 1 - found.score), abs=1e-5)


@pytest.mark.parametrize("memory", ["8000", "1000"])
def test_it_ends_where_the_table_stands_on_any_machine(
    training: Training, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_MEMORY", memory)
    run = training.run()
    found = find_each(run, ["indentation"])["indentation"].found
    assert found is not None
    assert emergence_unseen(run, "indentation").of(found.unit)[-1] == pytest.approx(abs(found.score), abs=1e-5)
