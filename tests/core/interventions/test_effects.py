"""What a clamp costs is the difference of two readings, and an edit lives until its trace has gone."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binned_statistic

from core.interventions.editing import edit, life
from core.interventions.effects import by_value, drawn, effect, surprise
from core.interventions.outcomes import Edit
from core.spec import RunSpec
from core.texts import texts
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import trace
from core.training import Training
from tests.core.interventions import oracle

TEXT = texts["tidy_code"](600, 3)
SPEC = RunSpec(cell="lstm", hidden_size=24, options=(("length", 6000),), updates=40, learning_rate=0.01)


@pytest.fixture(scope="module")
def run():
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


def test_surprise_is_the_loss_at_the_character_that_it_is_about(run):
    clamps = (Clamp("cell_state", 0.0, (4,)),)
    found = surprise(run, TEXT, [(), clamps])
    assert found.dims == ("alternative", "time")
    assert np.isnan(found[:, 0]).all()
    for row, one in enumerate(((), clamps)):
        np.testing.assert_allclose(found[row, 1:], trace(run, TEXT, one)["loss"][0, :-1], atol=1e-5)


def test_surprise_under_a_clamp_is_what_the_equations_say(run):
    def put(layer, name, time, value):
        return np.where(np.arange(24) == 4, 1.0, value) if name == "forget_gate" else value

    index = trace(run, TEXT)["input"].to_numpy()[0]
    _, scores = oracle.read(run, index, put)
    logarithm = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    expected = -logarithm[np.arange(len(TEXT) - 1), index[1:]]
    np.testing.assert_allclose(surprise(run, TEXT, [(Clamp("forget_gate", 1.0, (4,)),)])[0, 1:], expected, atol=1e-4)


def test_a_single_character_surprises_nobody(run):
    assert surprise(run, "d", [(), ()]).shape == (2, 1)
    with pytest.raises(ValueError):
        surprise(run, "", [()])
    with pytest.raises(ValueError):
        surprise(run, "de", [])


def test_changes_by_class_are_group_means():
    generator = np.random.default_rng(0)
    change, holds = generator.normal(size=300), generator.integers(0, 2, 300).astype(float)
    scored = generator.random(300) < 0.8
    change[0] = np.nan
    table = by_value(change, holds, scored)
    for row, value in zip(table.itertuples(), (0, 1), strict=True):
        chosen = scored & (holds == value) & ~np.isnan(change)
        assert (row.low, row.high, row.characters) == (value, value, chosen.sum())
        assert row.change == pytest.approx(change[chosen].mean())


def test_changes_by_count_are_those_of_fifths():
    generator = np.random.default_rng(1)
    change, depth = generator.normal(size=500), generator.permutation(500).astype(float)
    table = by_value(change, depth, np.ones(500, dtype=bool))
    expected = binned_statistic(depth, change, bins=np.quantile(depth, np.linspace(0, 1, 6)))
    np.testing.assert_allclose(table["change"], expected.statistic)
    assert table["characters"].sum() == 500
    assert (table["low"].to_numpy()[1:] > table["high"].to_numpy()[:-1]).all()


def test_no_character_is_no_class():
    none = by_value(np.array([np.nan]), np.array([1.0]), np.array([True]))
    assert isinstance(none, pd.DataFrame)
    assert none.empty


def test_the_control_clamps_units_of_nearly_equal_spread_to_the_same(run):
    found = effect(run, TEXT, Clamp("cell_state", "mean", (4,)), draws=5, seed=2)
    spreads = (
        squashed(trace(run, TEXT)["cell_state"])
        .isel(layer=0, direction=0, example=0)
        .std("time", dtype=float)
        .to_numpy()
    )
    others = [unit for (unit,) in found.units]
    np.testing.assert_allclose(found.spreads[:, 0], spreads[[4, *others]], rtol=1e-5)
    nearest = set(np.argsort(np.abs(np.delete(spreads, 4) - spreads[4]))[:10])
    assert set(others) <= {unit + (unit >= 4) for unit in nearest}
    assert len(set(others)) == 5
    chosen = np.array([character == " " for character in TEXT])
    plain = trace(run, TEXT)["loss"].to_numpy()[0, :-1]
    for unit, mean in zip((4, *others), (found.mean(chosen), *found.control(chosen)), strict=True):
        clamped = trace(run, TEXT, (Clamp("cell_state", "mean", (unit,)),))["loss"].to_numpy()[0, :-1]
        assert mean == pytest.approx((clamped - plain)[chosen[1:]].mean(), abs=1e-5)
    assert found.mean(chosen) == pytest.approx(found.change[chosen].mean(), abs=1e-6)


def test_several_units_have_as_many_stand_ins(run):
    found = effect(run, TEXT, Clamp("cell_state", (0.5, -0.5, 0.0), (4, 9, 2)), draws=6)
    assert len(found.units) == 6
    assert all(len({4, 9, 2, *units}) == 6 for units in found.units)
    assert found.spreads.shape == (7, 3)
    clamped = trace(run, TEXT, (Clamp("cell_state", (0.5, -0.5, 0.0), found.units[2]),))["loss"][0, :-1]
    np.testing.assert_allclose(found.surprise[4, 1:], clamped, atol=1e-5)


def test_a_control_repeats_with_its_seed_and_takes_what_there_is(run):
    clamp = Clamp("hidden_state", 0.0, (0,))
    one, same, other = (effect(run, TEXT[:50], clamp, seed=seed).units for seed in (1, 1, 2))
    assert one == same != other
    assert sorted(effect(run, TEXT[:50], clamp, draws=100).units) == [(unit,) for unit in range(1, 24)]
    assert np.isnan(effect(run, TEXT[:50], clamp, draws=2).mean(np.zeros(50, dtype=bool)))


@pytest.mark.parametrize(
    ("layer", "count", "draws"),
    [(32, 16, 1), (8, 4, 1), (32, 8, 3), (32, 4, 7), (128, 16, 7), (128, 4, 20), (24, 1, 20)],
)
def test_no_unit_is_in_two_draws_or_held_itself(layer, count, draws):
    units = tuple(range(0, 2 * count, 2))
    spreads = np.random.default_rng(count).random(layer)
    found = drawn(spreads, units, np.setdiff1d(np.arange(layer), units), 20, 0)
    assert [len(one) for one in found] == [count] * draws
    every = [unit for one in found for unit in one]
    assert len({*units, *every}) == count + len(every) == count * (draws + 1)


@pytest.mark.parametrize(("layer", "count"), [(32, 4), (32, 8), (64, 8), (32, 15)])
def test_units_that_are_alike_come_first_as_often_as_there_are_draws(layer, count):
    generator = np.random.default_rng(0)

    def first(seed):
        costs, units = generator.gamma(0.3, size=layer), tuple(generator.permutation(layer)[:count].tolist())
        found = drawn(generator.random(layer), units, np.setdiff1d(np.arange(layer), units), 20, seed)
        return all(costs[list(one)].sum() < costs[list(units)].sum() for one in found)

    share, chance = np.mean([first(seed) for seed in range(600)]), 1 / (layer // count)
    assert share == pytest.approx(chance, abs=3.3 * (chance * (1 - chance) / 600) ** 0.5)


def test_stand_ins_are_near_their_own_unit():
    spreads = np.repeat([0.1, 0.9], 30)
    found = drawn(spreads, (0, 30), np.setdiff1d(np.arange(60), (0, 30)), 12, 0)
    assert [[spreads[one] for one in draw] for draw in found] == [[0.1, 0.9]] * 12


@pytest.mark.parametrize("units", [None, (), tuple(range(13)), (24,)])
def test_a_control_needs_other_units(run, units):
    with pytest.raises(ValueError):
        effect(run, TEXT, Clamp("cell_state", 0.0, units))


def test_an_edit_is_what_the_equations_say(run):
    learned = trace(run, TEXT)
    index = learned["input"].to_numpy()[0]

    def put(layer, name, time, value):
        return np.where(np.arange(24) == 4, np.arctanh(-0.8), value) if (name, time) == ("cell_state", 100) else value

    changed, _ = oracle.read(run, index, put)
    untouched, _ = oracle.read(run, index, lambda layer, name, time, value: value)
    expected = np.tanh(changed["cell_state"][0, :, 4]) - np.tanh(untouched["cell_state"][0, :, 4])
    made = edit(run, TEXT, Clamp("cell_state", -0.8, (4,), time=100))
    np.testing.assert_allclose(made.difference, expected, atol=1e-4)
    assert float(abs(made.difference[:100]).max()) == 0
    assert made.life is not None
    size = abs(expected[100])
    assert abs(expected[100 + made.life - 1]) > 0.1 * size
    assert (np.abs(expected[100 + made.life :]) <= 0.1 * size).all()


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ([1.0, 0.5, 0.2, 0.1, 0.05], 3),
        ([-1.0, 0.05, 0.2, 0.01], 3),
        ([1.0, 0.01], 1),
        ([1.0, 0.9], None),
        ([1.0], None),
        ([0.0, 0.0], 0),
        ([1.0, np.nan], None),
    ],
)
def test_a_change_lives_until_it_stays_within_a_tenth(difference, expected):
    assert life(np.array(difference)) == expected


@pytest.mark.parametrize(("time", "to"), [(0, 0.6), (100, -0.8), (300, 0.999)])
def test_others_are_edited_by_as_much_and_read_alone(run, time, to):
    learned = squashed(trace(run, TEXT)["cell_state"])[0, 0, 0].to_numpy().astype(float)
    made = edit(run, TEXT, Clamp("cell_state", to, (4,), time=time), draws=8)
    size = to - learned[time, 4]
    assert 4 not in made.units
    assert len(set(made.units)) == len(made.units) == len(made.lives) == len(made.differences) == 8
    for unit, difference, lives in zip(made.units, made.differences, made.lives, strict=True):
        way = 1 if abs(learned[time, unit] + size) <= 1 else -1
        assert abs(learned[time, unit] + way * size) <= 1
        clamp = Clamp("cell_state", learned[time, unit] + way * size, (unit,), time=time)
        alone = squashed(trace(run, TEXT, (clamp,))["cell_state"])[0, 0, 0, :, unit].to_numpy() - learned[:, unit]
        np.testing.assert_allclose(difference, way * alone, atol=1e-4)
        assert difference[time] == pytest.approx(size, abs=1e-4)
        assert lives == life(difference[time:])


def test_an_edit_in_an_upper_layer_hears_what_is_below():
    training = Training(SPEC.replace(cell="gru", layer_count=2, updates=5))
    training.advance(5)
    run, clamp = training.run(), Clamp("hidden_state", 0.7, (2,), layer=1, time=20)
    alone = trace(run, TEXT[:80], (clamp,))["hidden_state"] - trace(run, TEXT[:80])["hidden_state"]
    np.testing.assert_allclose(edit(run, TEXT[:80], clamp).difference, alone[1, 0, 0, :, 2], atol=1e-5)


def test_units_without_room_for_the_edit_are_not_drawn(run):
    learned = squashed(trace(run, TEXT)["hidden_state"])[0, 0, 0, 60].to_numpy().astype(float)
    unit = int(abs(learned).argmax())
    to = -1.0 if learned[unit] > 0 else 1.0
    room = np.flatnonzero(abs(learned) >= abs(to - learned[unit]) - 1)
    made = edit(run, TEXT, Clamp("hidden_state", to, (unit,), time=60), draws=24)
    assert sorted(made.units) == [one for one in room if one != unit]


def edited(own, *others):
    return Edit(np.zeros(1), own, tuple(range(len(others))), np.zeros((len(others), 1)), others)


@pytest.mark.parametrize(
    ("made", "median", "reach", "longer"),
    [
        (edited(5, 1, 3, 9), 3, (1, 9), 1),
        (edited(5, None, 9, 1, 3), 3, (1, None), 2),
        (edited(None, None, None, 2), None, (2, None), 0),
    ],
)
def test_what_outlives_the_text_is_longer_than_all_else(made, median, reach, longer):
    assert (made.median, made.reach, made.longer) == (median, reach, longer)


def test_where_no_other_had_room_there_is_no_middle_of_them():
    alone = edited(5)
    for one in ("median", "reach"):
        with pytest.raises(ValueError, match="room"):
            getattr(alone, one)
    assert alone.longer == 0


def test_an_edit_of_size_zero_has_no_life(run):
    there = float(np.tanh(trace(run, TEXT)["cell_state"].to_numpy()[0, 0, 0, 50, 3]))
    assert edit(run, TEXT, Clamp("cell_state", there, (3,), time=50)).life == 0


@pytest.mark.parametrize(
    "wrong",
    [Clamp("cell_state", 0.0, (1,)), Clamp("cell_state", 0.0, time=3), Clamp("cell_state", 0.0, (1,), time=len(TEXT))],
    ids=str,
)
def test_an_edit_is_of_one_unit_at_one_time_step(run, wrong):
    with pytest.raises(ValueError):
        edit(run, TEXT, wrong)
