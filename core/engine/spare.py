"""Memory that a process of ours does without: what others load and nothing here calls, and what was used and is free.

For processes that are ours alone (the app, a worker), before they compute: it changes what can be imported there.
Measured in docs/decisions/jobs.md.
"""

import ctypes
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Absent:
    """An import finder to which some modules are not installed."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in self.names:
            raise ModuleNotFoundError(f"{name} is not loaded here", name=name)
        return None


_absent = _Absent()


def leave_out(*names: str) -> None:
    """Have modules that are not loaded yet look as if they were not installed; who asks for them does without."""
    _absent.names.update(names)
    if _absent not in sys.meta_path:
        sys.meta_path.insert(0, _absent)


def leave_out_compiler() -> None:
    """Put a stand-in in the place of torch's compiler, which an optimiser loads to be left alone by it.

    Nothing is compiled here; the compiler is 800 modules, 65 MB and one to several seconds.
    """
    import torch

    if "torch._dynamo" in sys.modules:
        return
    compiler = ModuleType("torch._dynamo", "A stand-in: nothing is compiled.")
    compiler.disable = _unchanged  # type: ignore[attr-defined]
    compiler.graph_break = _nothing  # type: ignore[attr-defined]
    sys.modules[compiler.__name__] = compiler
    torch._dynamo = compiler


def give_back() -> None:
    """Return to the system what this process has freed: glibc keeps arrays of up to 32 MB for the next ones."""
    with suppress(OSError, AttributeError):  # another system, another C library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _unchanged(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    return function


def _nothing(*_: Any, **__: Any) -> None:
    pass
