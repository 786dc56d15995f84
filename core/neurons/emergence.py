"""When did the unit begin to know it? Its score in the network as it was earlier in its training."""

from collections.abc import Mapping

import numpy as np

from core.concepts import Kind, Labels, about, labelled
from core.neurons.finder import Search, Unit
from core.neurons.unseen import LONGEST
from core.run import Run
from core.unseen import unseen


def emergence_unseen(run: Run, concept: str, unit: tuple[str, int, int]) -> Mapping[str, np.ndarray]:
    """``emergence`` on held-out text of the run's own. Raises UnknownName, and core.texts.TextUnavailable."""
    text = unseen(run, LONGEST)
    return emergence(run, text, labelled(concept, text), about(concept).kind, Unit(*unit))


def emergence(run: Run, text: str, labels: Labels, kind: Kind, unit: Unit) -> Mapping[str, np.ndarray]:
    """Strength of one unit, and of the best one, after each update whose weights were kept.

    text, labels, kind : what the unit was found on; scored on the second half, as the search does

    Returns update (0: untrained; the last: trained), unit and best, one number for each of these networks. ``best`` is
    the unit that the search would have chosen at that moment; where nothing can be chosen, both are NaN.

    Raises ValueError for an empty text.
    """
    from core.network import untrained  # torch
    from core.neurons.states import states

    networks = {0: untrained(run), **{update: run.at(update) for update in run.snapshots}}
    networks[int(run.metrics["updates"])] = run
    read = (states(one, text) for one in networks.values())
    found = [Search(text, values, values).strength(labels, kind, unit) for values in read]
    own, best = np.array(found).T
    return {"update": np.array(list(networks)), "unit": own, "best": best}
