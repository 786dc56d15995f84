"""What one side of an example is made of: symbols, numbers or a picture, and how it is encoded, scored and kept.

A medium is kept with every run, so that a network can be asked again where the text that it read is not available.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from torch import Tensor

# torch is imported where it is used: a page that names an experiment must not wait for it.

Variables = dict[str, tuple[tuple[str, ...], Any]]
"""Named arrays with named axes, as a trace takes them."""


@dataclass(frozen=True)
class Medium(ABC):
    """What one side of an example is made of.

    Attributes
    ----------
    kind
        The word for this medium in a file.
    """

    kind: ClassVar[str]

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers one time step, or a whole picture, takes."""

    @abstractmethod
    def encode(self, values: Tensor) -> Tensor:
        """Return values as a network sees them."""

    @abstractmethod
    def shown(self, values: Tensor, time: str) -> Variables:
        """Return inputs as a trace keeps them.

        ``time`` is the name of their time axis.
        """

    @property
    def symbols(self) -> tuple[str, ...]:
        """What each index stands for. Empty for a medium without symbols."""
        return ()

    def header(self) -> dict[str, Any]:
        """Return the description of this medium, ready for JSON."""
        own = ((name, list(value) if isinstance(value, tuple) else value) for name, value in asdict(self).items())
        return {"kind": self.kind, **dict(own)}


@dataclass(frozen=True)
class Spoken(Medium):
    """A medium that a network can also put out."""

    @abstractmethod
    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Return the mean loss over the targets that count, a scalar.

        Parameters
        ----------
        mask
            True where a target counts. If None, all targets count.
        """

    @abstractmethod
    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Return predictions as a trace keeps them.

        Where there are targets, the loss of each prediction is added. It is NaN where no target counts.

        Parameters
        ----------
        length
            Time steps of the trace.
        """


@dataclass(frozen=True)
class Symbols(Spoken):
    """One of several symbols at each time step.

    Values are indices of the shape (example, time). They are encoded one-hot.

    Parameters
    ----------
    names
        The symbols by index. Index 0 stands for what a network has not met.
    """

    names: tuple[str, ...]
    kind = "symbols"

    @property
    def size(self) -> int:
        """How many symbols there are."""
        return len(self.names)

    @property
    def symbols(self) -> tuple[str, ...]:
        """What each index stands for."""
        return self.names

    def encode(self, values: Tensor) -> Tensor:
        """Return zeros with a single one at the symbol's index.

        The shape goes from (example, time) to (example, time, symbol).
        """
        import torch

        return torch.zeros(*values.shape, self.size).scatter_(2, values.unsqueeze(2), 1.0)

    def shown(self, values: Tensor, time: str) -> Variables:
        """Return the indices, and which of them are known symbols. Shape of each: (example, time)."""
        return {"input": (("example", time), values), "known": (("example", time), values != 0)}

    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Return the mean cross-entropy in nats.

        ``predictions`` have the shape (example, time, symbol). ``targets`` have the shape (example, time) and belong to
        the last time steps.
        """
        from torch.nn.functional import cross_entropy

        scored = predictions[:, -targets.shape[1] :]
        if mask is not None:
            return cross_entropy(scored[mask], targets[mask])
        return cross_entropy(scored.flatten(0, 1), targets.flatten())

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Return probabilities, and with targets also these and the loss of each.

        Returns
        -------
        Variables
            ``probability``, of the shape (example, time, symbol); ``target`` and ``loss`` in nats, of the shape
            (example, time).
        """
        import torch
        from torch.nn.functional import cross_entropy

        found: Variables = {"probability": (("example", "time", "symbol"), predictions.softmax(dim=2))}
        if targets is None:
            return found
        counted = torch.ones_like(targets, dtype=torch.bool) if mask is None else mask
        each = cross_entropy(predictions.transpose(1, 2), targets, reduction="none")
        steps = ("example", "time")
        return found | {"target": (steps, targets), "loss": (steps, torch.where(counted, each, torch.nan))}


@dataclass(frozen=True)
class Numbers(Spoken):
    """Real numbers at each time step, or one group of them for a whole example.

    Values have the shape (example, time, feature), or (example,) or (example, feature).

    Parameters
    ----------
    names
        The names of the features.
    """

    names: tuple[str, ...]
    kind = "numbers"

    @property
    def size(self) -> int:
        """How many features there are."""
        return len(self.names)

    def encode(self, values: Tensor) -> Tensor:
        """Return the values as they are."""
        return values

    def shown(self, values: Tensor, time: str) -> Variables:
        """Return the numbers. Shape: (example, time, feature)."""
        return {"input": (("example", time, "feature"), values)}

    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Return the mean squared error."""
        squares = (predictions - targets.reshape(predictions.shape)).square()
        return squares.mean() if mask is None else squares[mask].mean()

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Return predictions, and with targets also these and the loss at each time step.

        Returns
        -------
        Variables
            ``prediction`` and ``target``, of the shape (example, time, feature), or (example,) for one number;
            ``loss``, of the shape (example, time).
        """
        import torch

        one = predictions.dim() == 2
        axes: tuple[str, ...] = ("example",) if one else ("example", "time", "feature")
        said = predictions[:, 0] if one else predictions
        found: Variables = {"prediction": (axes, said)}
        if targets is None:
            return found
        squares = (said - targets).square()
        loss = torch.full((len(said), length), torch.nan)
        if one:
            loss[:, -1] = squares
        else:
            loss[:] = squares.mean(dim=2) if mask is None else torch.where(mask, squares.mean(dim=2), torch.nan)
        return found | {"target": (axes, targets), "loss": (("example", "time"), loss)}


@dataclass(frozen=True)
class Picture(Medium):
    """One picture.

    Values lie between 0 and 1. Their shape is (example, channel, row, column).
    """

    channels: int
    rows: int
    columns: int
    kind = "picture"

    @property
    def size(self) -> int:
        """How many numbers a whole picture takes."""
        return self.channels * self.rows * self.columns

    def encode(self, values: Tensor) -> Tensor:
        """Return the values as they are."""
        return values

    def shown(self, values: Tensor, time: str) -> Variables:
        """Return the picture. Shape: (example, channel, row, column)."""
        return {"input": (("example", "channel", "pixel_row", "pixel_column"), values)}


MEDIA: Mapping[str, type[Medium]] = {one.kind: one for one in (Symbols, Numbers, Picture)}


def from_header(header: Mapping[str, Any]) -> Medium:
    """Return the medium that ``Medium.header`` described.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the header describes no medium.
    """
    given = dict(header)
    kind = MEDIA[given.pop("kind")]
    for name, value in given.items():
        if name == "names":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise ValueError("names are a list of texts")
            given[name] = tuple(value)
        elif type(value) is not int or not 0 < value <= 1024:
            raise ValueError(f"{name} = {value!r} is no size")
    return kind(**given)
