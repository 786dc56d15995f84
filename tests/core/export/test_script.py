"""Every script repeats its run to the last digit, where nothing of this project can be had."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from core.choices.registry import Registry
from core.export import bundle, script, template
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
    """What a script printed: its lines, and where the modules of the project came from."""

    losses: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


ONE_AFTER_THE_OTHER = """
import runpy, sys

for path in sys.argv[1:]:
    print("#", path)
    sys.argv = [path, "--weights", f"{path}.npz"]
    runpy.run_path(path, run_name="__main__")
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name.partition(".")[0] in ("core", "dashboard", "xarray", "pandas", "scipy", "safetensors", "platformdirs"):
            print("file", file)
        if name.partition(".")[0] == "core":
            del sys.modules[name]
"""


@pytest.fixture(scope="module")
def printed(runs: dict[str, Run], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """Of every run's script, in a process that finds no file of this project."""
    directory = tmp_path_factory.mktemp("elsewhere")
    paths = {str(directory / f"{number}.py"): name for number, name in enumerate(runs)}
    for path, name in paths.items():
        Path(path).write_text(script(runs[name]), encoding="utf-8")
    command = [sys.executable, "-I", "-c", ONE_AFTER_THE_OTHER, *paths]
    done = subprocess.run(command, cwd=directory, env={}, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return {paths[path]: one for path, one in read(done.stdout).items()}


def read(output: str) -> dict[str, Printed]:
    """What was printed, by the path of the script."""
    found: dict[str, Printed] = {}
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        if word == "#":
            found[rest] = one = Printed()
        elif word == "file":
            one.files.append(rest)
        elif word.isdigit():
            assert int(word) == len(one.losses) + 1
            one.losses.append(rest)
        else:
            one.rest.append(line)
    return found


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


def test_a_bundle_says_what_came_out_then(runs: dict[str, Run], printed: dict[str, Printed]) -> None:
    for name in ("forget bias", "both directions", "a new task"):
        loss, held_out = runs[name].metrics["loss"], runs[name].metrics["held_out_loss"]
        last, score = printed[name].rest
        assert last == f"Last loss: {loss!r}. It was {loss!r} after {runs[name].spec.updates} updates."
        assert score.endswith(f": {held_out!r}. It was {held_out!r}.")


def test_a_bundle_keeps_the_weights_where_it_is_told(new_files: None, tmp_path: Path) -> None:
    run = trained(BUNDLED["both directions"])
    path = tmp_path / "script.py"
    path.write_text(script(run), encoding="utf-8")
    command = [sys.executable, "-I", path, "--weights", tmp_path / "weights.npz"]
    subprocess.run(command, cwd=tmp_path, env={}, check=True, capture_output=True)
    weights = np.load(tmp_path / "weights.npz")
    assert set(weights) == set(run.weights)
    assert all(np.array_equal(weights[name], run.weights[name]) for name in weights)


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
    assert ("ATEN_CPU_CAPABILITY=avx2" in comment) == (capability == "AVX2")
    assert (capability or "Linux x86_64") in comment
