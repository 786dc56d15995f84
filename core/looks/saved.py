"""Answers of looks that come with the app, so that its pages open before any worker has started.

``python -m dashboard.openings`` opens the pages and saves what they ask for. An answer is found again by all that
decides it: the look, the weights of the network, and the question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.runs.run import Run

DIRECTORY = Path(__file__).parents[2] / "assets" / "looks"


class Answered(NamedTuple):
    """A look's answer, in a tuple because it may itself be None."""

    answer: Any


class SavedAnswers:
    """Answers under ``directory``: a folder for each run, a file for each answer."""

    def __init__(self, directory: Path = DIRECTORY) -> None:
        self.directory = directory

    def found(
        self, look: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Answered | None:
        """Return the answer of ``look`` to these arguments, of which a run is the first; None if it is not saved."""
        match arguments:
            case (Run() as run, *_) if self._folder(run).is_dir():
                path = self.path(look, arguments, options)
                return _read(path) if path.is_file() else None
        return None

    def path(self, look: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Path:
        """Return the file in which this answer is kept, if it is."""
        asked = hashlib.sha256()
        for part in (*arguments, *sorted(options.items())):
            asked.update(_mark(part))
        return self._folder(arguments[0]) / f"{look.__name__}-{asked.hexdigest()[:16]}.safetensors"

    def _folder(self, run: Run) -> Path:
        return self.directory / run.spec.key[:12]


answers = SavedAnswers()
"""What comes with the app."""


def _read(path: Path) -> Answered:
    from core.looks.codec import decode

    return Answered(decode(path.read_bytes()))


def _mark(given: Any) -> bytes:
    """Return bytes that are the same for equal arguments, and differ for others."""
    if isinstance(given, Run):
        return b"".join([given.spec.key.encode(), *(_mark(weight) for _, weight in sorted(given.weights.items()))])
    if isinstance(given, np.ndarray):
        return hashlib.sha256(given.tobytes()).digest()
    if hasattr(given, "variables"):  # a trace
        return b"".join(name.encode() + _mark(one.to_numpy()) for name, one in sorted(given.data_vars.items()))
    return repr(given).encode()
