"""What one side of an example is made of: symbols, numbers or a picture, and how it is encoded, scored and kept.

Each run is saved with its media, so that its network can be used even where the text that it read is not available.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from torch import Tensor

# Torch is imported only where it is used: a page that names an experiment must not wait for it.

Variables = dict[str, tuple[tuple[str, ...], Any]]
"""Named arrays with named axes, as a trace takes them."""


@dataclass(frozen=True)
class Medium(ABC):
    """What one side of an example, its inputs or its outputs, is made of.

    Attributes
    ----------
    kind
        The name of this medium in a file.
    """

    kind: ClassVar[str]

    @property
    @abstractmethod
    def size(self) -> int:
        """How many numbers one time step has, or a whole picture."""

    @abstractmethod
    def encode(self, values: Tensor) -> Tensor:
        """Return values in the form that a network reads."""

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
    """A medium that a network can also output."""

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
            How many time steps the trace has.
        """


@dataclass(frozen=True)
class Symbols(Spoken):
    """One of several symbols at each time step.

    Values are indices of the shape (example, time). They are encoded one-hot.

    Parameters
    ----------
    names
        The symbols by index. Index 0 of an input stands for a symbol that the network does not know.
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
        """Return the one-hot encoding: zeros with a single one at the symbol's index.

        The shape goes from (example, time) to (example, time, symbol).
        """
        import torch

        return torch.zeros(1).expand(*values.shape, self.size).scatter(2, values.unsqueeze(2), 1.0)

    def shown(self, values: Tensor, time: str) -> Variables:
        """Return the indices, and which of them are known symbols. Shape of each: (example, time)."""
        return {"input": (("example", time), values), "known": (("example", time), values != 0)}

    def loss(self, predictions: Tensor, targets: Tensor, mask: Tensor | None) -> Tensor:
        """Return the mean cross-entropy in nats.

        ``predictions`` have the shape (example, time, symbol). ``targets`` have the shape (example, time) and belong to
        the last time steps. Where a whole example has one symbol as its target, both lack the time axis.
        """
        from torch.nn.functional import cross_entropy

        scored = _asked(predictions, targets)
        if mask is None:
            return cross_entropy(scored.flatten(0, -2), targets.flatten())
        if _is_transformed():
            each = cross_entropy(scored.flatten(0, -2), targets.flatten(), reduction="none")
            return _mean(each, mask.flatten())
        return cross_entropy(scored[mask], targets[mask])

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Return the probabilities and, if there are targets, also the targets and the loss of each.

        Returns
        -------
        Variables
            ``probability``, of the shape (example, time, symbol); ``target`` and ``loss`` in nats, of the shape
            (example, time). Before the first target, ``target`` is 0 and ``loss`` is NaN. Where a whole example has one
            symbol as its target, the first two lack the time axis, and the loss stands at the last time step.
        """
        import torch
        from torch.nn.functional import cross_entropy, pad

        once = predictions.dim() == 2
        axes = ("example",) if once else ("example", "time")
        found: Variables = {"probability": ((*axes, "symbol"), predictions.softmax(dim=-1))}
        if targets is None:
            return found
        each = cross_entropy(_asked(predictions, targets).transpose(1, -1), targets, reduction="none")
        counted = each if mask is None else torch.where(mask, each, torch.nan)
        if once:
            loss = pad(counted[:, None], (length - 1, 0), value=torch.nan)
        else:
            earlier = predictions.shape[1] - targets.shape[1]
            targets, loss = pad(targets, (earlier, 0)), pad(counted, (earlier, 0), value=torch.nan)
        return found | {"target": (axes, targets), "loss": (("example", "time"), loss)}


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
        if mask is None:
            return squares.mean()
        if _is_transformed():
            return _mean(squares.mean(dim=-1), mask)
        return squares[mask].mean()

    def outcome(self, predictions: Tensor, targets: Tensor | None, mask: Tensor | None, length: int) -> Variables:
        """Return the predictions and, if there are targets, also the targets and the loss at each time step.

        Returns
        -------
        Variables
            ``prediction`` and ``target``, of the shape (example, time, output); ``loss``, of the shape (example, time).
            Where there is one prediction for a whole example, the first two have the shape (example, output), or
            (example,) for one number, and the loss stands at the last time step.
        """
        import torch
        from torch.nn.functional import pad

        once = predictions.dim() == 2
        one = once and self.size == 1
        axes: tuple[str, ...] = ("example",) if one else ("example", *(() if once else ("time",)), "output")
        found: Variables = {"prediction": (axes, predictions[:, 0] if one else predictions)}
        if targets is None:
            return found
        each = (predictions - targets.reshape(predictions.shape)).square().mean(dim=-1)
        counted = each if mask is None else torch.where(mask, each, torch.nan)
        loss = pad(counted[:, None], (length - 1, 0), value=torch.nan) if once else counted
        shown = targets.reshape(len(targets)) if one else targets
        return found | {"target": (axes, shown), "loss": (("example", "time"), loss)}


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
        """Return the picture. Shape: (example, channel, pixel_row, pixel_column)."""
        return {"input": (("example", "channel", "pixel_row", "pixel_column"), values)}


def _asked(predictions: Tensor, targets: Tensor) -> Tensor:
    """Return the predictions that have a target: those of the last time steps, or of whole examples."""
    return predictions if targets.dim() == 1 else predictions[:, -targets.shape[1] :]


def _is_transformed() -> bool:
    """Return whether a ``torch.func`` transform is active: then no shape may depend on which values are masked."""
    import torch

    return torch._C._are_functorch_transforms_active()


def _mean(each: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the values that ``mask`` marks, summed in another order than in ``each[mask].mean()``."""
    import torch

    return torch.where(mask, each, 0.0).sum() / mask.sum()


MEDIA: Mapping[str, type[Medium]] = {one.kind: one for one in (Symbols, Numbers, Picture)}


def from_header(header: Mapping[str, Any]) -> Medium:
    """Return the medium that a header from ``Medium.header`` describes.

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
