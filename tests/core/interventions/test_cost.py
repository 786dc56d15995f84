"""What a clamp costs where a concept is at stake: means of differences, taken once more with pandas."""

import numpy as np
import pytest
import xarray

from core.interventions.clamp import Clamp
from core.interventions.cost import Verdict, cost, unseen_for_clamps, weigh
from core.interventions.effects import Effect, effect
from core.interventions.targets import at_stake
from core.spec import RunSpec
from core.tasks.characters import Characters
from core.training import Training
from core.unseen import unseen

SPEC = RunSpec(cell="gru", hidden_size=24, options=(("length", 6000),), updates=40, learning_rate=0.01)
CLAMP = Clamp("hidden_state", 0.0, (4,))


@pytest.fixture(scope="module")
def run():
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


def test_classes_are_means_of_differences_with_their_control(run):
    text = unseen_for_clamps(run)
    found, made = cost(run, text, CLAMP, "indentation"), effect(run, text, CLAMP)
    stake = at_stake("indentation", text)
    change = (made.surprise[1:] - made.surprise[0]).to_numpy()
    for row in found.classes.iloc[:-1].itertuples():
        chosen = stake.scored & (stake.values >= row.low) & (stake.values <= row.high) & np.isfinite(change[0])
        means = change[:, chosen].mean(axis=1)
        assert row.characters == chosen.sum()
        assert (row.change, row.median) == pytest.approx((means[0], np.median(means[1:])), abs=1e-5)
        assert (row.least, row.most) == pytest.approx((means[1:].min(), means[1:].max()), abs=1e-5)
    rest = found.classes.iloc[-1]
    assert np.isnan(rest.low)
    assert rest.change == pytest.approx(change[0, 1:][~stake.scored[1:]].mean(), abs=1e-5)
    assert found.classes["characters"].sum() == len(text) - 1
    assert found.change == pytest.approx(change[0, 1:][stake.scored[1:]].mean(), abs=1e-5)
    assert found.as_much == (found.others >= found.change).sum()


def test_the_text_is_whole_lines_that_no_training_has_seen(run):
    text = unseen(run, 300, last=True)
    held_out = Characters(text="tidy_code", length=6000).held_out_text
    assert held_out.endswith("\n" + text)
    assert 200 < len(text) <= 300


def weighed(*changes: float):
    values = np.array([[np.nan, 1.0, 1.0], *([np.nan, 1 + change, 1.0] for change in changes)])
    made = Effect(xarray.DataArray(values, dims=("alternative", "time")), ((1,), (2,)), np.ones((3, 1)))
    return weigh(made, np.ones(3), np.array([True, True, False]))


@pytest.mark.parametrize(
    ("changes", "verdict", "as_much"),
    [
        ((0.6, 0.1, 0.3), Verdict.TIMES, 0),
        ((0.6, -0.5, 0.1), Verdict.NO_RATIO, 0),
        ((0.1, 0.1, 0.3), Verdict.REDUNDANT, 2),
        ((0.0, 0.1, 0.3), Verdict.LOSES_NOTHING, 2),
        ((-0.2, -0.3, -0.1), Verdict.LOSES_NOTHING, 1),
    ],
)
def test_what_is_said_follows_from_the_control(changes, verdict, as_much):
    found = weighed(*changes)
    assert (found.verdict, found.as_much) == (verdict, as_much)
    assert (found.times is None) == (np.median(changes[1:]) <= 0)


def test_without_a_character_at_stake_nothing_is_lost(run):
    found = cost(run, "x = 1\n" * 3, CLAMP, "inside_comment")
    assert (found.characters, found.times, found.verdict) == (0, None, Verdict.LOSES_NOTHING)
    assert len(found.classes) == 1
