"""What is written under a clamp is free running under it, and its level is counted once more by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from core.concepts import labelled
from core.concepts.own import BadConcept
from core.interventions.outcomes import Sweep
from core.interventions.targets import OwnPattern
from core.interventions.writing import LENGTH, SAMPLES, SWEPT_VALUES, opening, sweep, write
from core.spec import RunSpec
from core.texts import texts
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import trace
from core.traces.writing import free_run
from core.training import Training

TEXT = texts["tidy_code"](600, 3)
SPEC = RunSpec(cell="lstm", hidden_size=24, options=(("length", 6000),), updates=40, learning_rate=0.01)
CLAMP = Clamp("cell_state", 0.5, (4,))


@pytest.fixture(scope="module")
def run():
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


def spelled(run, clamps, seed):
    drawn = free_run(run, opening(run), LENGTH, seed=seed, clamps=clamps)["drawn"].to_numpy()[0]
    return "".join(run.symbols[one] for one in drawn)


def test_both_texts_are_those_of_free_running(run):
    assert write(run, TEXT, CLAMP, seed=3) == (spelled(run, (), 3), spelled(run, (CLAMP,), 3))


def test_a_prompt_is_read_first_and_is_no_part_of_what_is_written(run):
    prompt = "def 你(x):\n    return"
    plain, clamped = write(run, TEXT, CLAMP, seed=3, prompt=prompt)
    for written, clamps in ((plain, ()), (clamped, (CLAMP,))):
        assert len(written) == LENGTH
        given = free_run(run, prompt, len(prompt) + LENGTH, seed=3, clamps=clamps)
        assert given.attrs["text"] == prompt + written
        read = trace(run, prompt + written, clamps)
        np.testing.assert_allclose(given["hidden_state"], read["hidden_state"], atol=1e-5)
        assert given["input"][0, 4] == 0, "what the network has not met is read as the unknown symbol"
    assert write(run, TEXT, CLAMP, seed=3, prompt="\n") == write(run, TEXT, CLAMP, seed=3)


def test_a_level_is_of_what_is_written_as_it_goes_on_from_the_prompt(run):
    prompt = "def f(x):\n    if x:\n        "
    row = sweep(run, TEXT, CLAMP, "indentation", prompt).samples.iloc[3]
    text = free_run(
        run, prompt, len(prompt) + LENGTH, seed=int(row["seed"]), clamps=(replace(CLAMP, value=row["value"]),)
    ).attrs["text"]
    known = labelled("indentation", text)
    assert row["level"] == pytest.approx(known.values[len(prompt) :][known.scored[len(prompt) :]].mean())


def test_a_mean_is_that_of_the_text_that_was_read(run):
    mean = float(squashed(trace(run, TEXT)["cell_state"]).to_numpy()[0, 0, 0, :, 4].mean(dtype=float))
    assert write(run, TEXT, replace(CLAMP, value="mean")) == write(run, TEXT, replace(CLAMP, value=mean))


def test_a_sweep_has_every_value_of_the_unit_and_of_others(run):
    made = sweep(run, TEXT, CLAMP, "indentation")
    assert made.draws == SAMPLES
    counts = made.samples.groupby(["of", "value"]).size()
    assert len(counts) == 2 * len(SWEPT_VALUES)
    assert set(counts) == {SAMPLES}
    row = made.samples[(made.samples["of"] == "unit") & (made.samples["seed"] == 2)].iloc[7]
    text = spelled(run, (replace(CLAMP, value=SWEPT_VALUES[7]),), 2)
    known = labelled("indentation", text)
    assert row["value"] == SWEPT_VALUES[7]
    assert row["level"] == pytest.approx(known.values[known.scored].mean())


def test_a_pattern_has_a_level_where_all_are_alike(run):
    assert set(sweep(run, TEXT, CLAMP, OwnPattern("\u4e00")).samples["level"]) == {0.0}
    with pytest.raises(BadConcept):
        sweep(run, TEXT, CLAMP, OwnPattern("(a)"))


def swept(levels, others=0.0) -> Sweep:
    values = np.linspace(-1, 1, len(levels))
    unit = pd.DataFrame({"of": "unit", "value": values, "seed": 0, "level": levels})
    return Sweep(pd.concat([unit, unit.assign(of="other", level=others)]), SAMPLES)


def test_the_rank_is_a_correlation_of_ranks():
    levels = np.random.default_rng(0).normal(size=9)
    assert swept(levels).rank("unit") == pytest.approx(np.corrcoef(np.arange(9), rankdata(levels))[0, 1])
    assert swept(levels).rank("other") == 0.0


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [([1, 2, 3, 4.0], "rises"), ([4, 3, 2, 1.0], "falls"), ([1, 3, 0, 2.0], "unmoved"), ([np.nan] * 4, "unmoved")],
)
def test_what_moves_is_named(levels, verdict):
    assert swept(levels).verdict == verdict
    np.testing.assert_equal(swept(levels).ends("unit"), (levels[0], levels[-1]))
