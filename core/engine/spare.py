"""Save memory: do not load what other libraries import and nothing here calls, and return what was used and is free.

Use this only in processes that belong to this project alone (the app, a worker), and before they compute, because it
changes what can be imported there. Measured in docs/decisions/jobs.md.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MOST_ARENAS, MAPPED_FROM = -8, -3
"""The settings M_ARENA_MAX and M_MMAP_THRESHOLD in glibc's malloc.h."""


class _Absent:
    """An import finder that reports some modules as not installed."""

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
_this_thread = threading.local()


def leave_out(*names: str) -> None:
    """Make modules that are not loaded yet look as if they were not installed; other libraries then do without them."""
    _absent.names.update(names)
    if _absent not in sys.meta_path:
        sys.meta_path.insert(0, _absent)


class _Compiler(ModuleType):
    """Stands in for ``torch._dynamo``; loads it as soon as more than ``disable`` or ``graph_break`` is used."""

    def __init__(self) -> None:
        super().__init__("torch._dynamo", "Stands in until something of it is wanted.")
        self.disable, self.graph_break = _unchanged, _nothing

    def __getattr__(self, name: str) -> Any:
        import torch

        with _loading:  # other threads wait until it is loaded; while it loads, it may ask for itself
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
                torch._dynamo = import_module(self.__name__)
            return getattr(sys.modules[self.__name__], name)


def leave_out_compiler() -> None:
    """Put off loading torch's compiler.

    An optimiser loads it only to exclude its own steps from compilation. Nothing is compiled here, and loading the
    compiler takes 800 modules, 65 MB and one to several seconds. A function that does need it, such as ``vmap``,
    ``jacrev`` or a checkpoint, loads it at its first call.
    """
    import torch

    if "torch._dynamo" in sys.modules:
        return
    compiler = _Compiler()
    sys.modules[compiler.__name__] = compiler
    torch._dynamo = compiler


def give_back() -> None:
    """Return freed memory to the system: glibc would keep the space of arrays of up to 32 MB for later ones."""
    with suppress(OSError, AttributeError):  # another system, or another C library
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def hold_little() -> None:
    """Have glibc use two arenas for all threads, and return blocks of a quarter of a megabyte or more when freed.

    Otherwise every thread may get an arena of its own, and none uses what another has freed. A class of readers means
    many threads.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(MOST_ARENAS, 2)
        library.mallopt(MAPPED_FROM, 256 * 1024)


def give_way() -> None:
    """Lower the priority of this thread for good, so that pages, and looks that pages wait for, are served first.

    On Linux alone a thread has a priority of its own.
    """
    if sys.platform == "linux" and not getattr(_this_thread, "gives_way", False):
        _this_thread.gives_way = True
        with suppress(OSError):
            os.nice(5)


def _unchanged(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    return function


def _nothing(*_: Any, **__: Any) -> None:
    pass
