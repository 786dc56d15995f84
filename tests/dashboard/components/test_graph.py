"""What the unrolled graph is given is what the network computed, for each pattern of inputs and outputs."""

import base64
import json
import re
from itertools import pairwise

import numpy as np
import pytest
import torch
import xarray

from core.runs.run import Run
from core.spec.presets import PRESETS
from core.store import saved
from core.traces.tracing import trace
from core.traces.worked import worked
from core.traces.writing import free_run
from dashboard.components.graph.payload import payload
from dashboard.figures import equations

TEXT = "def add(first):\n    return first\u0301<b>\n"


@pytest.fixture(scope="module")
def run() -> Run:
    return saved().load(PRESETS["unrolled"][0].key)


@pytest.fixture(scope="module")
def gated() -> Run:
    return saved().load(PRESETS["gates"][0].key)


@pytest.fixture(scope="module")
def adding() -> tuple[Run, xarray.Dataset]:
    run = saved().load(PRESETS["unrolled_adding"][0].key)
    task = run.spec.build_task()
    return run, trace(run, next(task.batches(1, 64, torch.Generator().manual_seed(5))))


def decoded(text: str, units: int) -> np.ndarray:
    return (np.frombuffer(base64.b64decode(text), dtype=np.uint8).astype(float).reshape(-1, units) - 127) / 127


def test_a_text_with_its_predictions_and_losses(run: Run) -> None:
    seen = trace(run, TEXT)
    graph = payload(run, seen)
    assert graph == json.loads(json.dumps(graph)), "plain JSON"
    assert graph["pattern"] == "many_to_many"
    assert graph["length"] == len(graph["steps"]) == len(TEXT)
    probability = seen["probability"].isel(example=0).to_numpy()
    for time, step in enumerate(graph["steps"]):
        shares = [share for _, share in step["top"]]
        np.testing.assert_allclose(shares[:3], np.sort(probability[time])[::-1][:3], atol=1e-4)
    for step in graph["steps"][:-1]:
        assert np.exp(-step["loss"]) == pytest.approx(step["probability"], abs=2e-4)
        assert len(step["top"]) == (4 if step["rank"] == 3 else 3)
        assert step["top"][step["rank"]][1] == step["probability"]
    assert "loss" not in graph["steps"][-1]
    assert [step["known"] for step in graph["steps"]].count(False) == sum(one not in run.symbols for one in TEXT)
    hidden = seen["hidden_state"].isel(layer=0, direction=0, example=0).to_numpy()
    np.testing.assert_allclose(
        decoded(graph["states"]["hidden_state"][0], graph["units"]), hidden, atol=0.5 / 127 + 1e-6
    )


def test_a_cell_state_goes_squashed_and_the_blocks_are_counted(gated: Run) -> None:
    seen = trace(gated, "def add")
    graph = payload(gated, seen)
    cell = np.tanh(seen["cell_state"].isel(layer=0, direction=0, example=0).to_numpy())
    np.testing.assert_allclose(decoded(graph["states"]["cell_state"][0], graph["units"]), cell, atol=0.5 / 127 + 1e-6)
    for weight, name in zip(graph["weights"], ("weight_ih_l0", "weight_hh_l0", "readout.weight"), strict=True):
        assert (weight["blocks"] * weight["rows"], weight["columns"]) == gated.weights[name].shape


def test_only_the_last_step_of_the_adding_problem_answers(adding: tuple[Run, xarray.Dataset]) -> None:
    graph = payload(*adding)
    assert [("prediction" in step) for step in graph["steps"]] == [False] * (graph["length"] - 1) + [True]
    marked = [step["number"] for step in graph["steps"] if step["mark"]]
    last = graph["steps"][-1]
    assert len(marked) == 2
    assert sum(marked) == pytest.approx(last["target"], abs=2e-4)
    assert (last["prediction"] - last["target"]) ** 2 == pytest.approx(last["loss"], abs=1e-4)
    assert graph["weights"][-1]["used"] == 1


def test_what_is_drawn_is_the_next_input(run: Run) -> None:
    graph = payload(run, free_run(run, "d", 20, temperature=1.0, top_k=2, seed=3))
    assert graph["pattern"] == "one_to_many"
    assert all(one["next"] == other["glyph"] for one, other in pairwise(graph["steps"]))
    assert all(step["rank"] in (0, 1) for step in graph["steps"]), "only among the two likeliest"
    wild = payload(run, free_run(run, "d", 40, temperature=5.0, top_k=None, seed=3))["steps"]
    assert 3 in {step["rank"] for step in wild}, "what was drawn is listed, however unlikely"
    assert all(step["top"][step["rank"]] == [step["next"], step["probability"]] for step in wild)


def test_other_numbers_are_another_graph(run: Run) -> None:
    one, again, other = (payload(run, trace(run, text))["digest"] for text in ("abc", "abc", "abd"))
    assert one == again != other


def test_the_equations_end_in_the_value(gated: Run) -> None:
    lines = worked(gated, trace(gated, "def add"), time=3, unit=2)
    for name, line in lines.items():
        formula = equations.formula(line, "#0f766e")
        assert formula.count("{") == formula.count("}")
        assert line.equation in formula, name
        assert formula.endswith(rf"\allowbreak{{\approx {line.value:z.3f}}}$"), "no line breaks after the sign"
        assert "#0f766e" in formula


def test_the_outcome_says_how_far_off(
    run: Run, adding: tuple[Run, xarray.Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equations, "label", lambda key: key)
    seen = trace(run, "def")
    loss = float(seen["loss"][0, 1])
    said = equations.outcome(seen.isel(example=0, time=1), last=False)
    assert said is not None
    assert f"{loss:.3f}" in said
    share = float(re.search(r"\\approx ([\d.]+)\}", said)[1])
    assert share == pytest.approx(np.exp(-loss), rel=5e-4)
    assert -np.log(share) == pytest.approx(loss, abs=1e-3), "the loss follows from the probability as printed"
    assert equations.outcome(seen.isel(example=0, time=2), last=True) is None, "nothing comes after the last character"
    numbers = adding[1]
    assert equations.outcome(numbers.isel(example=0, time=0), last=False) is None
    answer = equations.outcome(numbers.isel(example=0, time=-1), last=True)
    assert answer is not None
    target = float(numbers["target"][0])
    assert any(f"{target:.{digits}f}" in answer for digits in range(3, 7))
    tiny = numbers.isel(example=0, time=-1).assign(loss=numbers["loss"].isel(example=0, time=-1) * 0 + 3.14159e-5)
    assert equations.outcome(tiny, last=True).endswith(r"\approx 3.1 \cdot 10^{-5}}$")


@pytest.mark.parametrize("off", [0.3, 0.02, 3e-3, 2e-5])
def test_the_printed_difference_squared_is_the_printed_error(
    adding: tuple[Run, xarray.Dataset], off: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equations, "label", lambda key: key)
    here = adding[1].isel(example=0, time=-1)
    answer = here["target"] + off
    said = equations.outcome(here.assign(prediction=answer, loss=(answer - here["target"]) ** 2), last=True)
    number = r"([\d.]+)"
    answer, target, digits, power = re.search(
        rf"\({number} - {number}\)\^2\}} .*approx {number}(?: \\cdot 10\^{{(-\d+)}})?}}", said
    ).groups()
    assert (float(answer) - float(target)) ** 2 == pytest.approx(float(f"{digits}e{power or 0}"), rel=0.06)


@pytest.mark.parametrize("top_k", [None, 1, 5])
def test_the_printed_probability_is_that_of_the_symbols_that_can_be_drawn(
    run: Run, top_k: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equations, "label", lambda key, **values: f"{key} {values}")
    asked = {"temperature": 5.0, "top_k": top_k}
    seen = free_run(run, "d", 12, **asked, seed=3).assign_attrs(asked).isel(example=0)
    known = len(run.symbols) - 1
    for time in range(12):
        here = seen.isel(time=time)
        scores = run.weights["readout.weight"] @ here["hidden_state"].to_numpy()[-1, 0] + run.weights["readout.bias"]
        kept = 1 + np.argsort(-scores[1:])[:top_k]  # symbol 0 is the unknown one
        weights = np.exp(scores[kept] / 5.0)
        drawn = int(here["drawn"])
        expected = weights[list(kept).index(drawn)] / weights.sum()
        said = equations.outcome(here, last=False)
        printed = re.search(r"softmax}_K.*\\approx ([\d.]+)\}", said)
        assert float(printed[1]) == pytest.approx(expected, rel=1e-3)
        told = {"kept": top_k or known, "known": known, "temperature": 5.0}
        assert said.endswith(f"equations.{'kept' if top_k else 'all_kept'} {told}")
