"""Imports are followed in the source, and nothing is imported for it."""

import subprocess
import sys
from pathlib import Path

from core.export.modules import needed, packages
from core.export.text import quoted

ROOT = Path(__file__).parents[3]
SOURCE = """
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from . import Cell
from .gru import GRU

if TYPE_CHECKING:
    import xarray

    from core.tasks import Task
else:
    import core.home

class Late:
    from core.signals import Signal

    async def read(self):
        import torch

        from core.recurrence import linear_recurrence
"""


def test_what_is_imported_at_once_comes_first_and_what_types_need_not_at_all() -> None:
    modules = needed(["core.cells.lstm"], {"core.cells.lstm": SOURCE})
    names = [one.name for one in modules]
    assert names[-1] == "core.recurrence"
    assert names[-2] == "core.cells.lstm"
    assert {"core", "core.cells", "core.cells.gru", "core.home", "core.signals"} <= set(names)
    assert "core.tasks" not in names
    assert packages(modules) == ("numpy", "platformdirs", "torch")
    assert {"core/__init__.py", "core/cells/__init__.py", "core/cells/gru.py", "core/home.py"} <= {
        one.path for one in modules
    }


def test_every_module_follows_those_that_it_imports() -> None:
    seen: set[str] = set()
    for module in needed(["core.training", "core.tasks.characters", "core.networks.recurrent"], {}):
        seen.add(module.name)
        below = {name for name in module.now if (ROOT / f"{name.replace('.', '/')}.py").exists()}
        assert below <= seen, module.name


def test_nothing_is_imported_to_follow_imports() -> None:
    code = """
import sys
from core.export.modules import needed
assert "core.training.training" in [one.name for one in needed(["core.training"], {})]
sys.exit("torch" in sys.modules or "core.training" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_text_in_quotation_marks_is_that_text() -> None:
    for text in ("a\n", "r'\\d'\n", "'''a'''\n'b\\n'''\\'\n", "'''\n", "'\n", '"""\\"""\n', "\\\n", "''''\\\\'\n"):
        assert eval(quoted(text)) == text
