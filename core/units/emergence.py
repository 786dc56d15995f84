"""When did a unit begin to know it? The scores of all units in the network as it was earlier in its training."""

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
    """Strengths after each update whose weights were kept; all NaN where nothing can be chosen.

    update : (network,) 0: untrained; the last: trained
    strengths : (network, state, layer, unit) on the half of the text that has no say in the choice
    best : (network,) of the unit that the search would have chosen at that moment
    """

    update: NDArray[np.integer]
    strengths: xarray.DataArray
    best: NDArray[np.floating]

    def of(self, unit: Unit) -> NDArray[np.floating]:
        """Of one unit. Shape: (network,)."""
        return np.asarray(self.strengths.sel(state=unit.state).isel(layer=unit.layer, unit=unit.number))


def emergence_unseen(run: Run, concept: str | OwnPattern) -> Emergence:
    """``emergence`` on the text that a search reads, so that it ends with what the search has found.

    Raises UnknownName, core.concepts.own.BadConcept and core.texts.TextUnavailable.
    """
    text = searched(run)
    return emergence(run, text, labels_of(concept, text), kind_of(concept))


def emergence(run: Run, text: str, labels: Labels, kind: Kind) -> Emergence:
    """Strengths of all units in the untrained network, in each whose weights were kept, and in the trained one.

    text, labels, kind : what a unit was found on; scored on the second half, as the search does

    Raises ValueError for an empty text.
    """
    from core.runs.network import untrained  # torch
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
