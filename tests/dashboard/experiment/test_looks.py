"""A look is a function: what a type checker sees in its place is what a worker finds under its name."""

import ast
from importlib import import_module
from pathlib import Path

from dashboard.experiment import looks

TREE = ast.parse(Path(looks.__file__).read_text(encoding="utf-8"))


def imported() -> dict[str, str]:
    """By the name it has in the module: the module of ``core`` that a type checker takes a name for."""
    (branch,) = (node for node in TREE.body if isinstance(node, ast.If))
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix("core.")
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_a_name_stands_for_the_module_that_a_type_checker_sees() -> None:
    named = {name: one.module for name, one in vars(looks).items() if isinstance(one, looks.Named)}
    assert named == {name: module for name, module in imported().items() if name in named}
    assert len(named) > 5


def test_every_function_that_is_named_exists() -> None:
    asked = {
        (node.value.id, node.attr)
        for node in ast.walk(TREE)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if isinstance(getattr(looks, node.value.id, None), looks.Named)
    }
    assert len(asked) > 10
    for name, function in asked:
        module = import_module(f"core.{getattr(looks, name).module}")
        assert callable(getattr(module, function))
        assert getattr(getattr(looks, name), function) == f"{module.__name__.removeprefix('core.')}:{function}"
