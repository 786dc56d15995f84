"""A new plug-in is one new file: everything from the chooser to the exported script takes it up, nothing else changes.

Each of ``tests/plugins`` is written into a temporary folder into which the plug-in's package looks.
"""

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.choices.options import options
from core.choices.registry import Registry
from core.export import script
from core.runs.network import restore
from core.runs.run import Run
from core.series import series
from core.spec import RunSpec, SpecError
from core.spec.run_spec import PLUGINS
from core.store import Store
from core.texts import texts
from core.traces.tracing import trace, trace_example
from core.traces.worked import worked
from core.training import Training
from dashboard.components.graph import graph_of

FILES = sorted((Path(__file__).parent / "plugins").glob("*/*.py"))
"""One file a plug-in, as a contributor would write it; its folder is named like its package."""

REGISTRIES: dict[str, Registry] = {
    "texts": texts,
    "series": series,
    **{f"{kind}s": one for kind, one in PLUGINS.items()},
}
SMALL = {"hidden_size": 8, "batch_size": 8, "truncation_length": 16, "updates": 9}
CHOSEN = {
    "minimal_gated": {"cell": "minimal_gated", "layer_count": 2, "options": (("length", 2_000), ("slope_scale", 2.0))},
    "quiet": {"network": "quiet", "options": (("length", 2_000), ("volume", 0.7))},
    "averaged": {"network": "averaged", "options": (("length", 2_000), ("gain", 2.0))},
    "parity": {"task": "parity", "options": (("bits", 9),)},
    "plural": {"task": "plural", "options": (("places", 2),)},
    "extremes": {"task": "extremes", "options": (("steps", 5),)},
    "stripes": {"task": "stripes", "options": (("thickness", 3),)},
    "alphabet": {"options": (("length", 2_000), ("text", "alphabet"))},
    "square_wave": {"task": "forecast", "options": (("series", "square_wave"),)},
}
"""The experiment that chooses each."""


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def plugin(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a plug-in whose file has just been written where its package looks too."""
    path: Path = request.param
    package = importlib.import_module(f"core.{path.parent.name}")
    shutil.copy(path, tmp_path)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    yield path.stem
    sys.modules.pop(f"{package.__name__}.{path.stem}", None)
    REGISTRIES[path.parent.name]._plugins.pop(path.stem, None)


def spec_of(plugin: str) -> RunSpec:
    return RunSpec(**SMALL | CHOSEN[plugin])


def trained(spec: RunSpec) -> Run:
    training = Training(RunSpec.from_json(spec.to_json()))
    training.advance(spec.updates)
    return training.run()


@pytest.mark.parametrize("name", CHOSEN)
def test_without_the_file_there_is_no_such_plug_in(name: str) -> None:
    with pytest.raises(SpecError, match=name):
        spec_of(name)


def test_every_kind_of_plug_in_that_a_spec_names_is_tried() -> None:
    assert {path.parent.name for path in FILES} == set(REGISTRIES)
    assert {path.stem for path in FILES} == set(CHOSEN)


def test_it_is_offered_trained_kept_reloaded_traced_and_exported(plugin: str, tmp_path: Path) -> None:
    spec = spec_of(plugin)
    offered = next(name for name, value in {**CHOSEN[plugin], **dict(spec.options)}.items() if value == plugin)
    assert plugin in spec.allowed(offered).names()
    run = trained(spec)
    assert run.outcome == "finished"

    store = Store(tmp_path / "runs", limit_bytes=None)
    store.put(run)
    back = store.load(spec.key)
    assert back.spec == spec
    assert all(np.array_equal(back.weights[name], weight) for name, weight in run.weights.items())
    restore(back.at(min(back.snapshots)))

    seen = trace_example(back, seed=1)
    for name, signal in back.arrangement.signals.items():
        assert seen[name].dims == signal.axes
        assert np.isfinite(seen[name]).all()

    path = tmp_path / "again.py"
    path.write_text(script(back), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = [f"{update} {loss!r}" for update, loss in enumerate(run.curves["loss"].tolist(), 1)]
    assert done.stdout.splitlines()[: len(expected)] == expected


def test_its_options_are_part_of_the_experiment(plugin: str) -> None:
    spec = spec_of(plugin)
    kinds = [name for name, registry in PLUGINS.items() if getattr(spec, name) == plugin]
    for kind in kinds:
        for name, (default, _) in options(PLUGINS[kind][plugin]).items():
            assert spec.option(name) != default
            assert spec.replace(**{name: default}).key != spec.key


@pytest.mark.parametrize("plugin", [path for path in FILES if path.parent.name == "cells"], indirect=True)
def test_the_equations_of_a_cell_hold_with_its_own_parameters_in_them(plugin: str) -> None:
    run = trained(spec_of(plugin))
    seen = trace_example(run, seed=1)
    tools = {"__builtins__": {}, "sigma": lambda value: 1 / (1 + np.exp(-value)), "tanh": np.tanh}
    for layer in (0, 1):
        for line in worked(run, seen, time=7, unit=3, layer=layer).values():
            assert eval(line.expression, tools) == pytest.approx(line.value, abs=1e-5)


@pytest.mark.parametrize("plugin", [path for path in FILES if path.stem in ("minimal_gated", "quiet")], indirect=True)
def test_whatever_is_made_of_cells_is_drawn_unrolled(plugin: str) -> None:
    run = trained(spec_of(plugin))
    graph = graph_of(run, trace(run, "for item in items:"))
    chains = {(chain["layer"], chain["direction"]) for chain in graph["chains"]}
    assert chains == {(layer, 0) for layer in range(run.spec.layer_count)}
    assert [step["glyph"] for step in graph["steps"][:3]] == ["f", "o", "r"]
    assert len(graph["steps"]) == graph["length"] == 18


@pytest.mark.parametrize("plugin", [path for path in FILES if path.stem == "parity"], indirect=True)
def test_the_two_sides_of_a_task_may_have_other_symbols(plugin: str) -> None:
    run = trained(spec_of(plugin).replace(updates=200, learning_rate=0.02))
    assert run.inputs.symbols != run.outputs.symbols
    assert trace_example(run, seed=0)["symbol"].to_numpy().tolist() == list(run.outputs.symbols)
    assert run.metrics["held_out_loss"] < run.metrics["baseline"]


@pytest.mark.parametrize("plugin", [path for path in FILES if path.stem == "plural"], indirect=True)
def test_one_symbol_is_said_to_a_whole_example(plugin: str) -> None:
    spec = spec_of(plugin).replace(places=0, updates=150, learning_rate=0.02)
    run = trained(spec)
    assert run.metrics["held_out_loss"] < run.metrics["baseline"] / 2
    assert run.metrics["exact_match"] > 0.9
    batch = next(spec.build_task().held_out(0))
    seen = trace(run, batch)
    assert seen["probability"].dims == ("example", "symbol")
    assert seen["target"].dims == ("example",)
    assert seen["loss"].dims == ("example", "time")
    assert np.isfinite(seen["loss"]).sum("time").values.tolist() == [1] * 100
    assert float(seen["loss"].mean()) == pytest.approx(run.metrics["held_out_loss"], rel=1e-4)
    assert float((seen["probability"].argmax("symbol") == seen["target"]).mean()) == run.metrics["exact_match"]
    read = {text: trace(run, text)["probability"].argmax("symbol").item() for text in ("the cat", "the dogs")}
    assert read == {"the cat": 0, "the dogs": 1}


@pytest.mark.parametrize("plugin", [path for path in FILES if path.stem == "extremes"], indirect=True)
def test_several_numbers_are_said_to_a_whole_example(plugin: str) -> None:
    spec = spec_of(plugin).replace(updates=150, learning_rate=0.02)
    run = trained(spec)
    assert run.metrics["held_out_loss"] < run.metrics["baseline"]
    seen = trace(run, next(spec.build_task().held_out(0)))
    assert seen["prediction"].dims == seen["target"].dims == ("example", "output")
    assert np.isfinite(seen["loss"]).sum("time").values.tolist() == [1] * 100
    assert float(seen["loss"].mean()) == pytest.approx(run.metrics["held_out_loss"], rel=1e-4)


@pytest.mark.parametrize("plugin", [path for path in FILES if path.stem == "stripes"], indirect=True)
def test_a_picture_of_a_new_kind_is_described(plugin: str) -> None:
    run = trained(spec_of(plugin).replace(updates=200, learning_rate=0.02))
    seen = trace_example(run, seed=1)
    assert (seen.sizes["pixel_row"], seen.sizes["pixel_column"], seen.sizes["channel"]) == (12, 12, 1)
    np.testing.assert_allclose(seen["attention"].sum(["row", "column"]), 1, atol=1e-5)
    assert run.metrics["exact_match"] > 0.9
