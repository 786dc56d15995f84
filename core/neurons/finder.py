"""Which single unit knows it? The search, and the controls without which its answer would mean little."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray

from core.concepts import Kind, Labels, about, labelled
from core.neurons import scores
from core.neurons.blocks import blocks, shuffles
from core.neurons.half import Half
from core.neurons.interval import interval
from core.neurons.probe import probe
from core.neurons.states import states
from core.run import Run

MARGIN = 0.15
PERCENTILE = 99
SHUFFLES = 100
RANDOM_UNITS = 20
CHANGES = 20
"""How often the labels change in each half, at least: what happens a few times goes with some unit by accident."""


class Unit(NamedTuple):
    """Where a unit stands in a network."""

    state: str
    layer: int
    number: int


class Verdict(StrEnum):
    """Whether the chosen unit may be called a detector, and if not, which control it fails first."""

    DETECTOR = "detector"
    NOTHING_TO_FIND = "nothing_to_find"
    UNTRAINED_KNOWS = "untrained_knows"
    NO_BETTER_THAN_UNTRAINED = "no_better_than_untrained"
    NO_BETTER_THAN_SHUFFLED = "no_better_than_shuffled"


@dataclass(frozen=True)
class Found:
    """The unit that goes with a concept best, and what the same search gives where there is nothing to find.

    A score is r, or AUROC of a binary concept; its strength is |r|, or the larger of AUROC and 1 - AUROC, for the sign
    of a unit means nothing. All scores are those on the second half of the text, which had no say in the choice.

    unit : chosen by its strength on the first half
    score : of that unit;  interval : 95 %, from texts drawn out of blocks of lines
    mutual_information : of that unit, nats
    scores : pearson, spearman, and of a binary concept auroc and iou, of every unit; each (state, layer, unit)
    untrained : strength of the unit that the same search finds in the network before training
    shuffled : (draw,) the same in the trained network for labels whose blocks of lines are shuffled
    random : lowest and highest strength of 20 units drawn at random
    probe, untrained_probe : score of a linear reading of all units together, and the same before training
    """

    unit: Unit
    score: float
    interval: tuple[float, float]
    mutual_information: float
    scores: xarray.Dataset
    untrained: float
    shuffled: np.ndarray
    random: tuple[float, float]
    probe: float
    untrained_probe: float


@dataclass(frozen=True)
class Finding:
    """What came of a search.

    found : None where the text cannot tell: the labels change less than 20 times in one of its halves
    scored : characters of the second half that the scores rest on
    unread : characters of the whole text that could not be labelled
    """

    kind: Kind
    found: Found | None
    scored: int
    unread: int

    @property
    def strength(self) -> float:
        """Of the unit that was found; NaN without one."""
        return float(strengths(self.found.score, self.kind)) if self.found else float("nan")

    @property
    def chance(self) -> float:
        """99th percentile of the strengths with shuffled labels; NaN without a unit."""
        return float(np.percentile(self.found.shuffled, PERCENTILE)) if self.found else float("nan")

    @property
    def verdict(self) -> Verdict:
        """A detector is at least 0.15 stronger than the untrained twin's best unit, and stronger than chance."""
        if self.found is None:
            return Verdict.NOTHING_TO_FIND
        if self.found.untrained + MARGIN > 1:
            return Verdict.UNTRAINED_KNOWS  # no unit could be better by that much
        if self.strength < self.found.untrained + MARGIN:
            return Verdict.NO_BETTER_THAN_UNTRAINED
        return Verdict.DETECTOR if self.strength > self.chance else Verdict.NO_BETTER_THAN_SHUFFLED

    @property
    def is_detector(self) -> bool:
        return self.verdict is Verdict.DETECTOR


def find(run: Run, text: str, concept: str) -> Finding:
    """Search all states, layers and units of ``run`` for the one that goes best with ``concept``.

    text : whole lines that the network has not been trained on

    Raises UnknownName, and ValueError for an empty text.
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

    trained, untrained : (state, layer, unit, time), as ``states`` gives them
    """

    text: str
    trained: xarray.DataArray
    untrained: xarray.DataArray
    seed: int = 0

    @classmethod
    def of(cls, run: Run, text: str) -> "Search":
        """Raises ValueError for an empty text."""
        from core.network import untrained  # torch

        return cls(text, states(run, text), states(untrained(run), text))

    def find(self, labels: Labels, kind: Kind, *, estimates: bool = True) -> Finding:
        """The unit that goes best with ``labels``, beside the controls.

        estimates : whether mutual information and probes are wanted, for which scikit-learn is loaded; NaN without
        """
        where, known = self._scored(labels)
        found = self._found(where, known, kind, estimates) if all(map(_changes, known)) else None
        return Finding(kind, found, len(known[1]), labels.unread)

    def strengths(self, labels: Labels, kind: Kind) -> tuple[xarray.DataArray, float]:
        """Strength of every unit on the second half, (state, layer, unit), and of the one chosen on the first.

        NaN where none can be chosen.
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

    def _found(self, where: list[np.ndarray], known: list[np.ndarray], kind: Kind, estimates: bool) -> Found:
        generator = np.random.default_rng(self.seed)
        block = [self._blocks[part][at] for part, at in zip(self._parts, where, strict=True)]
        draws = [
            np.vstack([one, shuffles(one, near, SHUFFLES, generator)], dtype=np.float32)
            for one, near in zip(known, block, strict=True)
        ]
        first, second = (half.at(one) for half, one in zip(self._halves, where, strict=True))
        chosen = strengths(first.score(draws[0], kind), kind).argmax(axis=0)
        found = strengths(second.score(draws[1], kind), kind)
        best = second.unit(int(chosen[0]))
        random = generator.choice(found[:, 0], min(RANDOM_UNITS, len(found)), replace=False)

        before, after = (half.at(one) for half, one in zip(self._untrained_halves, where, strict=True))
        twin = after.unit(int(strengths(before.score(known[0][None], kind), kind).argmax()))
        units = self.trained.isel(time=0, drop=True)
        unknown = float("nan")
        return Found(
            unit=self._unit(int(chosen[0])),
            score=float(best.score(known[1][None], kind)[0, 0]),
            interval=interval(best.values[0], known[1], block[1], kind, generator),
            mutual_information=float(scores.mutual_information(best.values, known[1], kind)[0])
            if estimates
            else unknown,
            scores=xarray.Dataset(
                {
                    name: units.copy(data=score.reshape(units.shape))
                    for name, score in second.every_score(known[1], kind).items()
                }
            ),
            untrained=float(strengths(twin.score(known[1][None], kind), kind)[0, 0]),
            shuffled=found[chosen, np.arange(SHUFFLES + 1)][1:],
            random=(float(random.min()), float(random.max())),
            probe=probe(first.values, known[0], second.values, known[1], kind) if estimates else unknown,
            untrained_probe=probe(before.values, known[0], after.values, known[1], kind) if estimates else unknown,
        )

    def _unit(self, row: int) -> Unit:
        state, layer, number = np.unravel_index(row, self.trained.shape[:3])
        return Unit(str(self.trained["state"].to_numpy()[state]), int(layer), int(number))

    @cached_property
    def _blocks(self) -> np.ndarray:
        return blocks(self.text)

    @cached_property
    def _parts(self) -> tuple[slice, slice]:
        """Both halves of the text, parted where a block begins."""
        middle = int(np.searchsorted(self._blocks, self._blocks[len(self.text) // 2]))
        return slice(middle), slice(middle, None)

    @cached_property
    def _halves(self) -> list[Half]:
        return self._halved(self.trained)

    @cached_property
    def _untrained_halves(self) -> list[Half]:
        return self._halved(self.untrained)

    def _halved(self, read: xarray.DataArray) -> list[Half]:
        values = read.to_numpy().reshape(-1, read.sizes["time"])
        return [Half(np.ascontiguousarray(values[:, part])) for part in self._parts]


def _changes(known: np.ndarray) -> bool:
    return bool((np.diff(known) != 0).sum() >= CHANGES)
