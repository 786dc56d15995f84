"""Which single unit knows it? The search, and the controls without which its answer would mean little."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray

from core.concepts import Kind, Labels, about, labelled
from core.runs.run import Run
from core.units import scores
from core.units.blocks import SHORT, blocks, middle, shifts, shuffles
from core.units.half import Half
from core.units.interval import intervals
from core.units.probe import probe
from core.units.states import states

MARGIN = 0.15
PERCENTILE = 99
SHUFFLES = 100
INFORMED = 3
"""So many of the shuffles show how much a unit seems to tell by chance."""
RANDOM_UNITS = 20
WITH_INTERVAL = 32
"""Of so many units, the strongest, the 95 % interval is worth its time."""
CHANGES = 20
"""How often the labels change in each half, at least: what happens a few times goes with some unit by accident."""


class Unit(NamedTuple):
    """Where a unit stands in a network."""

    state: str
    layer: int
    number: int


class FinderVerdict(StrEnum):
    """Whether the chosen unit may be called a detector, and if not, which control it fails first."""

    DETECTOR = "detector"
    NOTHING_TO_FIND = "nothing_to_find"
    UNTRAINED_KNOWS = "untrained_knows"
    NO_BETTER_THAN_UNTRAINED = "no_better_than_untrained"
    NO_BETTER_THAN_SHUFFLED = "no_better_than_shuffled"


@dataclass(frozen=True)
class Found:
    """The unit that goes with a concept best, and what the same search gives where there is nothing to find.

    A score is r, or AUROC of a binary concept. Its strength is |r|, or the larger of AUROC and 1 - AUROC, because the
    sign of a unit means nothing. All scores are those on the second half of the text, which had no say in the choice.

    Attributes
    ----------
    unit
        Chosen by its strength on the first half.
    score
        Of that unit.
    scores
        Of every unit: auroc and iou of a binary concept, pearson and spearman of any other, and of either
        mutual_information, in nats beyond the mean of 3 shuffles. Shape of each: (state, layer, unit).
    beside
        Beside every unit's strength: low and high, the ends of the 95 % interval, NaN but for the strongest 32 and the
        one that was found; untrained, the strength of the same unit before training; shuffled, the 99th percentile of
        its strength with shuffled labels. Shape of each: (state, layer, unit).
    untrained
        Strength of the unit that the same search finds in the network before training.
    shuffled
        Strength of the unit that the same search finds in the trained network for labels whose blocks of lines are
        shuffled. In a text of 4,000 characters or less the labels are moved along instead. Shape: (draw,).
    most_untrained, most_shuffled
        The same two, but of whichever unit is the strongest: for whoever asks all units.
    random
        Lowest and highest strength of 20 states of other units drawn at random. NaN if there is no other unit.
    probe
        Score of a linear reading of all units together.
    untrained_probe
        The same before training.
    """

    unit: Unit
    score: float
    scores: xarray.Dataset
    beside: xarray.Dataset
    untrained: float
    shuffled: np.ndarray
    most_untrained: float
    most_shuffled: np.ndarray
    random: tuple[float, float]
    probe: float
    untrained_probe: float

    def of_unit(self, every: xarray.DataArray) -> float:
        """One of the numbers of every unit, for the one that was found."""
        state, layer, number = self.unit
        return float(every.sel(state=state).isel(layer=layer, unit=number))


@dataclass(frozen=True)
class Finding:
    """What came of a search.

    Attributes
    ----------
    kind
        What the labels of the concept are.
    found
        None where the text cannot tell: the labels change less than 20 times in one of its halves.
    scored
        How many characters of the second half the scores rest on.
    unread
        How many characters of the whole text could not be labelled.
    """

    kind: Kind
    found: Found | None
    scored: int
    unread: int

    @property
    def unit(self) -> Unit | None:
        """The one that was found."""
        return self.found.unit if self.found else None

    @property
    def strength(self) -> float:
        """Of the unit that was found; NaN without one."""
        return float(strengths(self.found.score, self.kind)) if self.found else float("nan")

    @cached_property
    def chance(self) -> float:
        """99th percentile of the strengths with shuffled labels; NaN without a unit."""
        return float(np.percentile(self.found.shuffled, PERCENTILE)) if self.found else float("nan")

    @cached_property
    def chance_of_any(self) -> float:
        """The same of whichever unit is the strongest in a shuffle; NaN without a unit."""
        return float(np.percentile(self.found.most_shuffled, PERCENTILE)) if self.found else float("nan")

    @cached_property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the strength, from texts drawn out of blocks of lines; NaN without a unit."""
        if self.found is None:
            return float("nan"), float("nan")
        beside = self.found.beside
        return self.found.of_unit(beside["low"]), self.found.of_unit(beside["high"])

    @property
    def verdict(self) -> FinderVerdict:
        """A detector is at least 0.15 stronger than the untrained twin's best unit, and stronger than chance."""
        if self.found is None:
            return FinderVerdict.NOTHING_TO_FIND
        if self.found.untrained + MARGIN > 1:
            return FinderVerdict.UNTRAINED_KNOWS  # no unit could be better by that much
        if self.strength < self.found.untrained + MARGIN:
            return FinderVerdict.NO_BETTER_THAN_UNTRAINED
        return FinderVerdict.DETECTOR if self.strength > self.chance else FinderVerdict.NO_BETTER_THAN_SHUFFLED

    @property
    def is_detector(self) -> bool:
        return self.verdict is FinderVerdict.DETECTOR


def find(run: Run, text: str, concept: str) -> Finding:
    """Search all states, layers and units of ``run`` for the one that goes best with ``concept``.

    Parameters
    ----------
    text
        Whole lines that the network has not been trained on.

    Raises
    ------
    UnknownName
        If no concept has this name.
    ValueError
        If the text is empty.
    """
    return Search.of(run, text).find(labelled(concept, text), about(concept).kind)


def strengths(found: np.ndarray | float, kind: Kind) -> np.ndarray:
    """How strong scores are whatever their sign, in [0, 1] or [0.5, 1]; a constant unit has the least."""
    if kind is Kind.BINARY:
        return np.nan_to_num(np.maximum(found, np.subtract(1, found)), nan=0.5)
    return np.nan_to_num(np.abs(found), nan=0.0)


@dataclass(frozen=True)
class Search:
    """A network and its untrained twin that have read the same text: what every concept is searched in.

    Parameters
    ----------
    trained, untrained
        As ``states`` gives them. Shape: (state, layer, unit, time).
    """

    text: str
    trained: xarray.DataArray
    untrained: xarray.DataArray
    seed: int = 0

    @classmethod
    def of(cls, run: Run, text: str) -> "Search":
        """Let the network of ``run`` and its untrained twin read ``text``.

        Raises
        ------
        ValueError
            If the text is empty.
        """
        from core.runs.network import untrained  # torch

        return cls(text, states(run, text), states(untrained(run), text))

    def find(self, labels: Labels, kind: Kind, *, probes: bool = True) -> Finding:
        """Return the unit that goes best with ``labels``, beside the controls.

        Parameters
        ----------
        probes
            Whether linear probes are wanted. They load scikit-learn.
        """
        where, known = self._scored(labels)
        found = self._found(where, known, kind, probes) if all(map(_changes, known)) else None
        return Finding(kind, found, len(known[1]), labels.unread)

    def strengths(self, labels: Labels, kind: Kind) -> tuple[xarray.DataArray, float]:
        """Return the strength of every unit on the second half, and of the one chosen on the first.

        Returns
        -------
        tuple
            The strengths, of the shape (state, layer, unit), and that of the chosen unit. NaN where none can be chosen.
        """
        where, known = self._scored(labels)
        units = self.trained.isel(time=0, drop=True)
        if not all(map(_changes, known)):
            return xarray.full_like(units, np.nan), float("nan")
        first, second = (half.at(one) for half, one in zip(self._halves, where, strict=True))
        chosen = int(strengths(first.score(known[0][None], kind), kind).argmax())
        found = strengths(second.score(known[1][None], kind), kind)[:, 0]
        return units.copy(data=found.reshape(units.shape)), float(found[chosen])

    def _scored(self, labels: Labels) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Of either half, the time steps that are scored, and the labels there."""
        where = [np.flatnonzero(labels.scored[part]) for part in self._parts]
        return where, [labels.values[part][at] for part, at in zip(self._parts, where, strict=True)]

    def _found(self, where: list[np.ndarray], known: list[np.ndarray], kind: Kind, probes: bool) -> Found:
        generator = np.random.default_rng(self.seed)
        block = [self._blocks[part][at] for part, at in zip(self._parts, where, strict=True)]
        draws = [
            np.vstack([one, self._shuffled(one, near, generator)], dtype=np.float32)
            for one, near in zip(known, block, strict=True)
        ]
        first, second = (half.at(one) for half, one in zip(self._halves, where, strict=True))
        chosen = strengths(first.score(draws[0], kind), kind).argmax(axis=0)
        score = second.score(draws[1], kind)
        found, best = strengths(score, kind), int(chosen[0])
        others = found[self._number != self._number[best], 0]
        random = generator.choice(others, min(RANDOM_UNITS, len(others)), replace=False)
        strongest = np.union1d(np.argsort(-found[:, 0], kind="stable")[:WITH_INTERVAL], best)
        spread = np.full((2, len(found)), np.nan)
        asked = second.shares if kind is Kind.BINARY else second.values
        spread[:, strongest] = intervals(asked[strongest], known[1], block[1], kind, generator)

        before, after = (half.at(one) for half, one in zip(self._untrained_halves, where, strict=True))
        untrained = strengths(after.score(known[1][None], kind), kind)[:, 0]
        twin = int(strengths(before.score(known[0][None], kind), kind).argmax())
        told = scores.mutual_information(second.shares, draws[1][: 1 + INFORMED])
        return Found(
            unit=self._unit(best),
            score=float(score[best, 0]),
            scores=self._of_units(second.every_score(known[1], kind, score[:, 0]) | {"mutual_information": told}),
            beside=self._of_units(
                {
                    **dict(zip(("low", "high"), _turned(spread, score[:, 0], kind), strict=True)),
                    "untrained": untrained,
                    "shuffled": np.percentile(found[:, 1:], PERCENTILE, axis=1),
                }
            ),
            untrained=float(untrained[twin]),
            shuffled=found[chosen, np.arange(SHUFFLES + 1)][1:],
            most_untrained=float(untrained.max()),
            most_shuffled=found[:, 1:].max(axis=0),
            random=(float(random.min()), float(random.max())) if len(random) else (float("nan"), float("nan")),
            probe=probe(first.values, known[0], second.values, known[1], kind) if probes else float("nan"),
            untrained_probe=probe(before.values, known[0], after.values, known[1], kind) if probes else float("nan"),
        )

    def _shuffled(self, labels: np.ndarray, block: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """The labels of a half as they could as well have been, a hundred times."""
        if len(self.text) <= SHORT:
            return shifts(labels, SHUFFLES, generator)
        return shuffles(labels, block, SHUFFLES, generator)

    def _of_units(self, values: Mapping[str, np.ndarray]) -> xarray.Dataset:
        """Numbers of the units in a row, each as (state, layer, unit)."""
        units = self.trained.isel(time=0, drop=True)
        return xarray.Dataset({name: units.copy(data=one.reshape(units.shape)) for name, one in values.items()})

    @cached_property
    def _number(self) -> np.ndarray:
        """Of each row, which unit's state it is."""
        states, layers, units = self.trained.shape[:3]
        return np.tile(np.arange(layers * units), states)

    def _unit(self, row: int) -> Unit:
        state, layer, number = np.unravel_index(row, self.trained.shape[:3])
        return Unit(str(self.trained["state"].to_numpy()[state]), int(layer), int(number))

    @cached_property
    def _blocks(self) -> np.ndarray:
        return blocks(self.text)

    @cached_property
    def _parts(self) -> tuple[slice, slice]:
        """Both halves of the text, parted where a block begins."""
        part = middle(self._blocks)
        return slice(part), slice(part, None)

    @cached_property
    def _halves(self) -> list[Half]:
        return self._halved(self.trained)

    @cached_property
    def _untrained_halves(self) -> list[Half]:
        return self._halved(self.untrained)

    def _halved(self, read: xarray.DataArray) -> list[Half]:
        values = read.to_numpy().reshape(-1, read.sizes["time"])
        return [Half(np.ascontiguousarray(values[:, part])) for part in self._parts]


def _turned(ends: np.ndarray, score: np.ndarray, kind: Kind) -> np.ndarray:
    """Intervals of scores, (2, unit), as those of their strengths: the other way round where a unit goes against."""
    if kind is Kind.BINARY:
        return np.where(score < 0.5, 1 - ends[::-1], ends)
    return np.where(score < 0, -ends[::-1], ends)


def _changes(known: np.ndarray) -> bool:
    return bool((np.diff(known) != 0).sum() >= CHANGES)
