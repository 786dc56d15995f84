"""One file, one cell: its source, its signals with their equations, and one time step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.choices.registry import Registry

if TYPE_CHECKING:
    from core.cells.cell import Cell

cells: Registry[type[Cell]] = Registry("cell", __name__, beside=frozenset({"cell"}))
