"""The direction of imports: the contracts hold, each of them bites, and what no graph of imports can say holds too."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
OURS = [ROOT / "streamlit_app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "dashboard").rglob("*.py"))]

# One forbidden import for each contract: (the file that has it, the line)
BREACHES = {
    "core knows no dashboard, no streamlit and no altair": ("core/spec/run_spec.py", "import altair"),
    "cells do not import their siblings": ("core/cells/gru.py", "import core.cells.lstm"),
    "tasks do not import their siblings": ("core/tasks/adding.py", "import core.tasks.characters"),
    "networks do not import their siblings": ("core/networks/recurrent.py", "import core.networks.time_delay"),
    "the rooms of core import downwards": ("core/cells/gru.py", "import core.spec"),
    "pages do not import their siblings": ("dashboard/app_pages/gates/page.py", "import dashboard.app_pages.home.page"),
    "the rooms of the dashboard import downwards": (
        "dashboard/parts/guess.py",
        "import dashboard.app_pages.race.competition",
    ),
    "charts and theme import neither streamlit nor torch": ("dashboard/shell/theme.py", "import core.training"),
    "pages import neither torch nor altair: if one needs them, a chart or a measure is missing": (
        "dashboard/app_pages/gates/page.py",
        "import altair",
    ),
    "only dashboard.experiment.jobs and looks touch jobs": ("dashboard/experiment/panel.py", "import core.training"),
}


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("contract", [contract["name"] for contract in CONTRACTS])
def test_each_contract_bites(contract: str, tmp_path: Path) -> None:
    """A tree of empty modules with one forbidden import breaks the contract that forbids it."""
    modules = [path.relative_to(ROOT) for path in OURS if path.parent != ROOT]
    for module in modules:
        copy = tmp_path / module
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    (tmp_path / "core/training/__init__.py").write_text("import torch\n", encoding="utf-8")
    file, line = BREACHES[contract]
    assert Path(file) in modules
    (tmp_path / file).write_text(f"{line}\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert f"{contract} BROKEN" in checked.stdout


def test_torch_stays_out_of_what_an_app_imports_before_its_first_page() -> None:
    """torch takes a second and a half to import: the first page is drawn without it."""
    modules = (
        "core.spec",
        "core.spec.presets",
        "core.runs.run",
        "core.home",
        "core.store",
        "core.engine.queue",
        "dashboard.experiment.panel",
        "dashboard.experiment.looks",
    )
    code = f"import sys, {', '.join(modules)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_pandas_stays_out_of_the_first_page() -> None:
    code = "import sys, dashboard.experiment.panel, dashboard.experiment.looks; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def called(path: Path) -> set[str]:
    """Every dotted name that a file mentions, such as ``st.cache_data``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_everything_is_kept_by_its_bytes_and_not_in_streamlits_caches() -> None:
    """Any browser may empty those for all readers, and they count entries."""
    assert [path.name for path in OURS if {"st.cache_data", "st.cache_resource"} & called(path)] == []


def test_only_the_entry_sets_the_page_and_the_navigation() -> None:
    users = {path.name for path in OURS if {"st.set_page_config", "st.navigation"} & called(path)}
    assert users == {"streamlit_app.py"}


def test_the_entry_stays_a_table_of_contents() -> None:
    assert len((ROOT / "streamlit_app.py").read_text(encoding="utf-8").splitlines()) < 40


@pytest.mark.parametrize(
    "unwanted", ["unsafe_allow_html", "components.v1", "unsafe_allow_javascript", "import pickle", "weights_only"]
)
def test_nothing_opens_the_door_to_code_from_elsewhere(unwanted: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in OURS if unwanted in path.read_text(encoding="utf-8")] == []


def test_files_are_named_for_what_they_are() -> None:
    vague = re.compile(r"^(utils?|helpers?|managers?|data|info|common|misc)$")
    assert [str(path.relative_to(ROOT)) for path in OURS if vague.match(path.stem)] == []
