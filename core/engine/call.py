"""Calling a function of ``core`` that needs torch, in the process where this is."""

import asyncio
import threading
from importlib import import_module
from typing import Any

from core.engine.spare import give_back

_one_at_a_time = threading.Lock()


def call(function: str, *arguments: Any, **options: Any) -> Any:
    """Call "module:name" below ``core`` on one thread.

    Raises
    ------
    Exception
        What the function raises.
    """
    import torch

    module, name = function.split(":")
    torch.set_num_threads(1)
    return getattr(import_module(f"core.{module}"), name)(*arguments, **options)


def call_alone(function: str, *arguments: Any, **options: Any) -> Any:
    """The same, one at a time: what is made so takes memory and time."""
    with _one_at_a_time:
        return call(function, *arguments, **options)


async def call_for_another(function: str, *arguments: Any, **options: Any) -> Any:
    """Make the same call on a worker, for an app that has no room or no time for it.

    The call waits for no training and holds up none. It is made in a thread of its own, so that the worker can still
    answer meanwhile.
    """
    try:
        return await asyncio.to_thread(call_alone, function, *arguments, **options)
    finally:
        give_back()
