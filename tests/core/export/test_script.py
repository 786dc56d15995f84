"""Every script repeats its run to the last digit, and scores weights, where nothing of this project can be had."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from core.choices.registry import Registry
from core.export import bundle, script, template, weights
from core.media import Symbols
from core.runs.run import Run
from core.spec import RunSpec
from core.texts import TextUnavailable, own
from core.training import Training
from tests.core.export.plugins import FILES

ROOT = Path(__file__).parents[3]
OWN = "a \"quoted\" line, a \\ and 中文 and # TEXT and '''\n" * 20
SMALL = RunSpec(hidden_size=6, batch_size=4, truncation_length=9, updates=5, options=(("length", 900),))
ADDING = SMALL.replace(task="adding", options=(("length", 14),), truncation_length=5)
DIVERGING = {"optimiser": "sgd", "learning_rate": 10.0, "clip_norm": None, "updates": 500}

READABLE = {
    "lstm": SMALL,
    "gru, two layers, sgd": SMALL.replace(cell="gru", layer_count=2, optimiser="sgd", momentum=0.9, clip_norm=0.05),
    "lstm, two layers, sparse": SMALL.replace(layer_count=2, recurrent_l1=0.3),
    "elman, no clipping": SMALL.replace(cell="elman", optimiser="rmsprop", clip_norm=None, seed=7),
    "adding, longer than the truncation": ADDING,
    "elman, diverging": ADDING.replace(cell="elman", **DIVERGING),
}
BUNDLED = {
    "peephole": SMALL.replace(cell="peephole_lstm"),
    "peephole, adding, diverging": ADDING.replace(cell="peephole_lstm", **DIVERGING),
    "code from this machine": SMALL.replace(cell="peephole_lstm", text="standard_library"),
    "both directions": ADDING.replace(cell="gru", direction="both", layer_count=2, optimiser="rmsprop", momentum=0.5),
    "forget bias": SMALL.replace(layer_count=2, forget_bias=1.5, updates=51),
    "dates": SMALL.replace(task="dates", options=()),
}


@pytest.fixture(scope="module")
def new_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Plug-ins in folders of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for kind, (name, source) in FILES.items():
            folder = tmp_path_factory.mktemp(kind)
            (folder / f"{name}.py").write_text(source, encoding="utf-8")
            package = importlib.import_module(f"core.{kind}")
            patch.setattr(package, "__path__", [*package.__path__, str(folder)])
        yield
    for kind, (name, _) in FILES.items():
        registry: Registry[type] = getattr(importlib.import_module(f"core.{kind}"), kind)
        registry._plugins.pop(name, None)
        sys.modules.pop(f"core.{kind}.{name}", None)


def trained(spec: RunSpec) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


@pytest.fixture(scope="module")
def runs(new_files: None) -> dict[str, Run]:
    text = own.keep(own.parse(OWN))
    echo = SMALL.replace(task="echo", options=(("heard", "squared"),))
    specs = {
        **READABLE,
        **BUNDLED,
        "own text, readable": SMALL.replace(text=text, length=700),
        "own text": SMALL.replace(text=text, length=700, cell="peephole_lstm"),
        "a new cell": SMALL.replace(cell="forgetful", steep=2.0),
        "a new network": ADDING.replace(network="latest"),
        "a new task": echo,
        "a new task and a new cell": echo.replace(cell="forgetful", direction="both"),
    }
    return {name: trained(spec) for name, spec in specs.items()}


@dataclass
class Printed:
    """What a script printed: its lines, how it ended, and where the modules of the project came from."""

    losses: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    ended: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def held_out(self) -> list[list[str]]:
        """The numbers in each line about held-out examples: the scores, what they were, and after how many updates."""
        lines = [line for line in self.rest if line.startswith("Held out")]
        found = [re.findall(r"(?<![\w.])(?:inf|nan|\d[\w.+-]*)", line) for line in lines]
        return [[number.rstrip(".") for number in numbers] for numbers in found]


ONE_AFTER_THE_OTHER = """
import contextlib, io, json, runpy, sys

for sys.argv in json.load(sys.stdin):
    print("#")
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as end:
            print("ended", end.code)
    for line in errors.getvalue().splitlines():
        print("error", line)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name.partition(".")[0] in ("core", "dashboard", "xarray", "pandas", "scipy", "safetensors", "platformdirs"):
            print("file", file)
        if name.partition(".")[0] == "core":
            del sys.modules[name]
"""


def printed_by(*lines: tuple[object, ...]) -> list[Printed]:
    """What scripts print, given what would stand on a command line, in a process that finds no file of this project."""
    command = [sys.executable, "-I", "-c", ONE_AFTER_THE_OTHER]
    given = json.dumps([[str(word) for word in line] for line in lines])
    folder = Path(str(lines[0][0])).parent
    done = subprocess.run(
        command, input=given, cwd=folder, env={}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return read(done.stdout)


def read(output: str) -> list[Printed]:
    """What each of several scripts printed."""
    found: list[Printed] = []
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        if word == "#":
            found.append(Printed())
        elif word == "file":
            found[-1].files.append(rest)
        elif word == "ended":
            found[-1].ended = rest
        elif word == "error":
            found[-1].errors.append(rest)
        elif word.isdigit():
            assert int(word) == len(found[-1].losses) + 1
            found[-1].losses.append(rest)
        else:
            found[-1].rest.append(line)
    return found


@pytest.fixture(scope="module")
def scripts(runs: dict[str, Run], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every run's script, with the weights that the app exports beside it."""
    directory = tmp_path_factory.mktemp("elsewhere")
    paths = {name: directory / f"{number}.py" for number, name in enumerate(runs)}
    for name, path in paths.items():
        path.write_text(script(runs[name]), encoding="utf-8")
        path.with_suffix(".exported").write_bytes(weights(runs[name]))
    return paths


@pytest.fixture(scope="module")
def printed(scripts: dict[str, Path]) -> dict[str, Printed]:
    """Of every run's script while it trains; then it keeps its weights."""
    lines = [(path, "--save", path.with_suffix(".saved")) for path in scripts.values()]
    return in_order(scripts, printed_by(*lines))


@pytest.fixture(scope="module")
def scored(scripts: dict[str, Path]) -> dict[str, Printed]:
    """Of every run's script that is given the weights that the app exports."""
    lines = [(path, "--weights", path.with_suffix(".exported")) for path in scripts.values()]
    return in_order(scripts, printed_by(*lines))


def in_order(scripts: dict[str, Path], all_printed: list[Printed]) -> dict[str, Printed]:
    """What was printed, by the name of the run; nothing ended before its end, nothing was warned of."""
    assert {(one.ended, *one.errors) for one in all_printed} == {("",)}
    return dict(zip(scripts, all_printed, strict=True))


def test_scripts_repeat_the_curves(runs: dict[str, Run], printed: dict[str, Printed]) -> None:
    for name, run in runs.items():
        kept = [repr(loss) for loss in run.curves["loss"].tolist()]
        assert len(kept) == run.spec.updates or run.outcome == "diverged"
        assert printed[name].losses[: len(kept)] == kept, name
        assert printed[name].losses[len(kept) :] in ([], ["inf"], ["nan"]), name


def test_all_that_a_script_uses_of_the_project_is_in_it(runs: dict[str, Run], printed: dict[str, Printed]) -> None:
    for name, run in runs.items():
        files = [Path(file) for file in printed[name].files]
        assert not any(file.is_relative_to(ROOT) for file in files), name
        if template.knows(run):
            assert files == []
        else:
            assert {file.parts[file.parts.index("modules") + 1] for file in files} == {"core"}
            assert Path("core/tasks", f"{run.spec.task}.py") in [Path(*file.parts[-3:]) for file in files]


def test_scripts_say_what_came_out_then(runs: dict[str, Run], printed: dict[str, Printed]) -> None:
    for name, run in runs.items():
        last = [line for line in printed[name].rest if line.startswith("Last loss: ")]
        if run.outcome == "finished":
            loss = f"{run.metrics['loss']:.6g}" if template.knows(run) else repr(run.metrics["loss"])
            assert last == [f"Last loss: {loss}. It was {loss} after {run.spec.updates} updates."], name


def test_scripts_end_with_their_held_out_scores_beside_those_recorded(
    runs: dict[str, Run], printed: dict[str, Printed]
) -> None:
    for name, run in runs.items():
        if "held_out_loss" in run.metrics:
            assert printed[name].held_out == expected(run, run.held_out_scores), name
            assert printed[name].rest[-1].startswith("Held out"), name
        else:
            assert printed[name].held_out == [], name
    assert {run.outcome for run in runs.values()} == {"finished", "diverged"}


def test_a_script_scores_the_weights_that_the_app_exports(runs: dict[str, Run], scored: dict[str, Printed]) -> None:
    for name, run in runs.items():
        assert scored[name].losses == [], name
        if run.outcome == "finished":
            assert scored[name].held_out == expected(run, run.held_out_scores), name
        else:  # its weights are those of the last update, which may never have been scored
            assert scored[name].held_out == expected(run, scores(run)), name
        assert ("It was not computed then." in scored[name].rest[-1]) == ("held_out_loss" not in run.metrics), name


def expected(run: Run, now: dict[str, float]) -> list[list[str]]:
    """The numbers about held-out examples that the script of a run prints if its network scores ``now``."""
    then, updates = run.held_out_scores, [str(one) for one in run.curves["held_out_update"][-1:]]
    if not template.knows(run):
        return [[repr(now[name]), *([repr(then[name]), *updates] if name in then else [])] for name in now]
    names = [name for name in ("held_out_loss", "bits_per_character") if name in now]
    return [[f"{some[name]:.6g}" for some in (now, then) if some for name in names] + updates]


def scores(run: Run) -> dict[str, float]:
    """What the weights of a run score on held-out examples."""
    training = Training(run.spec)
    training.network.load(run.weights)
    return training.held_out_scores()


def test_a_script_that_was_given_other_weights_scores_those(runs: dict[str, Run], scripts: dict[str, Path]) -> None:
    """A script that repeated the number that is written in it would look as right as one that computes it."""
    names = ("gru, two layers, sgd", "both directions")
    doubled = [
        replace(run, weights={one: 2 * array for one, array in run.weights.items()})
        for run in (runs[name] for name in names)
    ]
    for name, run in zip(names, doubled, strict=True):
        scripts[name].with_suffix(".doubled").write_bytes(weights(run))
    found = printed_by(*((scripts[name], "--weights", scripts[name].with_suffix(".doubled")) for name in names))
    for said, run in zip(found, doubled, strict=True):
        assert scores(run)["held_out_loss"] != pytest.approx(run.metrics["held_out_loss"], rel=1e-3)
        assert said.held_out == expected(run, scores(run))


def test_a_training_that_was_stopped_is_compared_where_it_was_scored(tmp_path: Path) -> None:
    """Its last score may be older than its last update."""
    stopped = {}
    for cell in ("gru", "peephole_lstm"):
        training = Training(ADDING.replace(cell=cell, updates=70))
        training.advance(60)
        training.cancel()
        training.advance(1)
        stopped[tmp_path / f"{cell}.py"] = run = training.run()
        (tmp_path / f"{cell}.py").write_text(script(run), encoding="utf-8")
        (tmp_path / f"{cell}.exported").write_bytes(weights(run))
    lines = [(path, *more) for path in stopped for more in ((), ("--weights", path.with_suffix(".exported")))]
    found = printed_by(*lines)
    for (path, run), trained_again, given in zip(stopped.items(), found[::2], found[1::2], strict=True):
        assert run.outcome == "cancelled"
        assert run.held_out_scores != scores(run)
        assert trained_again.rest[-1].endswith(" after 50 updates.")
        assert given.held_out == expected(run, scores(run))
        if path.stem == "gru":
            assert trained_again.held_out == expected(run, run.held_out_scores)


def test_a_script_keeps_the_weights_of_the_run_bit_for_bit(
    runs: dict[str, Run], printed: dict[str, Printed], scripts: dict[str, Path]
) -> None:
    for name, run in runs.items():
        saved = safetensors.numpy.load_file(scripts[name].with_suffix(".saved"))
        assert saved.keys() == run.weights.keys(), name
        assert all(np.array_equal(saved[one], run.weights[one], equal_nan=True) for one in saved), name


def test_what_a_script_saved_it_can_score(scripts: dict[str, Path], printed: dict[str, Printed]) -> None:
    names = ("lstm", "both directions")
    found = printed_by(*((scripts[name], "--weights", scripts[name].with_suffix(".saved")) for name in names))
    for name, said in zip(names, found, strict=True):
        assert said.rest == printed[name].rest[1:]


def test_weights_that_cannot_be_scored_are_refused_in_words(
    runs: dict[str, Run], scripts: dict[str, Path], tmp_path: Path
) -> None:
    kept = runs["lstm, two layers, sparse"].weights
    contents = {
        "shorter": weights(runs["lstm"])[:-1],
        "cut": weights(runs["lstm"])[:20],
        "empty": b"",
        "zip": b"PK\3\4" + bytes(80),
        "whole": safetensors.numpy.save({name: array.astype(np.int32) for name, array in kept.items()}),
        "wide": safetensors.numpy.save({name: np.pad(array, (0, 1)) for name, array in kept.items()}),
        "shallow": safetensors.numpy.save({name: array for name, array in kept.items() if "_l1" not in name}),
        "deep": safetensors.numpy.save({**kept, "weight_ih_l2": np.zeros((2, 3), np.float32)}),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    told = {
        **dict.fromkeys(
            ("shorter", "cut", "empty", "zip", "whole"), "is not a whole file of safetensors with numbers of 32 bits."
        ),
        "wide": "does not fit this network: bias_hh_l0 is (25,) in the file and (24,) in the network.",
        "shallow": "does not fit this network: bias_hh_l1 is missing in the file and (24,) in the network.",
        "deep": "does not fit this network: weight_ih_l2 is (2, 3) in the file and missing in the network.",
        "none": "cannot be read: No such file or directory.",
    }
    tried = [(name, file) for name in ("lstm, two layers, sparse", "forget bias") for file in told]
    found = printed_by(*((scripts[name], "--weights", tmp_path / file) for name, file in tried))
    for (name, file), said in zip(tried, found, strict=True):
        assert said.ended == f"{tmp_path / file} {told[file]}", name
        assert (said.losses, said.rest) == ([], [])


def test_where_nothing_can_be_kept_no_update_is_made(scripts: dict[str, Path], tmp_path: Path) -> None:
    tried = [
        (scripts[name], "--save", place)
        for name in ("lstm", "both directions")
        for place in (tmp_path, tmp_path / "none" / "a.safetensors")
    ]
    for (_, _, place), said in zip(tried, printed_by(*tried), strict=True):
        assert said.ended == "2"
        assert f"{place} cannot be a file" in said.errors[-1]
        assert said.losses == []


def test_templates_are_used_where_they_know_everything(runs: dict[str, Run]) -> None:
    assert {name for name, run in runs.items() if template.knows(run)} == {*READABLE, "own text, readable"}
    many = tuple(chr(code) for code in range(0x4E00, 0x4E00 + 4096))
    run = replace(runs["lstm"], inputs=Symbols(many), outputs=Symbols(many))
    assert not template.knows(run), "the template takes every character of a text"


def test_a_bundle_carries_no_plug_in_but_its_own(runs: dict[str, Run]) -> None:
    files = files_of(bundle.program(runs["a new cell"]))
    assert {file for file in files if file.startswith(("core/cells/", "core/tasks/", "core/texts/"))} == {
        "core/cells/__init__.py",
        "core/cells/forgetful.py",
        "core/tasks/__init__.py",
        "core/tasks/characters.py",
        "core/texts/__init__.py",
        "core/texts/own.py",
        "core/texts/tidy_code.py",
    }
    assert not any(file.startswith(("core/engine", "core/store", "core/traces", "core/export")) for file in files)
    assert files["core/cells/forgetful.py"].strip() == FILES["cells"][1].strip()
    assert files["core/layers/stack.py"] == (ROOT / "core/layers/stack.py").read_text(encoding="utf-8")


def test_a_text_travels_and_what_reads_it_stays_behind(runs: dict[str, Run]) -> None:
    """The script must print the same where another Python stands, and know of no folder of the reader's."""
    files = files_of(bundle.program(runs["code from this machine"]))
    assert "core/home.py" not in files
    for path in ("core/texts/standard_library.py", "core/texts/own.py"):
        assert "Path" not in files[path]
    with pytest.raises(TextUnavailable):
        script(replace(runs["own text"], spec=runs["own text"].spec.replace(text=f"own-{'0' * 32}")))


def test_words_from_a_file_stay_words(runs: dict[str, Run]) -> None:
    """What a run says of the machine that made it comes from its file, and must not become code."""
    made = {"machine": '"""\nraise SystemExit\n"""', "torch": "\"\"\"'''"}
    for name in ("lstm", "peephole"):
        written = script(replace(runs[name], made=made))
        compile(written, name, "exec")
        assert "\nraise SystemExit\n" not in written


def files_of(program: str) -> dict[str, str]:
    """The modules in a script, by path."""
    names: dict[str, dict[str, str]] = {"FILES": {}}
    for block in program.split("\nFILES = {}\n")[1].split("\nNAMES = ")[0].split("\nFILES[")[1:]:
        exec(f"FILES[{block}", {}, names)
    return names["FILES"]


@pytest.mark.parametrize("name", ["own text, readable", "own text"])
@pytest.mark.parametrize("capability", ["AVX2", "DEFAULT", None])
def test_a_script_says_where_its_numbers_hold(name: str, capability: str | None, runs: dict[str, Run]) -> None:
    known = {"cpu_capability": capability} if capability else {}
    written = script(replace(runs[name], made={"machine": "Linux x86_64", **known}))
    comment = " ".join(written.split())
    assert "Another processor adds in another order" in comment
    assert ("ATEN_CPU_CAPABILITY" in comment) == (capability == "AVX2")
    assert (capability or "Linux x86_64") in comment
