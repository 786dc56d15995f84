"""The modules of this project that something needs, found by following the imports in their source.

Nothing is imported for this, so that a page that offers a script does not wait for torch.
"""

import ast
import sys
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import resolve_name

PROJECT = __name__.partition(".")[0]


@dataclass(frozen=True)
class Module:
    """One file of the project.

    Parameters
    ----------
    name
        Dotted name under which it is imported.
    path
        Path from the root of the project.
    source
        What is in the file.
    now
        Dotted names that are imported together with the module: modules, and what it takes from them.
    later
        Dotted names that its functions import when they are called, likewise.
    """

    name: str
    path: str
    source: str
    now: tuple[str, ...]
    later: tuple[str, ...]


def needed(roots: Iterable[str], instead: Mapping[str, str]) -> tuple[Module, ...]:
    """Return the modules named ``roots`` and all that they import.

    Each module comes after the modules without which it cannot be imported.

    Parameters
    ----------
    instead
        Sources, by the name of the module, that replace the module's own.
    """
    found: list[Module] = []
    seen: set[str] = set()
    waiting = deque(roots)

    def follow(name: str) -> None:
        parent = name.rpartition(".")[0]
        if name in seen or top(name) != PROJECT:
            return
        seen.add(name)
        if parent:
            follow(parent)
        module = _module(name, instead)
        if module is not None:
            for one in module.now:
                follow(one)
            found.append(module)
            waiting.extend(module.later)

    while waiting:
        follow(waiting.popleft())
    return tuple(found)


def packages(modules: Iterable[Module]) -> tuple[str, ...]:
    """Return what has to be installed for some modules, in alphabetical order."""
    imported = {top(name) for module in modules for name in (*module.now, *module.later)}
    return tuple(sorted(imported - sys.stdlib_module_names - {PROJECT}))


def top(name: str) -> str:
    """Return the package that a dotted name begins with."""
    return name.partition(".")[0]


def _module(name: str, instead: Mapping[str, str]) -> Module | None:
    """Return the module ``name``; None if it is something inside a module, or has no source."""
    spec = _spec(name)
    if spec is None or not isinstance(spec.loader, InspectLoader):
        return None
    source = instead.get(name) or spec.loader.get_source(name)
    if source is None:
        return None
    package = spec.submodule_search_locations is not None
    imports = _Imports(name if package else name.rpartition(".")[0])
    imports.visit(ast.parse(source))
    path = name.replace(".", "/") + ("/__init__.py" if package else ".py")
    return Module(name, path, source.rstrip() + "\n", tuple(imports.now), tuple(imports.later))


def _spec(name: str) -> ModuleSpec | None:
    """Find a module; unlike importlib, this does not import the packages around it."""
    if name in sys.modules:
        return sys.modules[name].__spec__
    parent = name.rpartition(".")[0]
    if parent in sys.modules:
        folders = getattr(sys.modules[parent], "__path__", None)
    else:
        around = _spec(parent) if parent else None
        folders = around.submodule_search_locations if around else None
    return PathFinder.find_spec(name, folders) if folders else None


class _Imports(ast.NodeVisitor):
    """Collects the dotted names that a module imports, but none that is for a type checker alone."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.now: list[str] = []
        self.later: list[str] = []
        self._names = self.now

    def visit_Import(self, node: ast.Import) -> None:
        self._names += [one.name for one in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = resolve_name("." * node.level + (node.module or ""), self.package)
        self._names += [module, *(f"{module}.{one.name}" for one in node.names)]

    def visit_If(self, node: ast.If) -> None:
        unchecked = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for one in node.orelse if unchecked else (*node.body, *node.orelse):
            self.visit(one)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        names, self._names = self._names, self.later
        self.generic_visit(node)
        self._names = names

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815
