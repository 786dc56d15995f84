"""One file, one task: what goes in, what should come out, and how far the output is from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.choices.registry import Registry

if TYPE_CHECKING:
    from core.tasks.task import Task

tasks: Registry[type[Task]] = Registry("task", __name__, beside=frozenset({"task"}))
