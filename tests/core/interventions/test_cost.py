"""What a clamp costs where a concept is at stake: means of differences, taken once more with pandas."""

import numpy as np
import pytest

from core.interventions.cost import cost, unseen_for_clamps
from core.interventions.effects import effect
from core.interventions.stake import Stake, StakeVerdict
from core.interventions.targets import at_stake
from core.spec import RunSpec
from core.tasks.characters import Characters
from core.traces.clamp import Clamp
from core.traces.unseen import unseen
from core.training import Training

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
    assert found.stake.as_much == sum(
        round(float(one), 3) >= round(found.stake.change, 3) for one in found.stake.others
    )


def test_the_text_is_whole_lines_that_no_training_has_seen(run):
    text = unseen(run, 300, last=True)
    held_out = Characters(text="tidy_code", length=6000).held_out_text
    assert held_out.endswith("\n" + text)
    assert 200 < len(text) <= 300


MANY = tuple(np.linspace(0.01, 0.2, 20))


@pytest.mark.parametrize(
    ("change", "others", "verdict", "as_much"),
    [
        (0.6, MANY, StakeVerdict.TIMES, 0),
        (0.6, tuple(np.array(MANY) - 0.2), StakeVerdict.DEAREST, 0),  # nothing above 0 to be a multiple of
        (0.202, MANY, StakeVerdict.DEAREST, 0),  # would print as 1.0 times
        (0.6, (*MANY[:19], 0.6), StakeVerdict.SOME, 1),  # 1 of 20 is a chance of 2 in 21
        (0.12, MANY, StakeVerdict.SOME, 9),
        (0.02, MANY, StakeVerdict.SOME, 19),
        (0.01, MANY, StakeVerdict.REDUNDANT, 20),
        (0.6, MANY[:19], StakeVerdict.TIMES, 0),
        (0.6, MANY[:18], StakeVerdict.FIRST_OF_FEW, 0),
        (0.6, MANY[:5], StakeVerdict.TOO_FEW, 0),
        (0.6, (0.12,), StakeVerdict.TOO_FEW, 0),
        (0.0, MANY, StakeVerdict.LOSES_NOTHING, 20),
        (0.0002, (-0.001,) * 20, StakeVerdict.LOSES_NOTHING, 0),  # prints as 0.000
        (0.0104, (0.0102,) * 20, StakeVerdict.REDUNDANT, 20),  # print alike
        (0.0016, (0.0014,) * 20, StakeVerdict.DEAREST, 0),  # 0.002 and 0.001 are not twice as much
        (0.3, (0.0094,) * 20, StakeVerdict.DEAREST, 0),
        (-0.2, (-0.3, -0.1), StakeVerdict.LOSES_NOTHING, 1),
    ],
)
def test_what_is_said_follows_from_the_control(change, others, verdict, as_much):
    found = Stake(10, change, np.array(others))
    assert (found.verdict, found.as_much) == (verdict, as_much)
    assert found.median == pytest.approx(np.median(others))


def test_of_units_that_are_alike_no_more_than_one_in_twenty_stands_out():
    costs = np.random.default_rng(0).lognormal(size=21)
    said = [Stake(1, one, np.delete(costs, unit)).verdict for unit, one in enumerate(costs)]
    assert sum(one in (StakeVerdict.DEAREST, StakeVerdict.TIMES) for one in said) == 1
    assert said.count(StakeVerdict.REDUNDANT) == 1


@pytest.mark.parametrize("change", np.random.default_rng(1).lognormal(-3, 1, 40))
def test_how_many_times_follows_from_the_numbers_that_are_printed(change):
    found = Stake(10, change, np.linspace(-0.02, 0.0412345, 20))
    ratio = f"{float(f'{change:.3f}') / float(f'{found.others.max():.3f}'):.1f}"
    assert (f"{found.times:.1f}" if found.times else None) == (ratio if float(ratio) > 1 else None)
    if found.times:
        assert found.times == pytest.approx(change / 0.0412345, rel=0.03)


def test_of_no_character_at_stake_nothing_can_be_said(run):
    found = cost(run, "x = 1\n" * 3, CLAMP, "inside_comment")
    assert found.stake is None
    assert len(found.classes) == 1
