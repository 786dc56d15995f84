"""What the race page says of runs, and the drawing that is filled from tables."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import vl_convert

from core.cells import cells
from core.measures.race import Curve, climbs_and_swings, judge, outline, summarise
from core.spec.presets import OSCILLATION
from dashboard.app_pages.race import competition, competitors, drawing, sentences, tables
from dashboard.app_pages.race.competition import Race
from dashboard.experiment.curves import Watched
from dashboard.figures.charts.race import Axes, loss_race, race_tables
from dashboard.shell import words

NAMES = {"elman": "Elman RNN", "lstm": "LSTM", "gru": "GRU"}
WORDS = {one: one for one in ("loss", "gradient_norm", "update", "updates", "clip_norm", "blind")} | NAMES


def falling(end=2.0):
    return end + (6.0 - end) * np.exp(-np.arange(400) / 40)


def zigzag():
    return np.where(np.arange(400) % 2 == 0, 24.0, 12.0)


def curve(cell, loss, seed=0, norm=1.0, **more):
    return Curve.of(cell, seed, np.array(loss) * math.log(2), np.full(len(loss), norm), np.zeros(len(loss)), **more)


def race(**losses) -> Race:
    curves = tuple(curve(cell, loss, seed) for cell, runs in losses.items() for seed, loss in enumerate(runs))
    specs = tuple(OSCILLATION.replace(cell=one.cell, seed=one.seed) for one in curves)
    found = {cell: [judge(one) for one in curves if one.cell == cell] for cell in losses}
    outlines = tuple(outline([one for one in curves if one.cell == cell], 400) for cell in losses)
    summaries = {cell: summarise(one) for cell, one in found.items()}
    levels = {cell: one.final_level.median for cell, one in summaries.items()}
    return Race(specs, curves, outlines, summaries, 6.0, trained=len(curves), levels=levels)


def standing(spec, loss=(), goes=False, run=None) -> Watched:
    """A training as far as it has come, its loss in bits."""
    points, none = np.arange(1, len(loss) + 1), np.zeros(0)
    losses = np.array(loss) * math.log(2)
    return Watched(spec, points, losses, np.ones(points.size), np.zeros(points.size), none, none, 400, goes, run)


def ended(spec, loss) -> Watched:
    """One that has been trained to the end."""
    curves = {"loss": np.array(loss) * math.log(2), "gradient_norm": np.ones(400), "clipped": np.zeros(400)}
    run = SimpleNamespace(spec=spec, curves=curves, diverged_at=None, symbols="abc")
    return standing(spec, loss, run=run)


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch):
    monkeypatch.setattr(words, "language", lambda: request.param)
    monkeypatch.setattr("dashboard.shell.address.page", lambda: "race")
    return request.param


class TestWords:
    def test_the_title_says_who_oscillates_whoever_it_is(self, language) -> None:
        usual = sentences.title(race(elman=[zigzag()], lstm=[falling()], gru=[falling(1.5)]))
        turned = sentences.title(race(elman=[falling()], lstm=[zigzag()]))
        assert (
            usual
            == {
                "en": "Elman RNN oscillates, LSTM and GRU settle",
                "zh": "Elman RNN 震荡，LSTM 和 GRU 已稳定",
            }[language]
        )
        assert turned.startswith({"en": "LSTM oscillates", "zh": "LSTM 震荡"}[language])

    def test_who_ends_equally_low_has_no_gap(self, language) -> None:
        said = sentences.verdict(race(elman=[falling(0.5)], lstm=[falling(0.5)]))[-1]
        assert "0.00" not in said
        assert {"en": "end equally low", "zh": "最后一样低"}[language] in said

    def test_a_race_that_was_stopped_is_not_under_way(self, language) -> None:
        def watched(cell, goes):
            return standing(OSCILLATION.replace(cell=cell), np.full(3, 4.0), goes=goes)

        under_way = {"en": "Under way", "zh": "正在进行"}[language]
        stopped = sentences.title(competition.growing_race([watched("elman", False), watched("lstm", False)]))
        assert under_way not in stopped
        assert "Elman RNN" in stopped
        assert under_way in sentences.title(competition.growing_race([watched("elman", True), watched("lstm", False)]))

    def test_of_a_race_of_several_seeds_the_title_counts_those_that_are_trained(self, language) -> None:
        specs = [OSCILLATION.replace(cell=cell, seed=seed) for seed in range(4) for cell in ("elman", "lstm")]
        trained = competition.growing_race([ended(specs[0], falling()), *(standing(spec) for spec in specs[1:])])
        assert {"en": "1 of 8 networks", "zh": "8 个网络中有 1 个"}[language] in sentences.title(trained)
        alone = competition.growing_race([ended(specs[0], falling()), standing(specs[1])])
        assert "LSTM" in sentences.title(alone)
        assert "Elman" not in sentences.title(alone)

    def test_where_all_are_calm_the_title_says_who_ends_lowest_or_that_nobody_does(self, language) -> None:
        lowest = sentences.title(race(elman=[falling(1.0)], lstm=[falling(2.0)]))
        assert {"en": "all settle, Elman RNN lowest after 400 updates", "zh": "都已稳定，400 次更新后 Elman RNN 最低"}[
            language
        ] == lowest
        steep = np.geomspace(6, 1, 400)
        still = sentences.title(race(elman=[steep], lstm=[2 * steep]))
        assert {"en": "all are still falling", "zh": "都仍在下降"}[language] in still
        mixed = sentences.title(race(elman=[steep], lstm=[falling(2.0)]))
        assert {"en": "Elman RNN is still falling, LSTM settles", "zh": "Elman RNN 仍在下降，LSTM 已稳定"}[
            language
        ] == mixed

    def test_with_few_updates_nobody_is_right_and_nobody_leads(self, language) -> None:
        few = race(elman=[np.geomspace(6, 1, 10)], lstm=[np.geomspace(6, 2, 10)])
        assert len(sentences.verdict(few)) == 2, "a sentence for each, none about a lead"
        said = sentences.answer(few, "none")
        assert {"en": "cannot be told", "zh": "无法判断"}[language] in said

    def test_an_oscillation_is_told_by_what_decides_it(self, language) -> None:
        slow = 6 + 3 * np.sin(np.linspace(0, 20 * math.pi, 400))
        sentence = sentences.verdict(race(elman=[slow]))[0]
        climbs, _ = climbs_and_swings(slow)
        assert f"{climbs:.1f}" in sentence
        level = sentences.title(race(elman=[falling()], lstm=[falling()]))
        assert not any(name in level for name in NAMES.values())

    def test_with_several_seeds_the_ranges_decide_and_are_what_is_said(self, language) -> None:
        apart = race(elman=[zigzag(), 2 * zigzag()], lstm=[falling(), falling(2.2)])
        overlap = {"en": "overlap", "zh": "重叠"}[language]
        denied = {"en": "ranges over seeds do not overlap", "zh": "范围没有重叠"}[language]
        assert denied in sentences.verdict(apart)[-1]
        meeting = race(elman=[falling(1.0), falling(3.0)], lstm=[falling(2.0), falling(4.0)])
        assert overlap in sentences.verdict(meeting)[-1]
        assert denied not in sentences.verdict(meeting)[-1]
        assert not any(name in sentences.title(meeting) for name in NAMES.values())

    def test_every_behaviour_has_its_sentence(self, language) -> None:
        lost = [6.0, 5.0, math.inf]
        told = sentences.verdict(race(elman=[zigzag()], lstm=[lost], gru=[np.full(400, 6.0)]))
        assert len(told) == 4
        assert "18.00" in told[0]
        assert "24.00" not in told[0], "it began higher, so nothing is said of being worse than before"
        assert "3" in told[1]
        assert "6.00" in told[2]

    def test_worse_than_before_training_is_said(self, language) -> None:
        loss = zigzag()
        loss[0] = 6.0
        assert "6.00" in sentences.verdict(race(elman=[loss]))[0]

    def test_seeds_that_disagree_are_counted(self, language) -> None:
        sentence = sentences.verdict(race(elman=[zigzag(), zigzag(), falling()]))[0]
        assert {"en": "2 of 3 seeds", "zh": "3 个种子里有 2 个"}[language] in sentence

    @pytest.mark.parametrize(
        ("losses", "true"),
        [
            ({"elman": [zigzag()], "lstm": [falling()]}, "elman"),
            ({"elman": [falling()], "lstm": [zigzag()]}, "lstm"),
            ({"elman": [zigzag()], "lstm": [zigzag()]}, "several"),
            ({"elman": [falling()], "lstm": [falling()]}, "none"),
        ],
    )
    def test_only_the_right_guess_is_right(self, language, losses, true) -> None:
        right = {"en": "You were right", "zh": "你猜对了"}[language]
        found = race(**losses)
        assert [one for one in competitors.guesses(tuple(losses)) if right in sentences.answer(found, one)] == [true]

    def test_the_table_has_a_row_for_each(self, language) -> None:
        table = tables.verdict_table(race(elman=[zigzag(), falling()], lstm=[falling(), falling()]))
        assert table.shape == (6, 2)
        assert list(table.columns) == ["Elman RNN", "LSTM"]
        assert "–" in table.iloc[2, 0], "the range over seeds"
        assert table.iloc[2, 1] == "2.00", "a range of nothing is not one"


def test_the_history_holds_every_update_of_every_run() -> None:
    history = tables.history(race(elman=[falling(), zigzag()], lstm=[falling()]))
    assert len(history) == 1200
    np.testing.assert_allclose(history["loss_nats"] / math.log(2), history["loss_bits"])


class TestDrawing:
    def tables(self, curves, **more):
        lines = [
            outline([one for one in curves if one.cell == cell], 400) for cell in dict.fromkeys(c.cell for c in curves)
        ]
        axes = Axes.around(lines, 400, more.get("clip_norm"))
        return axes, race_tables(axes, lines, curves, words=WORDS, **more)

    def test_it_compiles_with_and_without_curves(self) -> None:
        design = loss_race(cells.names()).to_dict() | {"width": 600}
        for curves in ([], [curve("elman", [])], [curve("elman", zigzag()), curve("lstm", falling())]):
            _, tables = self.tables(curves, clip_norm=1.0, blind=6.0)
            rows = {name: table.to_dict("records") for name, table in tables.items()}
            assert vl_convert.vegalite_to_svg(design | {"datasets": rows}).startswith("<svg")

    def test_it_names_its_data_and_holds_none(self) -> None:
        assert "datasets" not in loss_race(cells.names()).to_dict()

    def test_everything_drawn_lies_within_the_axes(self) -> None:
        spiked = falling(0.9)
        spiked[200] = 3000.0
        axes, tables = self.tables(
            [curve("elman", spiked, norm=4e7), curve("lstm", zigzag())], clip_norm=1.0, blind=6.0
        )
        low, high = axes.levels
        for name, column in (("lines", "middle"), ("runs", "loss"), ("ends", "place")):
            assert tables[name][column].between(low, high).all(), name
        assert tables["lines"]["norm_high"].between(*axes.norms).all()
        assert tables["runs"]["loss"].max() == pytest.approx(3000.0), "the spike is drawn"

    def test_labels_at_the_line_ends_do_not_overlap(self) -> None:
        axes, tables = self.tables([curve(cell, falling(2.0 + 0.01 * row)) for row, cell in enumerate(NAMES)])
        pixels = np.sort(np.log(tables["ends"]["place"])) / np.log(axes.levels[1] / axes.levels[0])
        assert (np.diff(pixels) * axes.height * 0.64 * 0.9 >= 15.5).all()

    def test_the_number_at_the_end_of_a_line_is_the_verdicts(self, monkeypatch) -> None:
        monkeypatch.setattr(words, "language", lambda: "en")
        monkeypatch.setattr("dashboard.shell.address.page", lambda: "race")
        drawn = []
        monkeypatch.setattr("dashboard.figures.figure.show", lambda *_, data, **more: drawn.append(data()))
        ended = race(elman=[zigzag() + np.arange(400) / 200], lstm=[falling(2.2)])
        drawing.draw_race(ended, name="race", title="", height=400)
        ends = {row.cell: row.label for row in drawn[0]["ends"].itertuples() if row.cell}
        for (cell, end), sentence in zip(ends.items(), sentences.verdict(ended), strict=False):
            assert end == f"{NAMES[cell]} {ended.summaries[cell].final_level.median:.2f}"
            assert end.rpartition(" ")[2] in sentence

    def test_a_curve_that_has_ended_keeps_its_number_whatever_else_is_asked(self, monkeypatch) -> None:
        monkeypatch.setattr(words, "language", lambda: "en")
        monkeypatch.setattr("dashboard.shell.address.page", lambda: "race")
        drawn = []
        monkeypatch.setattr("dashboard.figures.figure.show", lambda *_, data, **more: drawn.append(data()["ends"]))

        def number(cell, *watched):
            drawing.draw_race(competition.growing_race(watched), name="race", title="", height=400)
            (told,) = drawn[-1][drawn[-1]["cell"] == cell]["label"]
            return told.rpartition(" ")[2]

        first, second, other = (
            OSCILLATION.replace(cell=cell, seed=seed) for cell, seed in (("elman", 0), ("elman", 1), ("lstm", 0))
        )
        rising = zigzag() + np.arange(400) / 20
        level = f"{judge(curve('elman', rising)).final_level:.2f}"
        assert number("elman", ended(first, rising)) == level
        assert number("elman", ended(first, rising), standing(second)) == level
        assert number("elman", ended(first, rising), standing(other, falling()[:50], goes=True)) == level
        follows = number("lstm", ended(first, rising), standing(other, np.full(50, 3.0), goes=True))
        assert follows == "3.00"
        assert number("elman", ended(first, rising), standing(second, goes=True)) != level, "more of it is to come"

    def test_the_area_is_for_several_seeds_only(self) -> None:
        _, one = self.tables([curve("elman", falling())])
        _, two = self.tables([curve("elman", falling()), curve("elman", zigzag(), seed=1)])
        assert one["lines"]["low"].isna().all()
        assert two["lines"]["low"].notna().all()

    def test_the_axes_stay_while_a_curve_grows_within_them(self) -> None:
        axes = {Axes.around([outline([curve("lstm", falling(3.1)[:count])], 400)], 400) for count in (20, 50, 200, 400)}
        assert len(axes) == 1
