"""Memory that a process of ours does without: what others load and nothing here calls, and what was used and is free.

For processes that are ours alone (the app, a worker), before they compute: it changes what can be imported there.
Measured in docs/decisions/jobs.md.
"""

import ctypes
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MOST_ARENAS, MAPPED_FROM = -8, -3
"""Names of two settings in glibc's malloc.h."""


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
_loading = threading.RLock()


def leave_out(*names: str) -> None:
    """Have modules that are not loaded yet look as if they were not installed; who asks for them does without."""
    _absent.names.update(names)
    if _absent not in sys.meta_path:
        sys.meta_path.insert(0, _absent)


class _Compiler(ModuleType):
    """In the place of ``torch._dynamo`` until something of it is wanted: then the real one is loaded and answers."""

    def __init__(self) -> None:
        super().__init__("torch._dynamo", "Stands in until something of it is wanted.")
        self.disable, self.graph_break = _unchanged, _nothing

    def __getattr__(self, name: str) -> Any:
        import torch

        with _loading:  # other threads wait until it is whole; while it loads it may ask for itself
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
                torch._dynamo = import_module(self.__name__)
            return getattr(sys.modules[self.__name__], name)


def leave_out_compiler() -> None:
    """Put off loading torch's compiler.

    An optimiser loads it only to keep it away from its own steps. Nothing is compiled here, and the compiler is 800
    modules, 65 MB and one to several seconds. What does need it, such as ``vmap``, ``jacrev`` or a checkpoint, loads it
    at its first call.
    """
    import torch

    if "torch._dynamo" in sys.modules:
        return
    compiler = _Compiler()
    sys.modules[compiler.__name__] = compiler
    torch._dynamo = compiler


def give_back() -> None:
    """Return to the system what this process has freed: glibc keeps arrays of up to 32 MB for the next ones."""
    with suppress(OSError, AttributeError):  # another system, another C library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def hold_little() -> None:
    """Have glibc take memory in two places for all threads, and give blocks of a quarter of a megabyte back when freed.

    Otherwise each of a class's threads keeps a place of its own, and what one freed another does not use.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(MOST_ARENAS, 2)
        library.mallopt(MAPPED_FROM, 256 * 1024)


def _unchanged(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    return function


def _nothing(*_: Any, **__: Any) -> None:
    pass
