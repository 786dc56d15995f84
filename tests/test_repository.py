"""What a newcomer relies on: commands, requirements, links and indexes say what is true."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IGNORED = {".git", ".venv", "venv", "node_modules", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".yml", ".js", ".css", ".cfg", ".svg", ""}


def texts() -> list[Path]:
    """Every text file of the repository; without git, every text file of the tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not IGNORED & set(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def requirements(name: str) -> dict[str, str]:
    """Package -> version specifier of a requirements file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([a-z0-9-]+)(\S+)$", line) for line in lines if line and line[0] not in "#-"]
    assert all(found), f"{name} has a line that is no requirement"
    return {match[1]: match[2] for match in found if match}


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    place = re.compile(r"(?<![\w./:{}-])/(?:home|root|Users|work|mnt|private)/\w|[A-Z]:\\+Users\\")
    container = {ROOT / "Dockerfile", Path(__file__)}
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:100]}"
        for path in texts()
        if path not in container
        for line in path.read_text(encoding="utf-8").splitlines()
        if place.search(line)
    ]
    assert found == []


def test_no_text_names_a_package_registry() -> None:
    hosts = (
        "pypi",
        "pythonhosted",
        "download.pytorch",
        "registry.npmjs",
        "deb.debian",
        "conda.anaconda",
        "huggingface",
    )
    named = re.compile("(?:" + "|".join(re.escape(host) for host in hosts) + r")\.[a-z]{2,}", re.IGNORECASE)
    assert [str(path.relative_to(ROOT)) for path in texts() if named.search(path.read_text(encoding="utf-8"))] == []


def test_both_readmes_give_the_same_two_commands() -> None:
    wanted = [
        "python -m pip install -r requirements.txt && python -m streamlit run streamlit_app.py",
        "python -m pip install -r requirements-dev.txt && python -m pytest",
    ]
    for name in ("README.md", "README.zh.md"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("python -m pip")] == wanted


def test_every_requirement_has_a_tested_lower_bound_and_a_major_cap() -> None:
    lowest = requirements("requirements-lowest.txt")
    running = requirements("requirements.txt")
    assert set(lowest) == set(running)
    for name, specifier in running.items():
        if name == "torch":
            assert specifier == ">=2.13,<2.16", "both ends passed every test: try a later one before it is allowed"
            assert lowest[name] == "==2.13.0"
            continue
        bounds = re.fullmatch(r">=([\d.]+),<(\d+)", specifier)
        assert bounds, f"{name}{specifier} should be >= a tested version and < the next major one"
        tested = lowest[name].removeprefix("==")
        assert tested == bounds[1] or tested.startswith(f"{bounds[1]}."), f"{name} {bounds[1]} is not what was tested"


def test_requirements_name_no_index_and_no_file() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        options = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line.startswith("-")]
        assert options in ([], ["-r requirements.txt"])


def test_requirements_are_what_the_code_imports() -> None:
    """Nothing that running needs is missing, nothing that it does not need is installed."""
    imported: set[str] = set()
    for path in [ROOT / "streamlit_app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).partition(".")[0])
    installed = packages_distributions()
    outside = imported - sys.stdlib_module_names - {"core", "dashboard"}
    needed = {min(installed[name]).lower() for name in outside}
    assert needed - {"dask"} == set(requirements("requirements.txt"))  # dask is half of distributed


PLUGIN_PACKAGES = {"cells", "concepts", "networks", "series", "tasks", "texts"}

DECLARED = {"ABOUT", "LESSON"}
"""What every plug-in of a kind, or every page, declares under the same name."""


def names_defined(package: str) -> dict[str, list[str]]:
    """Every public class and constant of a package, with the modules that define it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.ClassDef(name=name):
                    names = [name]
                case ast.Assign(targets=targets):
                    names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
                case ast.AnnAssign(target=ast.Name(id=name)):
                    names = [name]
                case _:
                    names = []
            for name in names:
                if not name.startswith("_") and (name.isupper() or isinstance(node, ast.ClassDef)):
                    found[name].append(path.relative_to(ROOT).as_posix())
    return found


def one_sense(modules: list[str]) -> bool:
    """Whether a name is defined once, or by plug-ins of one kind, which never meet: each cell has its ``State``."""
    packages = {Path(module).parent.name for module in modules}
    return len(modules) == 1 or (len(packages) == 1 and packages <= PLUGIN_PACKAGES)


def test_a_name_has_one_sense() -> None:
    """A public class or constant is defined in one module: whoever reads its name knows which is meant."""
    every: defaultdict[str, list[str]] = defaultdict(list)
    for package in ("core", "dashboard"):
        for name, modules in names_defined(package).items():
            every[name] += modules
    assert {name: modules for name, modules in every.items() if not one_sense(modules)}.keys() <= DECLARED


def test_each_library_has_its_reasons() -> None:
    page = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    wanted = {*requirements("requirements.txt"), *requirements("requirements-dev.txt")}
    assert {name for name in wanted if name not in page} == set()


def test_the_index_of_decisions_lists_every_page() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"^- \[.+\]\((.+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("page", [path for path in texts() if path.suffix == ".md"], ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose)
    local = [link for link in links if not re.match(r"[a-z]+:", link) and not link.startswith("/")]
    if page.is_relative_to(ROOT / "assets"):
        return  # a lesson's links lead to pages of the app; the browser tests follow them
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_hook_runs_what_is_installed_here() -> None:
    """pre-commit fetches a hook from elsewhere unless its repository is local."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: *(\S+)", text) == ["local"]


def test_what_the_image_copies_and_leaves_out_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    left_out = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if "*" not in line]
    assert {"core", "dashboard", "assets", "streamlit_app.py", "requirements.txt"}.isdisjoint(left_out)


def test_tests_run_with_warnings_as_errors_and_one_thread() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert settings["filterwarnings"][0] == "error"
    import torch

    assert torch.get_num_threads() == 1
