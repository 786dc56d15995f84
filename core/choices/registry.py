"""Plug-ins are files: each module of a package holds one plug-in, which has the file's name."""

import importlib
import pkgutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

Plugin = TypeVar("Plugin")

SECONDS_BETWEEN_LOOKS = 0.5
"""The least time between two looks at a folder. A page asks for names hundreds of times. At each look another reader's
page may run first, so a hundred pages at once would wait for each other at every look."""


class UnknownName(ValueError):
    """No plug-in has that name: the message lists the names that exist."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no {kind} named {name!r}; choose from {', '.join(known)}")
        self.kind, self.name, self.known = kind, name, known


class Registry(Generic[Plugin]):
    """The plug-ins of one package, by name.

    ``names`` reads the folder and imports nothing, so a page can offer every cell before torch is imported. A plug-in
    is imported when it is asked for. It registers itself with the decorator ``register``.

    Parameters
    ----------
    kind
        The word for one plug-in in messages.
    package
        The full name of the package that holds the files.
    beside
        Names of the files in the package that are not plug-ins.

    Raises
    ------
    UnknownName
        If no file has the name that is asked for.
    RuntimeError
        If a file registers nothing, or two plug-ins.
    """

    def __init__(self, kind: str, package: str, beside: frozenset[str] = frozenset()) -> None:
        self.kind, self.package, self.beside = kind, package, beside
        self._plugins: dict[str, Plugin] = {}
        self._names: tuple[str, ...] = ()
        self._seen: tuple[tuple[str, int], ...] | None = None
        self._looked: tuple[tuple[str, ...], float] = (), 0.0

    def register(self, plugin: Plugin) -> Plugin:
        """Enter a class or function under the name of the file that defines it.

        This is a decorator.

        Raises
        ------
        RuntimeError
            If the file has already registered another plug-in.
        """
        name = str(plugin.__module__).rpartition(".")[2]
        known = self._plugins.get(name)
        # A module that is loaded again (hot reload) defines the same plug-in once more.
        if known is not None and getattr(known, "__qualname__", "") != getattr(plugin, "__qualname__", ""):
            raise RuntimeError(f"{self.package}.{name} registers two plug-ins; one file holds one {self.kind}")
        self._plugins[name] = plugin
        return plugin

    def names(self) -> tuple[str, ...]:
        """Return the names of all plug-ins in alphabetical order, without importing any.

        A new file is found within a second.
        """
        folders, now = tuple(importlib.import_module(self.package).__path__), time.monotonic()
        if folders == self._looked[0] and now - self._looked[1] < SECONDS_BETWEEN_LOOKS:
            return self._names
        # A folder's modification time changes when a file is added or removed.
        mark = tuple((folder, Path(folder).stat().st_mtime_ns) for folder in folders if Path(folder).is_dir())
        if self._seen != mark:
            found = {module.name for module in pkgutil.iter_modules(folders)}
            self._names, self._seen = tuple(sorted(found - self.beside)), mark
        self._looked = folders, now
        return self._names

    def __getitem__(self, name: str) -> Plugin:
        if name not in self.names():
            raise UnknownName(self.kind, name, self.names())
        if name in self._plugins:
            return self._plugins[name]
        importlib.import_module(f"{self.package}.{name}")
        if name not in self._plugins:
            raise RuntimeError(f"{self.package}.{name} registers no {self.kind}")
        return self._plugins[name]

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())
