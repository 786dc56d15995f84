"""A planted detector is found; what the controls explain as well is none; an untrained network has none."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import xarray
from scipy.signal import lfilter

from core.concepts import Kind, Labels, about, labelled, of_domain
from core.spec import RunSpec
from core.texts import Concepts
from core.traces.squashed import squashed
from core.traces.tracing import trace
from core.training import Training
from core.units.blocks import blocks
from core.units.finder import FinderVerdict, Finding, Grade, Search, Unit, find, strengths
from core.units.searched import FIRST_LOOK
from core.units.states import states

TEXT = "".join(f"{' ' * 4 * (line * line % 7 % 3)}{'word ' * (line % 5)}= {line}\n" for line in range(400))
INDENTATION = labelled("indentation", TEXT)
PLANTED = Unit("cell_state", 1, 3)


def noise(seed: int, **planted: np.ndarray) -> xarray.DataArray:
    """Two states, two layers, five units of noise; ``unit`` is planted among them."""
    values = np.random.default_rng(seed).normal(size=(2, 2, 5, len(TEXT))).astype(np.float32)
    if planted:
        values[1, 1, 3] = planted["unit"] + values[1, 1, 3] * 0.01
    return xarray.DataArray(values, {"state": ["hidden_state", "cell_state"]}, ("state", "layer", "unit", "time"))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_planted_detector_is_found_whatever_its_sign(sign: int) -> None:
    finding = Search(TEXT, noise(0, unit=sign * 0.1 * INDENTATION.values), noise(1)).find(INDENTATION, Kind.COUNT)
    assert finding.found is not None
    assert finding.found.unit == PLANTED
    assert finding.found.score * sign > 0.99
    assert finding.verdict is FinderVerdict.DETECTOR
    assert finding.found.untrained < 0.1


def test_a_unit_that_follows_the_position_in_a_line_is_no_detector() -> None:
    """It goes with the indentation, for deeper lines reach further; so does one in the untrained network."""
    column = labelled("column", TEXT).values / 20
    finding = Search(TEXT, noise(0, unit=column), noise(1, unit=-column)).find(INDENTATION, Kind.COUNT)
    assert finding.found is not None
    assert finding.found.unit == PLANTED
    assert finding.strength > 0.1
    assert finding.verdict is FinderVerdict.NO_BETTER_THAN_UNTRAINED


def test_where_the_untrained_network_does_it_nothing_can_be_said_of_training() -> None:
    known = 0.1 * INDENTATION.values
    finding = Search(TEXT, noise(0, unit=known), noise(1, unit=known)).find(INDENTATION, Kind.COUNT)
    assert finding.verdict is FinderVerdict.UNTRAINED_KNOWS
    assert not finding.is_detector


def test_slow_units_go_with_a_slow_concept_by_chance() -> None:
    """One number for each block of lines: there are few of them, which white noise in the twin does not show."""
    generator, block = np.random.default_rng(5), blocks(TEXT)
    slow = generator.normal(size=(21, block.max() + 1))[:, block]
    trained = noise(0).copy(data=slow[1:].reshape(2, 2, 5, -1))
    trained[1, 1, 3] = 0.4 * slow[0] + 0.9 * slow[-1]
    labels = replace(INDENTATION, values=slow[0] + np.arange(len(TEXT)) % 2 / 1_000)
    assert Search(TEXT, trained, noise(1)).find(labels, Kind.COUNT).verdict is FinderVerdict.NO_BETTER_THAN_SHUFFLED


def test_what_is_asked_of_a_finding_again_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Search(TEXT, noise(0), noise(1)).find(INDENTATION, Kind.COUNT, probes=False)
    told = (finding.chance, finding.interval)
    assert finding.found is not None
    assert told[0] == np.percentile(finding.found.shuffled, 99)
    monkeypatch.delattr(np, "percentile")
    assert (finding.chance, finding.interval) == told
    assert finding.verdict is FinderVerdict.NO_BETTER_THAN_UNTRAINED


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("characters", "memories", "stays", "seeds"),
    [(600, (20, 50, 100, 200), (5, 20, 50), 80), (20_000, (100, 200), (100, 200), 30)],
)
def test_slow_units_that_know_nothing_stay_below_what_shuffled_labels_give(
    characters: int, memories: Sequence[float], stays: Sequence[float], seeds: int
) -> None:
    """A hundred shuffles leave 2 in 100 beyond their 99th percentile. Shuffled blocks of lines leave 8 to 13 here."""
    beyond, searches = np.zeros(2), 0
    text = ("word " * 8 + "\n") * (characters // 40)
    for seed in range(seeds):
        generator = np.random.default_rng(seed)
        units = np.concatenate([walks(generator, 16, len(text), np.exp(-1 / one)) for one in memories])
        read = xarray.DataArray(
            units.astype(np.float32)[None, None], {"state": ["a"]}, ("state", "layer", "unit", "time")
        )
        for stay in stays:
            known = (walks(generator, 1, len(text), np.exp(-1 / stay))[0] > 0).astype(np.float64)
            labels = Labels(known, np.ones(len(text), dtype=bool))
            found = Search(text, read, read, seed).find(labels, Kind.BINARY, probes=False)
            if found.found is None:
                continue
            strongest = strengths(found.found.scores["auroc"].to_numpy(), Kind.BINARY).max()
            beyond += [found.strength > found.chance, strongest > found.chance]
            searches += 1
    assert searches > 55
    assert (beyond / searches < 0.06).all(), beyond / searches


def walks(generator: np.random.Generator, count: int, time: int, stay: float) -> np.ndarray:
    """Autoregressive noise: x_t = stay x_(t-1) + e_t."""
    return lfilter([1], [1, -stay], generator.normal(size=(count, time + 500)), axis=1)[:, 500:]


@pytest.mark.parametrize(("lines", "verdict"), [(400, FinderVerdict.DETECTOR), (100, FinderVerdict.CANDIDATE)])
def test_in_little_text_nothing_is_called_a_detector(lines: int, verdict: FinderVerdict) -> None:
    text = "".join(TEXT.splitlines(keepends=True)[:lines])
    labels = labelled("indentation", text)
    read, twin = (one[..., : len(text)] for one in (noise(0, unit=0.1 * INDENTATION.values), noise(1)))
    finding = Search(text, read, twin).find(labels, Kind.COUNT, probes=False)
    assert (len(text) > FIRST_LOOK) is (verdict is FinderVerdict.DETECTOR)
    assert finding.verdict is verdict
    assert finding.stands_out
    assert finding.is_detector is (verdict is FinderVerdict.DETECTOR)


@pytest.mark.parametrize(
    ("kind", "score", "grade"),
    [
        (Kind.COUNT, 0.9, Grade.CLOSE),
        (Kind.COUNT, -0.95, Grade.CLOSE),
        (Kind.COUNT, 0.89, Grade.CLEAR),
        (Kind.POSITION, -0.48, Grade.LOOSE),
        (Kind.BINARY, 0.97, Grade.CLOSE),
        (Kind.BINARY, 0.1, Grade.CLEAR),
        (Kind.BINARY, 0.6, Grade.LOOSE),
    ],
)
def test_a_grade_says_how_close(kind: Kind, score: float, grade: Grade) -> None:
    found = Search(TEXT, noise(0), noise(1)).find(INDENTATION, Kind.COUNT, probes=False).found
    assert found is not None
    assert Finding(kind, replace(found, score=score), 1, 0).grade is grade


def test_one_binary_concept_has_every_score() -> None:
    labels = labelled("inside_number", TEXT)
    finding = Search(TEXT, noise(0, unit=-labels.values), noise(1)).find(labels, Kind.BINARY)
    assert finding.found is not None
    assert finding.verdict is FinderVerdict.DETECTOR
    assert finding.strength > 0.99 > 0.01 > finding.found.score
    low, high = finding.interval
    assert low - 1e-3 <= finding.strength <= high + 1e-3
    assert set(finding.found.scores) == {"auroc", "iou", "mutual_information"}
    at = dict(zip(("state", "layer", "unit"), PLANTED, strict=True))
    one = finding.found.scores.sel(state=at["state"]).isel(layer=at["layer"], unit=at["unit"])
    assert float(one["auroc"]) == pytest.approx(finding.found.score, abs=1e-6)
    assert float(one["iou"]) > 0.9
    assert finding.found.probe > 0.95
    others = np.delete(np.rollaxis(finding.found.scores["auroc"].to_numpy(), 0, 3)[at["layer"]], at["unit"], axis=0)
    assert finding.found.random[1] < 0.6, "the unit that was found is not its own control"
    assert finding.found.random[1] >= np.maximum(others, 1 - others).max()
    assert len(finding.found.shuffled) >= 100
    told = finding.found.scores["mutual_information"]
    assert finding.found.of_unit(told) == told.max() > 0.3
    assert sorted(told.to_numpy().ravel())[-2] < 0.02, "all others know nothing"


@pytest.mark.parametrize("name", ["indentation", "inside_number"])
def test_the_controls_of_every_unit_are_those_of_the_unit_alone(name: str) -> None:
    labels, kind = labelled(name, TEXT), about(name).kind
    trained, twin = noise(0, unit=0.1 * labels.values), noise(1, unit=-0.02 * labels.values)
    whole = Search(TEXT, trained, twin).find(labels, kind, probes=False)
    assert whole.found is not None
    assert whole.found.untrained == pytest.approx(float(whole.found.beside["untrained"].max()))
    assert whole.chance >= float(whole.found.beside["shuffled"].max())
    assert (whole.found.beside["low"] <= whole.found.beside["high"]).all()
    for unit in (PLANTED, Unit("hidden_state", 0, 2)):
        at = {"state": [unit.state], "layer": [unit.layer], "unit": [unit.number]}
        one, other = (
            values.sel(state=at["state"]).isel(layer=at["layer"], unit=at["unit"]) for values in (trained, twin)
        )
        alone = Search(TEXT, one, other).find(labels, kind, probes=False)
        assert alone.found is not None
        beside = whole.found.beside.sel(state=unit.state).isel(layer=unit.layer, unit=unit.number)
        assert float(beside["untrained"]) == pytest.approx(alone.found.untrained, abs=1e-5)
        assert float(beside["shuffled"]) == pytest.approx(alone.chance, abs=1e-5)
        assert float(beside["low"]) == pytest.approx(alone.interval[0], abs=0.03)
        assert float(beside["high"]) == pytest.approx(alone.interval[1], abs=0.03)


def test_without_probes_scikit_learn_is_not_asked() -> None:
    finding = Search(TEXT, noise(0), noise(1)).find(INDENTATION, Kind.COUNT, probes=False)
    assert finding.found is not None
    assert set(finding.found.scores) == {"pearson", "spearman", "mutual_information"}
    assert np.isnan([finding.found.probe, finding.found.untrained_probe]).all()


@pytest.mark.parametrize("text", ["x", "abc\n" * 3, "    x = 1\n" * 200])
def test_where_nothing_varies_there_is_nothing_to_find(text: str) -> None:
    values = np.zeros((1, 1, 3, len(text)), dtype=np.float32)
    read = xarray.DataArray(values, {"state": ["hidden_state"]}, ("state", "layer", "unit", "time"))
    finding = Search(text, read, read).find(labelled("indentation", text), Kind.COUNT)
    assert finding.verdict is FinderVerdict.NOTHING_TO_FIND
    assert np.isnan([finding.strength, finding.chance]).all()


def test_units_that_do_not_move_are_no_detectors() -> None:
    still = xarray.zeros_like(noise(0))
    assert not Search(TEXT, still, still).find(INDENTATION, Kind.COUNT).is_detector


@pytest.mark.parametrize("seed", range(20))
def test_an_untrained_network_has_no_detector(seed: int) -> None:
    """Its control is another draw of the same weights: the margin holds between any two of them."""
    options = (("length", 40_000),)
    one, other = (
        Training(RunSpec(cell="lstm", hidden_size=32, updates=1, seed=seed, options=options))
        for seed in (seed, seed + 100)
    )
    text = one.task.held_out_text[:4_000]
    searched = Search(text, states(one.run(), text), states(other.run(), text))
    for name in of_domain(Concepts.CODE):
        assert not searched.find(labelled(name, text), about(name).kind).is_detector, name


@pytest.mark.parametrize("cell", ["elman", "gru", "lstm"])
def test_the_states_are_those_of_a_trace(cell: str) -> None:
    training = Training(RunSpec(cell=cell, hidden_size=5, layer_count=2, updates=1, options=(("length", 3_000),)))
    text = training.task.held_out_text
    read, whole = states(training.run(), text), trace(training.run(), text)
    for name in read["state"].to_numpy():
        expected = squashed(whole[name]).isel(direction=0, example=0).transpose("layer", "unit", "time")
        assert np.array_equal(read.sel(state=name), expected)
    assert read.sizes["state"] == (2 if cell == "lstm" else 1)


def test_an_empty_text_cannot_be_searched() -> None:
    training = Training(RunSpec(cell="gru", hidden_size=8, updates=1, options=(("length", 3_000),)))
    with pytest.raises(ValueError, match="empty"):
        find(training.run(), "", "column")
