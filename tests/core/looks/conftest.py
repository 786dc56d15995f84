"""Looks are made by the engine that the tests of jobs share."""

from tests.core.engine.conftest import engine_home, queue, shared

__all__ = ["engine_home", "queue", "shared"]
