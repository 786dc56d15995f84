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
from core.spec import RunSpec
from core.spec.presets import PRESETS
from core.store import saved
from core.traces.tracing import trace, trace_example
from core.traces.worked import worked
from core.traces.writing import free_run
from core.training import Training
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
        decoded(graph["chains"][0]["states"]["hidden_state"], graph["units"]), hidden, atol=0.5 / 127 + 1e-6
    )


def test_a_cell_state_goes_squashed_and_the_blocks_are_counted(gated: Run) -> None:
    seen = trace(gated, "def add")
    graph = payload(gated, seen)
    cell = np.tanh(seen["cell_state"].isel(layer=0, direction=0, example=0).to_numpy())
    np.testing.assert_allclose(
        decoded(graph["chains"][0]["states"]["cell_state"], graph["units"]), cell, atol=0.5 / 127 + 1e-6
    )
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


SHAPES = [
    {"task": task, "cell": cell, "direction": direction, "layer_count": layers} | own
    for task, own in (
        ("adding", {"length": 5}),
        ("dates", {"attention": "dot_product"}),
        ("dates", {"attention": "none"}),
    )
    for cell in ("gru", "peephole_lstm")
    for direction, layers in (("forward", 2), ("both", 1), ("both", 2))
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.values())))
def test_every_row_of_states_is_that_of_the_trace_and_every_matrix_has_its_shape(shape: dict[str, object]) -> None:
    run = Training(RunSpec(hidden_size=3, updates=1).replace(**shape)).run()
    seen = trace_example(run, 1)
    graph = payload(run, seen)
    assert graph == json.loads(json.dumps(graph)), "plain JSON"
    assert graph["length"] == len(graph["steps"])
    ends = [segment["first"] + segment["length"] for segment in graph["segments"]]
    assert [segment["first"] for segment in graph["segments"]] + [graph["length"]] == [0, *ends]
    for chain in graph["chains"]:
        prefix = "encoder_" if chain["segment"] < len(ends) - 1 else ""
        for name, text in chain["states"].items():
            traced = seen[f"{prefix}{name}"][chain["layer"], chain["direction"], 0].to_numpy()
            bounded = np.tanh(traced) if name == "cell_state" else traced
            np.testing.assert_allclose(decoded(text, 3), bounded, atol=0.5 / 127 + 1e-6)
    drawn = sorted((one["rows"] * one["blocks"], one["columns"]) for one in graph["weights"])
    kept = [array.shape for name, array in run.weights.items() if array.ndim == 2 and "attention" not in name]
    assert drawn == sorted(kept), "every matrix, and attention's own beside them"
    assert (graph["looks"] is None) == (shape.get("attention", "none") == "none")


@pytest.fixture(scope="module")
def dates() -> Run:
    return saved().load(PRESETS["unrolled_dates"][0].key)


def test_a_date_is_read_then_written_and_each_step_is_told_what_came_before(dates: Run) -> None:
    seen = trace_example(dates, 2)
    graph = payload(dates, seen)
    source, answer = (graph["steps"][part] for part in (slice(graph["segments"][1]["first"]), slice(-11, None)))
    assert "".join(step["glyph"] for step in source) == "".join(
        "␣" if one == " " else one for one in (dates.symbols[index] for index in seen["input"].to_numpy()[0])
    )
    assert all("top" not in step for step in source), "nothing is said while it reads"
    assert answer[0]["index"] == -1
    assert [step["glyph"] for step in answer[1:]] == [step["next"] for step in answer[:-1]]
    assert all(np.exp(-step["loss"]) == pytest.approx(step["probability"], abs=2e-4) for step in answer)
    np.testing.assert_allclose(np.sum(graph["looks"], axis=1), 1, atol=2e-3)
    assert np.shape(graph["looks"]) == (len(answer), len(source))


def test_a_date_of_ones_own_has_no_answer_to_compare_with(dates: Run) -> None:
    graph = payload(dates, trace(dates, "3 Mar ¤2021"))
    assert graph["free"]
    assert [step["known"] for step in graph["steps"][:11]].count(False) == 1
    answer = graph["steps"][11:]
    assert all("loss" not in step and step["rank"] == 0 for step in answer), "it says what it finds likeliest"
    assert "".join(step["next"] for step in answer).startswith("20")


def test_an_answer_from_both_ends_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "label", lambda key: key)
    run = Training(RunSpec(task="adding", cell="elman", hidden_size=3, direction="both", updates=1)).run()
    said = equations.outcome(trace_example(run, 0).isel(example=0, time=-1), last=True)
    assert r"[\overrightarrow{h}_T, \overleftarrow{h}_1]" in said
