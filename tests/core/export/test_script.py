"""The script of a run repeats its curve where this project cannot be imported, whatever the run is made of."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.export.readable import is_known
from core.export.script import script
from core.runs.run import Run
from core.spec import RunSpec
from core.texts import own
from core.training import Training

SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=12, options=(("length", 900),))
SPECS = {
    "lstm": SMALL,
    "gru, two layers, sgd": SMALL.replace(cell="gru", layer_count=2, optimiser="sgd", momentum=0.9, clip_norm=0.05),
    "lstm, two layers, sparse": SMALL.replace(layer_count=2, recurrent_l1=0.3),
    "elman, no clipping": SMALL.replace(cell="elman", optimiser="rmsprop", clip_norm=None, seed=7),
    "adding, longer than the truncation": RunSpec(
        task="adding", options=(("length", 14),), truncation_length=5, hidden_size=4, batch_size=8, updates=10
    ),
}


SPECS_OF_ANY_KIND = {
    "peephole connections": SMALL.replace(cell="peephole_lstm", updates=4),
    "both directions": SMALL.replace(direction="both", layer_count=2, cell="gru", updates=4),
    "a forget bias": SMALL.replace(forget_bias=1.0, updates=4),
    "a text as a window": SMALL.replace(network="time_delay", taps=4, updates=4),
    "attention": RunSpec(task="dates", hidden_size=6, batch_size=4, updates=4),
    "a picture": RunSpec(task="captions", hidden_size=6, batch_size=4, updates=2),
    "a series": RunSpec(task="forecast", network="linear_autoregression", options=(("series", "sines"),), updates=4),
}


OWN = 'a "quoted" line, a \\ and 中文 and # TEXT\n' * 20


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


ALL_AT_ONCE = """
import runpy, sys
for path in sys.argv[1:]:
    print("#", path)
    runpy.run_path(path, run_name="__main__")
"""


def losses_of(programs: dict[str, str], directory: Path) -> dict[str, list[float]]:
    """Run the programs where this project cannot be imported, and read the losses that they print."""
    paths = {str(directory / f"{number}.py"): name for number, name in enumerate(programs)}
    for path, name in paths.items():
        Path(path).write_text(programs[name], encoding="utf-8")
    command = [sys.executable, "-I", "-c", ALL_AT_ONCE, *paths]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        word, *rest = line.split()
        if word == "#" and rest[0] in paths:
            found[paths[rest[0]]] = losses = []
        elif word.isdigit():
            losses.append(float(rest[0]))
    return found


@pytest.mark.thorough
def test_scripts_repeat_the_curves(home: Path, tmp_path: Path) -> None:
    text = own.parse(OWN)
    diverging = {"cell": "elman", "optimiser": "sgd", "learning_rate": 10.0, "clip_norm": None, "updates": 500}
    specs = SPECS | {
        "a reader's own text": SMALL.replace(text=own.keep(text), length=700),
        "diverged": SPECS["adding, longer than the truncation"].replace(**diverging),
    }
    runs = {name: trained(spec) for name, spec in specs.items()}
    found = losses_of({name: script(run) for name, run in runs.items()}, tmp_path)
    end = runs["diverged"].diverged_at
    assert end is not None
    assert len(found["diverged"]) == end
    for name, run in runs.items():
        kept = run.curves["loss"].tolist()
        assert found[name][: len(kept)] == pytest.approx(kept, rel=1e-6, abs=1e-6), name
        assert len(found[name]) - len(kept) in ((0, 1) if name == "diverged" else (0,))


def test_a_script_without_a_template_repeats_the_curve_to_the_digit(home: Path, tmp_path: Path) -> None:
    specs = SPECS_OF_ANY_KIND | {"a reader's own text": SMALL.replace(cell="peephole_lstm", updates=3)}
    specs["a reader's own text"] = specs["a reader's own text"].replace(text=own.keep(own.parse(OWN)), length=700)
    for name, spec in specs.items():
        run = trained(spec)
        assert not is_known(run), name
        path = tmp_path / "again.py"
        path.write_text(script(run), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[: spec.updates] == [f"{one} {loss!r}" for one, loss in enumerate(run.curves["loss"].tolist(), 1)]
        assert lines[-1] == f"Held out: {run.metrics['held_out_loss']:.6f}."


def test_the_script_made_for_reading_knows_all_that_it_is_given() -> None:
    assert all(is_known(trained(spec.replace(updates=1))) for spec in SPECS.values())
