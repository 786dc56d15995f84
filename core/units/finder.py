"""Which single unit knows a concept? The search, and the controls without which its answer would mean little."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import xarray

from core.concepts import Kind, Labels, about, labelled
from core.pace import in_pieces, part
from core.runs.run import Run
from core.units import scores
from core.units.blocks import blocks, middle, shifts
from core.units.half import Half
from core.units.interval import intervals
from core.units.probe import probe_in_blocks
from core.units.searched import FIRST_LOOK
from core.units.states import HeldRows, Rows, rows

MARGIN = 0.15
PERCENTILE = 99
SHUFFLES = 100
INFORMED = 3
"""How many of the shuffles are used to measure how much a unit seems to tell by chance."""
RANDOM_UNITS = 20
WITH_INTERVAL = 32
"""How many of the strongest units get a 95 % interval, which takes time to compute."""
CHANGES = 20
"""The fewest changes of the labels in each half. What happens only a few times goes with some unit by accident."""


class Grade(StrEnum):
    """How closely a unit goes with a concept."""

    CLOSE = "close"
    CLEAR = "clear"
    LOOSE = "loose"


GRADES = {Grade.CLOSE: 0.9, Grade.CLEAR: 0.7, Grade.LOOSE: 0.0}
"""The least |r| of each grade. For AUROC it is 2 AUROC - 1, which is 0 for chance and 1 for always, as |r| is."""


class Unit(NamedTuple):
    """Where a unit stands in a network."""

    state: str
    layer: int
    number: int


class FinderVerdict(StrEnum):
    """Whether the chosen unit may be called a detector, and if not, which control it fails first.

    A candidate passes every control, but in so little text that some candidates are accidents.
    """

    DETECTOR = "detector"
    CANDIDATE = "candidate"
    NOTHING_TO_FIND = "nothing_to_find"
    UNTRAINED_KNOWS = "untrained_knows"
    NO_BETTER_THAN_UNTRAINED = "no_better_than_untrained"
    NO_BETTER_THAN_SHUFFLED = "no_better_than_shuffled"


@dataclass(frozen=True)
class Found:
    """The unit that goes best with a concept, and what the same search gives where there is nothing to find.

    A score is r, or AUROC of a binary concept. Its strength is |r|, or the larger of AUROC and 1 - AUROC, because the
    sign of a unit means nothing. All scores are those on the second half of the text, which had no part in the choice.

    Attributes
    ----------
    unit
        Chosen by its strength on the first half.
    score
        Score of that unit.
    scores
        Scores of every unit: auroc and iou for a binary concept, pearson and spearman for any other, and for both
        mutual_information, in nats above the mean of 3 shuffles. Shape of each: (state, layer, unit).
    beside
        The numbers beside every unit's strength. low and high: the ends of the 95 % interval, NaN for all but the
        strongest 32 units and the one that was found. untrained: the strength of the same unit before training.
        shuffled: the 99th percentile of its strength with shuffled labels. Shape of each: (state, layer, unit).
    untrained
        Strength of the strongest of all units before training.
    shuffled
        Strength of the strongest of all units for labels that are moved along the text. Shape: (draw,).
    random
        Lowest and highest strength of up to 20 states of other units drawn at random. NaN if there is no other unit.
    probe
        Score of a linear probe of all units together. NaN if no probes were wanted.
    untrained_probe
        The same before training.
    """

    unit: Unit
    score: float
    scores: xarray.Dataset
    beside: xarray.Dataset
    untrained: float
    shuffled: np.ndarray
    random: tuple[float, float]
    probe: float
    untrained_probe: float

    def of_unit(self, every: xarray.DataArray) -> float:
        """Return the number in ``every`` that belongs to the unit that was found."""
        state, layer, number = self.unit
        return float(every.sel(state=state).isel(layer=layer, unit=number))


@dataclass(frozen=True)
class Finding:
    """The result of a search for one concept.

    Attributes
    ----------
    kind
        What the labels of the concept are.
    found
        None if the text cannot tell, because the labels change less than 20 times in one of its halves.
    scored
        How many characters of the second half the scores rest on.
    unread
        How many characters of the whole text could not be labelled.
    first_look
        Whether so little text was searched, 4,000 characters or fewer, that nothing found in it is called a detector.
    """

    kind: Kind
    found: Found | None
    scored: int
    unread: int
    first_look: bool = False

    @property
    def unit(self) -> Unit | None:
        """The unit that was found; None without one."""
        return self.found.unit if self.found else None

    @property
    def strength(self) -> float:
        """Strength of the unit that was found; NaN without one."""
        return float(strengths(self.found.score, self.kind)) if self.found else float("nan")

    @cached_property
    def chance(self) -> float:
        """99th percentile of the strength of the strongest unit with shuffled labels; NaN without a unit."""
        return float(np.percentile(self.found.shuffled, PERCENTILE)) if self.found else float("nan")

    @cached_property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the strength, from texts resampled in blocks of lines; NaN without a unit."""
        if self.found is None:
            return float("nan"), float("nan")
        beside = self.found.beside
        return self.found.of_unit(beside["low"]), self.found.of_unit(beside["high"])

    @property
    def verdict(self) -> FinderVerdict:
        """A detector is at least 0.15 stronger than any unit before training, and stronger than chance."""
        if self.found is None:
            return FinderVerdict.NOTHING_TO_FIND
        if self.found.untrained + MARGIN > 1:
            return FinderVerdict.UNTRAINED_KNOWS  # no unit could be better by that much
        if self.strength < self.found.untrained + MARGIN:
            return FinderVerdict.NO_BETTER_THAN_UNTRAINED
        if self.strength <= self.chance:
            return FinderVerdict.NO_BETTER_THAN_SHUFFLED
        return FinderVerdict.CANDIDATE if self.first_look else FinderVerdict.DETECTOR

    @property
    def grade(self) -> Grade:
        """How closely the unit that was found goes with the concept."""
        reached = 2 * self.strength - 1 if self.kind is Kind.BINARY else self.strength
        return next((grade for grade, least in GRADES.items() if reached >= least), Grade.LOOSE)

    @property
    def is_detector(self) -> bool:
        """Whether a unit passed every control in a whole search."""
        return self.verdict is FinderVerdict.DETECTOR

    @property
    def stands_out(self) -> bool:
        """Whether a unit passed every control, in a first look or in a whole search."""
        return self.verdict in (FinderVerdict.DETECTOR, FinderVerdict.CANDIDATE)


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
    """Return how strong scores are, whatever their sign: in [0, 1], or [0.5, 1] for AUROC. NaN gives the lowest."""
    if kind is Kind.BINARY:
        return np.nan_to_num(np.maximum(found, np.subtract(1, found)), nan=0.5)
    return np.nan_to_num(np.abs(found), nan=0.0)


@dataclass(frozen=True)
class Search:
    """What a network and its untrained twin hold along the same text, in which any concept can be searched for.

    Parameters
    ----------
    trained, untrained
        As ``core.units.states.states`` gives them, of the shape (state, layer, unit, time), or as ``rows`` does, which
        need not be in memory.
    """

    text: str
    trained: Rows | xarray.DataArray
    untrained: Rows | xarray.DataArray
    seed: int = 0

    @classmethod
    def of(cls, run: Run, text: str) -> "Search":
        """Let the network of ``run`` and its untrained twin read ``text``.

        Raises
        ------
        ValueError
            If the text is empty.
        """
        from core.runs.network import untrained  # here, because it loads torch

        with part(0.0, 0.5):
            trained = rows(run, text)
        with part(0.5, 1.0):
            return cls(text, trained, rows(untrained(run), text))

    def find(self, labels: Labels, kind: Kind, *, probes: bool = True) -> Finding:
        """Return the unit that goes best with ``labels``, together with the controls.

        Parameters
        ----------
        probes
            Whether linear probes are wanted. They load scikit-learn.
        """
        return self.find_each({"": (labels, kind)}, probes=probes)[""]

    def find_each(self, asked: Mapping[str, tuple[Labels, Kind]], *, probes: bool = True) -> dict[str, Finding]:
        """Find the unit that goes best with each of several concepts; return the findings by the concept's name.

        Each block of units is sorted once for all concepts. The search holds one block at all characters, whose size
        does not depend on that of the network, and some numbers of every unit.
        """
        begun = {name: self._tally(labels, kind) for name, (labels, kind) in asked.items()}
        tallies = [one for one in begun.values() if one is not None]
        with part(0.0, 0.6):
            for block, halves in self._halved(self._trained):
                for tally in in_pieces(tallies):
                    tally.add_trained(block, *halves)
        with part(0.6, 0.8):
            for block, halves in self._halved(self._untrained):
                for tally in tallies:
                    tally.add_unshuffled(block, halves[1])
        with part(0.8, 1.0):
            found = iter([self._found(tally, probes) for tally in in_pieces(tallies)])
        return {
            name: Finding(
                kind=kind,
                found=None if begun[name] is None else next(found),
                scored=int(np.count_nonzero(labels.scored[self._parts[1]])),
                unread=labels.unread,
                first_look=len(self.text) <= FIRST_LOOK,
            )
            for name, (labels, kind) in asked.items()
        }

    def strengths(self, labels: Labels, kind: Kind) -> tuple[xarray.DataArray, float]:
        """Return the strength of every unit on the second half, and that of the unit chosen on the first.

        Returns
        -------
        tuple
            The strengths, of the shape (state, layer, unit), and that of the chosen unit. NaN if none can be chosen.
        """
        tally = self._tally(labels, kind)
        if tally is None:
            return self._trained.of_units(np.full(len(self._trained), np.nan)), float("nan")
        for block, halves in self._halved(self._trained):
            tally.choose(block, halves[0])
            tally.add_unshuffled(block, halves[1])
        return self._trained.of_units(tally.unshuffled), float(tally.unshuffled[tally.first.argmax()])

    def _tally(self, labels: Labels, kind: Kind) -> "_Tally | None":
        """Return an empty tally for a concept, or None if its labels change too seldom."""
        where = [np.flatnonzero(labels.scored[half]) for half in self._parts]
        known = [labels.values[half][at] for half, at in zip(self._parts, where, strict=True)]
        if not all(map(_changes, known)):
            return None
        block = self._blocks[self._parts[1]][where[1]]
        generator = np.random.default_rng(self.seed)
        moved = shifts(known[1], SHUFFLES, generator)
        draws = np.vstack([known[1], moved], dtype=_narrowest(labels.values), casting="unsafe")
        return _Tally(kind, where, known, block, draws, generator, len(self._trained))

    def _found(self, tally: "_Tally", probes: bool) -> Found:
        kind, known, score = tally.kind, tally.known, tally.score
        found, best = strengths(score, kind), int(tally.first.argmax())
        others = found[self._number != self._number[best], 0]
        random = tally.generator.choice(others, min(RANDOM_UNITS, len(others)), replace=False)
        strongest = np.union1d(np.argsort(-found[:, 0], kind="stable")[:WITH_INTERVAL], best)
        spread = np.full((2, len(found)), np.nan)
        second = Half(self._trained.some(strongest)[:, self._parts[1]]).at(tally.where[1])
        asked = second.shares if kind is Kind.BINARY else second.values
        spread[:, strongest] = intervals(asked, known[1], tally.block, kind, tally.generator)
        return Found(
            unit=self._unit(best),
            score=float(score[best, 0]),
            scores=self._of_units(tally.every),
            beside=self._of_units(
                {
                    **dict(zip(("low", "high"), _turned(spread, score[:, 0], kind), strict=True)),
                    "untrained": tally.unshuffled,
                    "shuffled": np.percentile(found[:, 1:], PERCENTILE, axis=1),
                }
            ),
            untrained=float(tally.unshuffled.max()),
            shuffled=found[:, 1:].max(axis=0),
            random=(float(random.min()), float(random.max())) if len(random) else (float("nan"), float("nan")),
            probe=self._probe(self._trained, tally) if probes else float("nan"),
            untrained_probe=self._probe(self._untrained, tally) if probes else float("nan"),
        )

    def _probe(self, read: Rows, tally: "_Tally") -> float:
        def blocks() -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
            for block, (first, second) in self._halved(read):
                yield block, first.at(tally.where[0]).values, second.at(tally.where[1]).values

        return probe_in_blocks(blocks, len(read), tally.known[0], tally.known[1], tally.kind)

    def _of_units(self, values: Mapping[str, np.ndarray]) -> xarray.Dataset:
        """Return arrays with one number for each row, each in the shape (state, layer, unit)."""
        return xarray.Dataset({name: self._trained.of_units(one) for name, one in values.items()})

    @cached_property
    def _trained(self) -> Rows:
        return HeldRows.of(self.trained) if isinstance(self.trained, xarray.DataArray) else self.trained

    @cached_property
    def _untrained(self) -> Rows:
        return HeldRows.of(self.untrained) if isinstance(self.untrained, xarray.DataArray) else self.untrained

    @cached_property
    def _number(self) -> np.ndarray:
        """For each row, the number of the unit whose state it is, counted through all layers."""
        states, layers, units = self._trained.shape
        return np.tile(np.arange(layers * units), states)

    def _unit(self, row: int) -> Unit:
        state, layer, number = np.unravel_index(row, self._trained.shape)
        return Unit(self._trained.states[state], int(layer), int(number))

    @cached_property
    def _blocks(self) -> np.ndarray:
        return blocks(self.text)

    @cached_property
    def _parts(self) -> tuple[slice, slice]:
        """Both halves of the text, split where a block begins."""
        parted = middle(self._blocks)
        return slice(parted), slice(parted, None)

    def _halved(self, read: Rows) -> Iterator[tuple[slice, tuple[Half, Half]]]:
        """Yield one block of units after another, with their values along both halves of the text."""
        for block in in_pieces(read.blocks()):
            values = read.take(block.start, block.stop)
            first, second = (Half(np.ascontiguousarray(values[:, half])) for half in self._parts)
            yield block, (first, second)


class _Tally:
    """The numbers of every unit for one concept, filled in block by block.

    where, known : for each half, the time steps that are scored, and the labels there
    block : for the second half, the number of the block of lines of each scored time step
    draws : for the second half, (draw, time): the labels as they are, then moved along
    first : strengths on the first half, (unit,);  score : scores on the second, (unit, draw)
    unshuffled : strengths on the second half of the untrained twin's units, or of whichever network is asked, (unit,)
    every : all scores by name, with the labels as they are, (unit,) each
    """

    def __init__(
        self,
        kind: Kind,
        where: list[np.ndarray],
        known: list[np.ndarray],
        block: np.ndarray,
        draws: np.ndarray,
        generator: np.random.Generator,
        units: int,
    ) -> None:
        self.kind, self.where, self.known, self.block = kind, where, known, block
        self.generator, self._draws, self._units = generator, draws, units
        self.score = np.empty((units, SHUFFLES + 1), dtype=np.float32)
        self.first, self.unshuffled = (np.empty(units, dtype=np.float32) for _ in range(2))
        self.every: dict[str, np.ndarray] = {}

    def add_trained(self, block: slice, first: Half, second: Half) -> None:
        """Add the numbers of some units of the trained network, from both halves."""
        self.choose(block, first)
        second = second.at(self.where[1])
        score = second.score(self._draws, self.kind)
        self.score[block] = score
        told = scores.mutual_information(second.shares, self._draws[: 1 + INFORMED])
        found = second.every_score(self.known[1], self.kind, score[:, 0]) | {"mutual_information": told}
        for name, values in found.items():
            self.every.setdefault(name, np.empty(self._units, dtype=values.dtype))[block] = values

    def choose(self, block: slice, first: Half) -> None:
        """Add the strengths of some units on the first half, by which one is chosen."""
        first = first.at(self.where[0])
        self.first[block] = strengths(first.score(self.known[0][None], self.kind), self.kind)[:, 0]

    def add_unshuffled(self, block: slice, second: Half) -> None:
        """Add the strengths of some units on the second half, for the labels as they are."""
        second = second.at(self.where[1])
        self.unshuffled[block] = strengths(second.score(self.known[1][None], self.kind), self.kind)[:, 0]


def _narrowest(labels: np.ndarray) -> np.dtype[Any]:
    """Return the smallest type that holds the labels, an integer if possible: a hundred shuffles of them are kept."""
    if len(labels) and labels.min() >= 0 and np.array_equal(labels, np.round(labels)):
        return np.min_scalar_type(int(labels.max()))
    return np.dtype(np.float32)


def _turned(ends: np.ndarray, score: np.ndarray, kind: Kind) -> np.ndarray:
    """Turn intervals of scores, (2, unit), into those of strengths: mirrored where a unit goes against the concept."""
    if kind is Kind.BINARY:
        return np.where(score < 0.5, 1 - ends[::-1], ends)
    return np.where(score < 0, -ends[::-1], ends)


def _changes(known: np.ndarray) -> bool:
    return bool((np.diff(known) != 0).sum() >= CHANGES)
