"""One Python file that trains a run again with torch and numpy alone, whatever plug-ins it is made of.

It carries the source of those modules of ``core`` that the experiment needs, found by following imports, and the text
that was learned. The modules are read from the file itself, so it runs where nothing else of this project is.
"""

import ast
import base64
import textwrap
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from string import Template

from core.runs.run import Run
from core.spec import RunSpec

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "assets" / "export" / "embedded.py.txt"
WIDTH = 110

STARTS = ("core.training.training", "core.spec")
TEXTS = "core.texts"

EMBEDDED_TEXTS = '''"""The text that was learned, from the end of this file; it stands for every text of the project."""

import base64
import sys
import zlib


class TextUnavailable(RuntimeError):
    """A text cannot be had."""


class own:
    """The reader's own texts: here the embedded one goes under its name."""

    @staticmethod
    def is_name(name):
        return False


class _Texts:
    def names(self):
        return (sys.modules["__main__"].TEXT_NAME,)

    def __getitem__(self, name):
        with open(sys.modules["__main__"].__file__, encoding="utf-8") as file:
            packed = file.read().rpartition("\\n# TEXT\\n")[2].replace("# ", "").replace("\\n", "")
        text = zlib.decompress(base64.b85decode(packed)).decode()
        return lambda length, seed: text[:length]


texts = _Texts()
'''
"""Stands in the place of ``core.texts``."""


def embedded_script(run: Run) -> str:
    """The file, which prints the loss of every update and, at the end, the last one beside what it was.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be read here.
    """
    corpus = getattr(run.spec.build_task(), "corpus", None)
    sources = {**_sources(run.spec), TEXTS: EMBEDDED_TEXTS}
    program = Template(TEMPLATE.read_text("utf-8")).substitute(
        filename=f"{run.spec.key[:12]}.py",
        summary=textwrap.fill(f"Settings: {run.spec.to_json()}", 116, break_on_hyphens=False),
        torch=run.made.get("torch", "?"),
        machine=run.made.get("machine", "?"),
        key=run.spec.key,
        settings=run.spec.to_json(),
        text_name=str(dict(run.spec.options).get("text", "")),
        last_loss=run.curves["loss"][-1].item() if len(run.curves["loss"]) else float("nan"),
        packages=tuple(name for name in sources if name == TEXTS or _file(name).name == "__init__.py"),
        sources="\n".join(f"SOURCES[{name!r}] = {_literal(source)}\n" for name, source in sorted(sources.items())),
    )
    return program if corpus is None else f"{program}\n# TEXT\n{comment(corpus)}\n"


def comment(text: str) -> str:
    """A text as the last lines of a script, compressed."""
    packed = base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return "\n".join(f"# {packed[start : start + WIDTH]}" for start in range(0, len(packed), WIDTH))


def _sources(spec: RunSpec) -> dict[str, str]:
    """The source of every module that training ``spec`` needs, by name; without ``core.texts``."""
    plugins = (f"core.tasks.{spec.task}", f"core.networks.{spec.network}", f"core.cells.{spec.cell}")
    found: dict[str, str] = {}
    waiting = [*STARTS, *plugins]
    while waiting:
        name = waiting.pop()
        if name in found or name == TEXTS or name.startswith(f"{TEXTS}."):
            continue
        found[name] = _file(name).read_text("utf-8")
        waiting += [parent for parent in (name.rpartition(".")[0],) if parent]
        waiting += [one for one in _imported(name, found[name]) if one == "core" or one.startswith("core.")]
        if _file(name).name == "__init__.py":  # a plug-in that an option names, such as a series
            waiting += [f"{name}.{value}" for _, value in spec.options if _is_module(f"{name}.{value}")]
    return found


def _imported(name: str, source: str) -> Iterator[str]:
    """Modules that a source imports, but for those that only its types need."""
    tree = ast.parse(source)
    skipped = {
        id(inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inside in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names if _is_module(f"{node.module}.{one.name}"))


def _file(name: str) -> Path:
    """Where the source of a module lies; a plug-in may lie elsewhere than the others of its package."""
    path = ROOT.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name)
    return Path(found.origin)


def _is_module(name: str) -> bool:
    if not all(part.isidentifier() for part in name.split(".")) or not name.startswith("core."):
        return False
    try:
        return _file(name).suffix == ".py"
    except ModuleNotFoundError:
        return False


def _literal(source: str) -> str:
    """A source as it stands, where a raw string can hold it."""
    return f"r'''{source}'''" if "'''" not in source and not source.endswith("'") else repr(source)
