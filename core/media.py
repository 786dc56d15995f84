"""What one side of an example is made of: symbols, numbers or a picture; how it is encoded, scored and kept.

Kept with every run, so that a network can be asked again where the text that it read is not to be had.
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
    """kind : the word for it in a file."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def size(self) -> int:
        """Numbers for one time step, or for all of a picture."""

    @abstractmethod
    def encode(self, values: Tensor) -> Tensor:
        """Values as a network sees them."""

    @abstractmethod
    def shown(self, values: Tensor, time: str) -> Variables:
        """Inputs as a trace keeps them. ``time`` is the name of their time axis."""

    @property
    def symbols(self) -> tuple[str, ...]:
        """What an index stands for; empty where there is none."""
        return ()

    def header(self) -> dict[str, Any]:
        """Ready for JSON."""
        own = ((name, list(value) if isinstance(value, tuple) else value) for name, value in asdict(self).items())
        return {"kind": self.kind, **dict(own)}


@dataclass(frozen=True)
class Spoken(Medium):
    """A medium that a network can also put out."""

    @abstractmethod
    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Mean loss over the targets that count, a scalar. ``mask`` is True where a target counts; None: all do."""

    @abstractmethod
    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Predictions as a trace keeps them, with the loss of each where there are targets; NaN where none counts.

        length : time steps of the trace
        """


@dataclass(frozen=True)
class Symbols(Spoken):
    """One of some symbols at each time step. Values: (example, time) indices; encoded one-hot.

    names : by index; what a network has not met is 0
    """

    names: tuple[str, ...]
    kind = "symbols"

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def symbols(self) -> tuple[str, ...]:
        return self.names

    def encode(self, values: Tensor) -> Tensor:
        """Zeros and a single one at the symbol's index. Shape: (example, time) to (example, time, symbol)."""
        import torch

        return torch.zeros(*values.shape, self.size).scatter_(2, values.unsqueeze(2), 1.0)

    def shown(self, values: Tensor, time: str) -> Variables:
        return {"input": (("example", time), values), "known": (("example", time), values != 0)}

    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Cross-entropy, nats. Shapes: (example, time, symbol), and (example, time) of the last time steps."""
        from torch.nn.functional import cross_entropy

        scored = predictions[:, -targets.shape[1] :]
        if mask is not None:
            return cross_entropy(scored[mask], targets[mask])
        return cross_entropy(scored.flatten(0, 1), targets.flatten())

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """probability : (example, time, symbol);  target : (example, time);  loss : (example, time), nats."""
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

    names : of the features. Values: (example, time, feature), or (example,) or (example, feature)
    """

    names: tuple[str, ...]
    kind = "numbers"

    @property
    def size(self) -> int:
        return len(self.names)

    def encode(self, values: Tensor) -> Tensor:
        return values

    def shown(self, values: Tensor, time: str) -> Variables:
        return {"input": (("example", time, "feature"), values)}

    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Mean squared error."""
        squares = (predictions - targets.reshape(predictions.shape)).square()
        return squares.mean() if mask is None else squares[mask].mean()

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """prediction, target : (example, time, feature), or (example,) for one number;  loss : (example, time)."""
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
    """One picture. Values: (example, channel, row, column), 0 to 1."""

    channels: int
    rows: int
    columns: int
    kind = "picture"

    @property
    def size(self) -> int:
        return self.channels * self.rows * self.columns

    def encode(self, values: Tensor) -> Tensor:
        return values

    def shown(self, values: Tensor, time: str) -> Variables:
        return {"input": (("example", "channel", "pixel_row", "pixel_column"), values)}


MEDIA: Mapping[str, type[Medium]] = {one.kind: one for one in (Symbols, Numbers, Picture)}


def from_header(header: Mapping[str, Any]) -> Medium:
    """The medium that ``Medium.header`` described. Raises KeyError, TypeError or ValueError for anything else."""
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
