"""The verdict numbers of the race, against pandas, and on curves whose character is known by construction."""

import math

import numpy as np
import pandas as pd
import pytest

from core.measures import race
from core.measures.race import (
    Behaviour,
    Curve,
    Spread,
    bits,
    judge,
    lead,
    outline,
    running_median,
    summarise,
    thin,
    upward_jumps,
)
from core.spec.presets import OSCILLATION, PRESETS
from core.store import saved
from core.training import Training


def curve(loss_in_bits, *, cell="elman", seed=0, clipped=None, **more) -> Curve:
    loss = np.asarray(loss_in_bits, dtype=float) * math.log(2)
    ones = np.ones(loss.size)
    return Curve.of(cell, seed, loss, ones, 0 * ones if clipped is None else clipped, **more)


def noisy(level, spread, updates=400, seed=0):
    return level + spread * np.random.default_rng(seed).standard_normal(updates)


def falling(end=4.0, start=6.5, updates=400):
    return end + (start - end) * np.exp(-np.arange(updates) / 40)


def zigzag(updates=400):
    return np.where(np.arange(updates) % 2 == 0, 24.0, 12.0)


def test_bits_of_one_nat() -> None:
    assert bits(math.log(8)) == pytest.approx(3)


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_agree_with_pandas(seed) -> None:
    loss = pd.Series(np.abs(noisy(5, 1.5, seed=seed)) + 0.2)
    clipped = np.random.default_rng(seed).integers(0, 2, 400).astype(float)
    verdict = judge(curve(loss, clipped=clipped))
    tail = loss.tail(40)
    assert verdict.final_level == pytest.approx(tail.median())
    assert verdict.final_low == pytest.approx(tail.quantile(0.25))
    assert verdict.final_high == pytest.approx(tail.quantile(0.75))
    assert verdict.first_level == pytest.approx(loss[0])
    assert verdict.step_deviation == pytest.approx(loss.diff().std(ddof=0))
    assert verdict.upward_jumps == int((loss.pct_change() > 0.15).sum())
    assert verdict.clip_share == pytest.approx(clipped.mean())


def test_a_jump_of_exactly_fifteen_percent_does_not_count() -> None:
    assert list(upward_jumps([4.0, 4.6, 4.0, 4.7, 5.4])) == [3]


@pytest.mark.parametrize(
    ("loss", "behaviour"),
    [
        (falling(), Behaviour.SETTLES),
        (falling() + 0.1 * np.random.default_rng(0).standard_normal(400), Behaviour.SETTLES),
        (np.geomspace(6, 1, 400), Behaviour.FALLS),
        (np.geomspace(6, 1, 24), Behaviour.UNDECIDED),
        (np.geomspace(6, 1, 25), Behaviour.FALLS),
        (zigzag(), Behaviour.OSCILLATES),
        (np.full(400, 6.5), Behaviour.STALLS),
        (np.linspace(4, 8, 400), Behaviour.STALLS),
        ([6.5, 7.0, 40.0, math.inf], Behaviour.DIVERGES),
        ([6.5, 7.0, math.nan], Behaviour.DIVERGES),
    ],
)
def test_behaviour(loss, behaviour) -> None:
    assert judge(curve(loss)).behaviour is behaviour


def test_the_noise_of_small_batches_is_no_oscillation() -> None:
    """As measured of batches of 1 and 4: a tenth to a third of the updates jump up, and the curve falls all along."""
    for seed in range(20):
        for noise in (0.2, 0.4):
            rough = np.geomspace(6.2, 1.3, 400) * np.exp(noise * np.random.default_rng(seed).standard_normal(400))
            assert upward_jumps(rough).size > 0.15 * 400
            told = judge(curve(rough)).behaviour
            assert told is Behaviour.FALLS or (noise == 0.4 and told is Behaviour.UNDECIDED)


def test_what_is_known_by_heart_does_not_oscillate_however_much_of_nothing_it_jumps() -> None:
    heart = np.concatenate([np.geomspace(6, 0.01, 200), 0.01 * np.random.default_rng(1).uniform(0.5, 2, 200)])
    assert upward_jumps(heart).size > 50
    assert judge(curve(heart)).behaviour is Behaviour.SETTLES


def test_a_level_that_climbs_again_and_again_oscillates_however_slowly() -> None:
    slow = 6 + 3 * np.sin(np.linspace(0, 20 * math.pi, 2_000))
    assert upward_jumps(slow).size == 0
    assert judge(curve(slow)).behaviour is Behaviour.OSCILLATES


def test_a_short_noisy_curve_that_is_still_falling_is_not_called_settled() -> None:
    """Sixty updates of which the last two fifths, of twelve each, scatter more than they fall."""
    verdicts = set()
    for seed in range(40):
        noise = np.random.default_rng(seed).standard_normal(60)
        verdicts.add(judge(curve(np.geomspace(6, 3.2, 60) + 0.4 * noise)).behaviour)
    assert Behaviour.SETTLES not in verdicts
    assert Behaviour.UNDECIDED in verdicts


@pytest.mark.parametrize("end", [6.0, 7.0, 3.5])
def test_what_rises_at_the_end_has_not_settled(end: float) -> None:
    burst = np.concatenate([np.linspace(6.5, 2.0, 320), np.full(80, end)])
    assert judge(curve(burst)).behaviour in (Behaviour.RISES, Behaviour.STALLS, Behaviour.OSCILLATES)
    assert (judge(curve(burst)).behaviour is Behaviour.RISES) == (end < 6.5)


@pytest.mark.parametrize("key", [spec.key for name in ("oscillation", "with_clipping") for spec in PRESETS[name]])
def test_the_saved_races_are_far_from_where_verdicts_change(key: str) -> None:
    """Unclipped Elman networks oscillate and all others still fall after 400 updates; bounds may be half or double."""
    run = saved().load(key)
    expected = run.spec.cell == "elman" and run.spec.clip_norm is None
    for factor in (0.5, 1, 2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(race, "CLIMBS", race.CLIMBS * factor)
            patch.setattr(race, "SWINGS", race.SWINGS * factor)
            found = judge(curve(bits(run.curves["loss"]))).behaviour
        assert found is (Behaviour.OSCILLATES if expected else Behaviour.FALLS)


def test_divergence_is_placed_and_what_came_before_is_kept() -> None:
    verdict = judge(curve([6.5, 6.0, 5.0, math.inf]))
    assert (verdict.diverged_at, verdict.updates, verdict.final_level) == (4, 3, pytest.approx(5.0))
    assert judge(curve([6.5, 6.0], diverged_at=3)).behaviour is Behaviour.DIVERGES


def test_a_curve_without_a_finite_loss_is_refused() -> None:
    with pytest.raises(ValueError, match="elman, seed 0"):
        judge(curve([math.nan]))


def test_the_spread_over_seeds_and_the_commonest_behaviour() -> None:
    verdicts = [judge(curve(falling(end=end))) for end in (3.0, 4.0, 4.2)] + [judge(curve(zigzag()))]
    summary = summarise(verdicts)
    assert summary.behaviour is Behaviour.SETTLES
    assert summary.share == 0.75
    assert summary.final_level.low == pytest.approx(min(v.final_level for v in verdicts))
    assert summary.final_level.median == pytest.approx(pd.Series([v.final_level for v in verdicts]).median())
    assert summary.final_level.high == pytest.approx(18.0)
    assert summarise(verdicts[2:]).behaviour is Behaviour.OSCILLATES, "of two equally common, the worse is named"


def test_the_first_divergence_of_any_seed_is_kept() -> None:
    runs = [curve([6.5, 6.0, math.inf]), curve([6.5, math.inf]), curve(falling())]
    assert summarise([judge(run) for run in runs]).diverged_at == 2


def test_a_spread_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Spread.of([])
    with pytest.raises(ValueError, match="at least one"):
        summarise([])


class TestLead:
    def of(self, **losses):
        return lead({name: summarise([judge(curve(loss)) for loss in runs]) for name, runs in losses.items()})

    def test_the_lower_level_leads_whoever_it_is(self) -> None:
        found = self.of(elman=[falling(end=3.2)], lstm=[falling(end=3.9)])
        assert (found.leader, found.runner_up, found.clear) == ("elman", "lstm", True)
        assert found.gap == pytest.approx(0.7, abs=0.01)

    def test_within_the_scatter_there_is_no_clear_leader(self) -> None:
        first, second = (falling() + noisy(0, 0.3, seed=seed) for seed in (1, 2))
        assert not self.of(elman=[first], lstm=[second]).clear

    def test_overlapping_seeds_leave_the_lead_unclear(self) -> None:
        assert not self.of(elman=[falling(end=3.2), falling(end=4.2)], lstm=[falling(end=3.9)]).clear

    def test_seeds_that_do_not_overlap_make_it_clear_however_restless_each_is(self) -> None:
        found = self.of(elman=[zigzag(), zigzag() / 4], lstm=[falling(end=1.0), falling(end=1.2)])
        assert (found.leader, found.clear) == ("lstm", True)
        assert found.gap < 18.0 - 4.5, "less than the other's range over seeds, which decides nothing"
        assert self.of(elman=[falling(end=3.0) + noisy(0, 0.5, seed=1)] * 2, lstm=[falling(end=3.4)] * 2).clear

    def test_a_third_that_reaches_as_low_leaves_the_lead_unclear_and_is_named(self) -> None:
        wide = [falling(end=1.5), falling(end=6.0), falling(end=6.4)]
        found = self.of(elman=[falling(end=end) for end in (1, 2)], lstm=[falling(end=2.5)] * 2, gru=wide)
        assert (found.leader, found.runner_up, found.clear) == ("elman", "gru", False)

    def test_ranges_that_meet_as_printed_overlap_and_the_gap_is_that_of_the_printed_levels(self) -> None:
        def flat(*levels):
            return [np.concatenate([[9.0], np.full(400, level)]) for level in levels]

        assert not self.of(elman=flat(1.0, 2.001), lstm=flat(2.004, 3.0)).clear
        found = self.of(elman=flat(1.0, 2.001), lstm=flat(2.006, 3.0))
        assert found.clear
        assert found.gap == pytest.approx(round(5.006 / 2, 2) - round(3.001 / 2, 2))

    def test_who_diverged_cannot_lead(self) -> None:
        found = self.of(lstm=[[2.0, math.inf]], elman=[falling(end=5.0)])
        assert (found.leader, found.runner_up, found.clear) == ("elman", None, True)

    def test_nobody_leads_when_all_diverged(self) -> None:
        assert self.of(lstm=[[2.0, math.inf]], gru=[[3.0, math.nan]]).leader is None


@pytest.mark.parametrize("window", [1, 3, 7, 21])
def test_the_running_median_is_that_of_pandas(window) -> None:
    values = np.random.default_rng(window).standard_normal(200)
    values[17], values[150:155] = np.nan, np.nan
    expected = pd.Series(values).rolling(window, center=True, min_periods=1).median()
    np.testing.assert_allclose(running_median(values, window), expected)


def test_thinning_keeps_every_stretch_s_extremes() -> None:
    values = np.random.default_rng(3).standard_normal(2000)
    values[1234], values[77] = 50.0, -50.0
    update, thinned = thin(np.arange(1, 2001), values, 300)
    assert update.size <= 300
    assert (np.diff(update) > 0).all()
    np.testing.assert_array_equal(thinned, values[update.astype(int) - 1])
    buckets = pd.Series(values).groupby(np.arange(2000) // 14)
    assert set(buckets.max()) | set(buckets.min()) == set(thinned)


def test_a_short_curve_is_not_thinned() -> None:
    update, values = thin([1, 2, 3], [5.0, 6.0, 7.0], 300)
    assert (list(update), list(values)) == ([1, 2, 3], [5.0, 6.0, 7.0])


class TestOutline:
    def test_it_agrees_with_a_table(self) -> None:
        runs = [np.abs(noisy(5, 1, updates=600, seed=seed)) for seed in range(4)]
        drawn = outline([curve(run, seed=seed) for seed, run in enumerate(runs)], 600, buckets=150, window=1)
        table = pd.DataFrame(np.array(runs).T).groupby(np.arange(600) // 4)
        np.testing.assert_allclose(drawn.low, table.min().min(axis=1))
        np.testing.assert_allclose(drawn.high, table.max().max(axis=1))
        np.testing.assert_allclose(drawn.middle, table.median().median(axis=1))
        np.testing.assert_allclose(drawn.update, pd.Series(np.arange(1, 601)).groupby(np.arange(600) // 4).mean())

    def test_a_single_spike_reaches_the_band(self) -> None:
        loss = falling(updates=2000)
        loss[1501] = 30.0
        assert outline([curve(loss)], 2000).high.max() == pytest.approx(30.0)

    def test_a_single_large_gradient_is_not_lost(self) -> None:
        norms = np.ones((2, 2000))
        norms[1, 777] = 500.0
        runs = [Curve.of("elman", seed, falling(updates=2000), norm, 0 * norm) for seed, norm in enumerate(norms)]
        drawn = outline(runs, 2000)
        assert (drawn.norm_high.max(), drawn.gradient_norm.max()) == (500.0, 1.0)

    def test_a_growing_curve_ends_where_it_is(self) -> None:
        drawn = outline([curve(falling(updates=100))], 400)
        assert drawn.update.max() <= 101

    def test_a_seed_that_has_not_begun_does_not_hide_the_others(self) -> None:
        empty = curve([], seed=1)
        both, alone = outline([curve(falling()), empty], 400), outline([curve(falling())], 400)
        np.testing.assert_array_equal(both.middle, alone.middle)

    def test_losing_a_run_never_improves_the_median(self) -> None:
        good, worse = falling(end=3.0), falling(end=5.0)
        whole = outline([curve(good), curve(worse), curve(falling(end=6.0))], 400)
        lost = outline([curve(good), curve(worse), curve(falling(end=6.0)[:100], diverged_at=101)], 400)
        assert (lost.middle >= whole.middle - 1e-12).all()

    def test_the_line_ends_where_most_runs_have_diverged(self) -> None:
        drawn = outline([curve(falling()[:100], diverged_at=101), curve(falling()[:100], diverged_at=101)], 400)
        assert np.isnan(drawn.middle[drawn.update > 101]).all()
        assert np.isfinite(drawn.middle[drawn.update < 99]).all()

    def test_the_share_of_clipped_updates(self) -> None:
        clipped = np.tile([1.0, 0.0, 0.0, 1.0], 100)
        np.testing.assert_allclose(outline([curve(falling(), clipped=clipped)], 400, buckets=100).clip_share, 0.5)

    def test_nobody_has_begun(self) -> None:
        drawn = outline([curve([])], 400)
        assert drawn.update.size == drawn.middle.size == drawn.norm_high.size == 0

    def test_no_curves_are_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            outline([], 400)


@pytest.mark.parametrize(
    ("held_out", "by_heart"),
    [([5, 4.3, 4.1, 4.0], False), ([5, 4.0, 4.2, 4.39], False), ([5, 4.0, 4.2, 4.41], True), ([], False)],
)
def test_learning_by_heart_is_a_held_out_loss_that_rises_again(held_out: list[float], by_heart: bool) -> None:
    nats = np.array(held_out) * math.log(2)
    verdict = judge(curve(falling(end=0.2), held_out=nats))
    assert verdict.is_by_heart is by_heart
    assert verdict.held_out == pytest.approx(held_out[-1] if held_out else math.nan, nan_ok=True)
    assert not judge(curve(zigzag(), held_out=nats)).is_by_heart, "what oscillates has learnt nothing by heart"
    both = summarise([verdict, judge(curve(falling(), seed=1, held_out=[1.0, 0.9]))])
    assert both.by_heart == by_heart / 2


def test_a_text_learnt_by_heart_is_told_from_one_that_is_understood() -> None:
    """A short text is known by heart after a few hundred updates; of a long one, too little is seen again."""
    short = OSCILLATION.replace(
        cell="elman", hidden_size=48, optimiser="adam", learning_rate=0.01, clip_norm=1.0, updates=300
    )
    found = {}
    for length in (600, 100_000):
        training = Training(short.replace(length=length, truncation_length=32))
        training.advance(300)
        curves = training.run().curves
        ones = np.ones(len(curves["loss"]))
        found[length] = judge(Curve.of("elman", 0, curves["loss"], ones, 0 * ones, held_out=curves["held_out_loss"]))
    assert found[600].is_by_heart
    assert not found[100_000].is_by_heart
