"""Passages in which the same units are active, planted and found."""

from itertools import pairwise

import numpy as np
import pytest

from core.spec import RunSpec
from core.training import Training
from core.units.matching import PASSAGES, match, match_unseen


def test_planted_passages_are_found_and_units_that_are_always_on_say_nothing() -> None:
    generator = np.random.default_rng(0)
    searched = generator.uniform(-0.3, 0.3, (6, 500))
    searched[5] = 0.9  # always on
    planted = (40, 200, 433)
    for begin in planted:
        searched[1, begin : begin + 7] = 0.8
        searched[3, begin : begin + 7] = -0.8
    searched[1, 300:307] = 0.8  # one of the two only
    searched[3, 320:327] = 0.8  # on the other side
    chosen = np.zeros((6, 7))
    chosen[1], chosen[3], chosen[5] = 0.7, -0.7, 0.9
    units, passages = match(chosen, searched)
    assert units == (1, 3)
    assert sorted(one.begin for one in passages[:3]) == list(planted)
    assert [one.share for one in passages[:3]] == [1.0] * 3
    assert (passages[3].begin, passages[3].share) == (300, 0.5)
    assert len(passages) == PASSAGES
    ordered = sorted(passages, key=lambda one: one.begin)
    assert all(one.end <= other.begin for one, other in pairwise(ordered))


def test_without_active_units_there_is_nothing_to_match() -> None:
    assert match(np.full((3, 4), 0.2), np.ones((3, 50))) == ((), ())
    with pytest.raises(ValueError, match="empty"):
        match(np.zeros((3, 0)), np.zeros((3, 50)))


def test_the_best_match_in_the_same_text_is_the_passage_itself() -> None:
    training = Training(RunSpec(hidden_size=16, updates=60, learning_rate=0.02, options=(("length", 10_000),)))
    training.advance(60)
    run = training.run()
    text = match_unseen(run, "a = 1\n", 0, 1).text
    for begin in range(100, 400, 7):
        found = match_unseen(run, text, begin, begin + 3)
        if found.units:
            assert found.passages[0].share == pytest.approx(1)
            break
    else:
        pytest.fail("no unit was ever active")
