"""When did a unit begin to know a concept? The scores of all units of the network at earlier points of its training."""

from dataclasses import dataclass

import numpy as np
import xarray
from numpy.typing import NDArray

from core.concepts import Kind, Labels
from core.interventions.targets import OwnPattern, kind_of, labels_of
from core.pace import in_pieces, part
from core.runs.run import Run
from core.units.finder import Search, Unit
from core.units.unseen import searched


@dataclass(frozen=True, eq=False)
class Emergence:
    """The strength of every unit after each update whose weights were kept; all NaN if no unit can be chosen.

    Attributes
    ----------
    update
        0 for the untrained network; the last is the trained one. Shape: (network,).
    strengths
        Strengths on the half of the text that has no part in the choice. Shape: (network, state, layer, unit).
    best
        Strength of the unit that the search would have chosen at that moment. Shape: (network,).
    """

    update: NDArray[np.integer]
    strengths: xarray.DataArray
    best: NDArray[np.floating]

    def of(self, unit: Unit) -> NDArray[np.floating]:
        """Return the strengths of one unit. Shape: (network,)."""
        return np.asarray(self.strengths.sel(state=unit.state).isel(layer=unit.layer, unit=unit.number))


def emergence_unseen(run: Run, concept: str | OwnPattern) -> Emergence:
    """Return ``emergence`` on the text that a search reads, so that its last strengths are those of the search.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be read, or matches nothing or everything.
    core.texts.TextUnavailable
        If the text is not available here.
    """
    text = searched(run)
    return emergence(run, text, labels_of(concept, text), kind_of(concept))


def emergence(run: Run, text: str, labels: Labels, kind: Kind) -> Emergence:
    """Return the strengths of all units in the untrained network, at each update with kept weights, and at the end.

    Parameters
    ----------
    text, labels, kind
        What the search was given. Units are scored on the second half of the text, as in the search.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    from core.runs.network import untrained  # here, because it loads torch
    from core.units.states import rows

    updates = [0, *run.snapshots, int(run.metrics["updates"])]
    every, best = [], []
    for number in in_pieces(range(len(updates))):
        network = untrained(run) if number == 0 else run if number == len(updates) - 1 else run.at(updates[number])
        with part(0.0, 0.6):
            read = rows(network, text)
        with part(0.6, 1.0):
            strengths, chosen = Search(text, read, read).strengths(labels, kind)
        every.append(strengths)
        best.append(chosen)
    return Emergence(np.array(updates), xarray.concat(every, "network"), np.array(best))
