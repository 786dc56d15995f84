"""What a network holds along one half of a text, with whatever takes time to compute kept for the next concept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.concepts import Kind
from core.units import scores


@dataclass(frozen=True)
class Half:
    """The units of all states and layers in a row, at every character of a half or at those that are scored.

    Parameters
    ----------
    values
        Shape: (unit, time).
    part_of
        The half that these time steps were taken from, and which of them they are.
    """

    values: np.ndarray
    part_of: tuple[Half, np.ndarray] | None = None

    def at(self, where: np.ndarray) -> Half:
        """Return the time steps ``where`` only."""
        return self if len(where) == self.values.shape[1] else Half(self.values.take(where, axis=1), (self, where))

    def score(self, labels: np.ndarray, kind: Kind) -> np.ndarray:
        """Return r of every unit, or AUROC of a binary concept. Shape: (unit, draw).

        Parameters
        ----------
        labels
            Every draw is a shuffle of the same labels. Shape: (draw, time).
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
            The score that ``score`` gives for these labels. Shape: (unit,).

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
        """As ``scores.order`` of these values, or of those they were taken from: a second sort is not needed."""
        if self.part_of is None:
            return scores.order(self.values)
        whole, where = self.part_of
        return whole.order.take(where, axis=1)

    @cached_property
    def ranks(self) -> np.ndarray:
        """Return the rank of each time step among all of its unit. Shape: (unit, time)."""
        return scores.ranked(self.order)

    @cached_property
    def shares(self) -> np.ndarray:
        """Return in which of 256 equal shares of its unit's values each value is. Shape: (unit, time)."""
        return scores.shared(self.ranks)

    @cached_property
    def _direction(self) -> np.ndarray:
        return scores.direction(self.values)

    @cached_property
    def _rank_direction(self) -> np.ndarray:
        return scores.direction(self.ranks)
