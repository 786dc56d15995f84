"""Looking inside a network: here, or on a machine that is too small for a second torch, in the worker that has it.

Looking never waits for a training: the worker answers between two of its updates' operations.
"""

import os
import threading
from importlib import import_module
from typing import Any

from core.engine.spare import give_back

_one_at_a_time = threading.Lock()


def elsewhere() -> bool:
    """Whether this machine has no room for torch in the app; ``UNROLLED_LOOK`` (app or worker) overrides."""
    asked = os.environ.get("UNROLLED_LOOK", "")
    if asked in ("app", "worker"):
        return asked == "worker"
    from distributed import system  # most of a second: the first page does not wait for it

    from core.engine.capacity import SMALL_HOST

    return bool(system.MEMORY_LIMIT < SMALL_HOST)


def look(function: str, *arguments: Any, **options: Any) -> Any:
    """Call a function of ``core`` that needs torch.

    function : "module:name" below ``core``, such as "traces.tracing:trace"

    Raises what the function raises.
    """
    if elsewhere():
        from core.engine.queue import queue

        return queue().look(function, *arguments, **options)
    return call(function, *arguments, **options)


def call(function: str, *arguments: Any, **options: Any) -> Any:
    """The same, in this process, on one thread."""
    import torch

    module, name = function.split(":")
    found = getattr(import_module(f"core.{module}"), name)
    with _one_at_a_time:
        torch.set_num_threads(1)
        return found(*arguments, **options)


def call_for_another(function: str, *arguments: Any, **options: Any) -> Any:
    """The same for an app that has no room for torch: the machine is small, and what it took is given back to it."""
    try:
        return call(function, *arguments, **options)
    finally:
        give_back()
