"""What the race page says of runs, and the drawing that is filled from tables."""

import math

import numpy as np
import pytest
import vl_convert

from core.cells import cells
from core.measures.race import Curve, judge, outline, summarise
from core.presets import OSCILLATION
from dashboard import racing, words
from dashboard.charts.race import Axes, loss_race, race_tables
from dashboard.live import Watched
from dashboard.racing import Race

NAMES = {"elman": "Elman RNN", "lstm": "LSTM", "gru": "GRU"}
WORDS = {one: one for one in ("loss", "gradient_norm", "update", "updates", "clip_norm", "blind")} | NAMES


def falling(end=2.0):
    return end + (6.0 - end) * np.exp(-np.arange(400) / 40)


def zigzag():
    return np.where(np.arange(400) % 4 == 0, 24.0, 18.0)


def curve(cell, loss, seed=0, norm=1.0, **more):
    return Curve.of(cell, seed, np.array(loss) * math.log(2), np.full(len(loss), norm), np.zeros(len(loss)), **more)


def race(**losses) -> Race:
    curves = tuple(curve(cell, loss, seed) for cell, runs in losses.items() for seed, loss in enumerate(runs))
    specs = tuple(OSCILLATION.replace(cell=one.cell, seed=one.seed) for one in curves)
    found = {cell: [judge(one) for one in curves if one.cell == cell] for cell in losses}
    outlines = tuple(outline([one for one in curves if one.cell == cell], 400) for cell in losses)
    return Race(specs, curves, outlines, {cell: summarise(one) for cell, one in found.items()}, 6.0)


@pytest.fixture(params=["en", "zh"])
def language(request, monkeypatch):
    monkeypatch.setattr(words, "language", lambda: request.param)
    monkeypatch.setattr("dashboard.address.page", lambda: "race")
    return request.param


class TestWords:
    def test_the_title_says_who_oscillates_whoever_it_is(self, language) -> None:
        usual = racing.title(race(elman=[zigzag()], lstm=[falling()], gru=[falling(1.5)]))
        turned = racing.title(race(elman=[falling()], lstm=[zigzag()]))
        assert (
            usual
            == {
                "en": "Elman RNN oscillates, LSTM and GRU converge",
                "zh": "Elman RNN 震荡，LSTM 和 GRU 收敛",
            }[language]
        )
        assert turned.startswith({"en": "LSTM oscillates", "zh": "LSTM 震荡"}[language])

    def test_a_race_that_was_stopped_is_not_under_way(self, language) -> None:
        def watched(cell, goes):
            return Watched(
                spec=OSCILLATION.replace(cell=cell),
                update=np.arange(1, 4),
                loss=np.full(3, 4.0),
                gradient_norm=np.ones(3),
                clipped=np.zeros(3),
                held_out_update=np.zeros(0),
                held_out_loss=np.zeros(0),
                updates=400,
                goes=goes,
                run=None,
            )

        under_way = {"en": "Under way", "zh": "正在进行"}[language]
        stopped = racing.title(racing.growing_race([watched("elman", False), watched("lstm", False)]))
        assert under_way not in stopped
        assert "Elman RNN" in stopped
        assert under_way in racing.title(racing.growing_race([watched("elman", True), watched("lstm", False)]))

    def test_where_all_converge_the_title_says_who_ends_lowest_or_that_nobody_does(self, language) -> None:
        assert "Elman RNN" in racing.title(race(elman=[falling(1.0)], lstm=[falling(2.0)]))
        level = racing.title(race(elman=[falling()], lstm=[falling()]))
        assert not any(name in level for name in NAMES.values())

    def test_every_behaviour_has_its_sentence(self, language) -> None:
        lost = [6.0, 5.0, math.inf]
        told = racing.verdict(race(elman=[zigzag()], lstm=[lost], gru=[np.full(400, 6.0)]))
        assert len(told) == 4
        assert "18.00" in told[0]
        assert "24.00" not in told[0], "it began higher, so nothing is said of being worse than before"
        assert "3" in told[1]
        assert "6.00" in told[2]

    def test_worse_than_before_training_is_said(self, language) -> None:
        loss = zigzag()
        loss[0] = 6.0
        assert "6.00" in racing.verdict(race(elman=[loss]))[0]

    def test_seeds_that_disagree_are_counted(self, language) -> None:
        sentence = racing.verdict(race(elman=[zigzag(), zigzag(), falling()]))[0]
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
        assert [one for one in racing.guesses(tuple(losses)) if right in racing.answer(found, one)] == [true]

    def test_the_table_has_a_row_for_each(self, language) -> None:
        table = racing.verdict_table(race(elman=[zigzag(), falling()], lstm=[falling(), falling()]))
        assert table.shape == (2, 7)
        assert "–" in table.iloc[0, 3], "the range over seeds"


def test_the_history_holds_every_update_of_every_run() -> None:
    history = racing.history(race(elman=[falling(), zigzag()], lstm=[falling()]))
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
        monkeypatch.setattr("dashboard.address.page", lambda: "race")
        drawn = []
        monkeypatch.setattr("dashboard.figure.show", lambda *_, data, **more: drawn.append(data()))
        ended = race(elman=[zigzag() + np.arange(400) / 200], lstm=[falling(2.2)])
        racing.draw_race(ended, name="race", title="", height=400)
        ends = {row.cell: row.label for row in drawn[0]["ends"].itertuples() if row.cell}
        for (cell, end), sentence in zip(ends.items(), racing.verdict(ended), strict=False):
            assert end == f"{NAMES[cell]} {ended.summaries[cell].final_level.median:.2f}"
            assert end.rpartition(" ")[2] in sentence

    def test_the_area_is_for_several_seeds_only(self) -> None:
        _, one = self.tables([curve("elman", falling())])
        _, two = self.tables([curve("elman", falling()), curve("elman", zigzag(), seed=1)])
        assert one["lines"]["low"].isna().all()
        assert two["lines"]["low"].notna().all()

    def test_the_axes_stay_while_a_curve_grows_within_them(self) -> None:
        axes = {Axes.around([outline([curve("lstm", falling(3.1)[:count])], 400)], 400) for count in (20, 50, 200, 400)}
        assert len(axes) == 1
