"""The values of units along one half of a text. What takes long to compute from them is kept for the next concept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.concepts import Kind
from core.units import scores


@dataclass(frozen=True)
class Half:
    """The values of some units, one row each, at every character of a half or only at those that are scored.

    Parameters
    ----------
    values
        Shape: (unit, time).
    part_of
        The half that these time steps were selected from, and their positions in it.
    """

    values: np.ndarray
    part_of: tuple[Half, np.ndarray] | None = None

    def at(self, where: np.ndarray) -> Half:
        """Return this half at the time steps ``where`` only."""
        return self if len(where) == self.values.shape[1] else Half(self.values.take(where, axis=1), (self, where))

    def score(self, labels: np.ndarray, kind: Kind) -> np.ndarray:
        """Return r of every unit, or AUROC of a binary concept. Shape: (unit, draw).

        Parameters
        ----------
        labels
            Each draw has the same labels in another order. Shape: (draw, time).
        """
        correlate = scores.direction(labels).T
        if kind is Kind.BINARY:
            return scores.auroc_of(self._rank_direction @ correlate, self.ranks, labels[0])
        return np.asarray(self._direction @ correlate)

    def every_score(self, labels: np.ndarray, kind: Kind, score: np.ndarray) -> dict[str, np.ndarray]:
        """Return all scores by name: auroc and iou of a binary concept, pearson and spearman of any other.

        Spearman's coefficient is Pearson's r of the ranks; scipy.stats.spearmanr gives the same for one unit.

        Parameters
        ----------
        score
            What the method ``score`` gives for these labels. Shape: (unit,).

        Returns
        -------
        dict
            Shape of each score: (unit,).
        """
        if kind is Kind.BINARY:
            return {"auroc": score, "iou": scores.intersection_over_union(self.order, labels)}
        ranks = scores.ranked(scores.order(labels[None]))[0]
        return {"pearson": score, "spearman": self._rank_direction @ scores.direction(ranks)}

    @cached_property
    def order(self) -> np.ndarray:
        """Return ``scores.order`` of these values, or of the half that they were selected from, to sort only once."""
        if self.part_of is None:
            return scores.order(self.values)
        whole, where = self.part_of
        return whole.order.take(where, axis=1)

    @cached_property
    def ranks(self) -> np.ndarray:
        """Return the rank of each value among all values of its unit. Shape: (unit, time)."""
        return scores.ranked(self.order)

    @cached_property
    def shares(self) -> np.ndarray:
        """Return which of 256 equal shares of its unit's values each value is in. Shape: (unit, time)."""
        return scores.shared(self.ranks)

    @cached_property
    def _direction(self) -> np.ndarray:
        return scores.direction(self.values)

    @cached_property
    def _rank_direction(self) -> np.ndarray:
        return scores.direction(self.ranks)
