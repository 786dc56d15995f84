"""What a clamp costs where a concept is at stake: means of differences, taken once more with pandas."""

import numpy as np
import pytest
from scipy.stats import binom

from core.interventions.clamp import Clamp
from core.interventions.cost import Stake, Verdict, cost, unseen_for_clamps
from core.interventions.effects import effect
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
    means = change[:, 1:][:, stake.scored[1:]].mean(axis=1)
    assert found.stake.change == pytest.approx(means[0], abs=1e-5)
    np.testing.assert_allclose(found.stake.others, means[1:], atol=1e-5)
    assert found.stake.characters == stake.scored[1:].sum()
    assert found.stake.as_much == (found.stake.others >= found.stake.change).sum()


def test_the_text_is_whole_lines_that_no_training_has_seen(run):
    text = unseen(run, 300, last=True)
    held_out = Characters(text="tidy_code", length=6000).held_out_text
    assert held_out.endswith("\n" + text)
    assert 200 < len(text) <= 300


MANY = tuple(np.linspace(0.01, 0.2, 20))


@pytest.mark.parametrize(
    ("change", "others", "verdict", "as_much"),
    [
        (0.6, MANY, Verdict.TIMES, 0),
        (0.12, MANY, Verdict.REDUNDANT, 9),  # above the median 0.105, within its interval
        (0.6, tuple(np.array(MANY) - 0.2), Verdict.NO_RATIO, 0),
        (0.6, (0.1, 0.3), Verdict.TIMES, 0),
        (0.2, (0.1, 0.3), Verdict.REDUNDANT, 1),
        (0.0, MANY, Verdict.LOSES_NOTHING, 20),
        (-0.2, (-0.3, -0.1), Verdict.LOSES_NOTHING, 1),
    ],
)
def test_what_is_said_follows_from_the_control(change, others, verdict, as_much):
    found = Stake(10, change, np.array(others))
    assert (found.verdict, found.as_much) == (verdict, as_much)
    assert found.median == pytest.approx(np.median(others))
    assert found.times == (pytest.approx(change / np.median(others)) if np.median(others) > 0 else None)


def test_the_interval_of_the_median_holds_it_as_often_as_it_says():
    generator = np.random.default_rng(0)
    held = [
        low <= 0 <= high for low, high in (Stake(1, 0.0, generator.standard_cauchy(20)).interval for _ in range(400))
    ]
    # Ranks 6 and 15 of 20: the median lies outside with the chance of at most 5 heads, or tails, of 20.
    assert np.mean(held) == pytest.approx(1 - 2 * binom.cdf(5, 20, 0.5), abs=0.03)
    few = np.array([0.3, -0.1])
    assert Stake(1, 0.0, few).interval == (-0.1, 0.3)


@pytest.mark.parametrize("scale", [0.01, 0.137, 1.0])
def test_how_many_times_follows_from_the_numbers_that_are_printed(scale):
    found = Stake(10, 0.61237 * scale, np.linspace(0.0123456, 0.2, 20) * scale)
    assert found.at_least == pytest.approx(float(f"{found.change:.3f}") / float(f"{found.high:.3f}"))
    assert found.interval[1] <= found.high < found.interval[1] + 0.001


def test_of_no_character_at_stake_nothing_can_be_said(run):
    found = cost(run, "x = 1\n" * 3, CLAMP, "inside_comment")
    assert found.stake is None
    assert len(found.classes) == 1
