"""Does one unit follow the indentation of a program? Asked of a network, and of the same network before training."""

from dataclasses import dataclass

import numpy as np
import xarray

from core.measures.squashed import memory, squashed
from core.neurons.correlation import correlation, strongest
from core.neurons.indentation import indentation
from core.run import Run
from core.tasks.characters import Characters

SEARCHED = 4_000
"""Characters of held-out text that are searched, at most."""

CLEAR = 0.5
MARGIN = 0.15


@dataclass(frozen=True)
class Found:
    """The unit that goes with indentation best in one network.

    unit : chosen by its |r| on the first half of the text; None if indentation or every unit is constant there
    score : its r on the second half, which had no say in the choice; NaN without a unit
    scores : (unit,) r of every unit on the second half
    """

    unit: int | None
    score: float
    scores: xarray.DataArray


@dataclass(frozen=True)
class Tracking:
    """The same search in a network and in its untrained twin: the same seed, no update.

    signal : name of the state that was searched
    characters : how many the scores rest on, the non-blank ones of the second half
    """

    trained: Found
    untrained: Found
    signal: str
    characters: int

    @property
    def holds(self) -> bool:
        """Whether the claim stands: |r| >= 0.5 on text that had no say, and at least 0.15 above the untrained twin."""
        control = 0.0 if self.untrained.unit is None else abs(self.untrained.score)
        return abs(self.trained.score) >= max(CLEAR, control + MARGIN)


def searched_text(run: Run) -> str | None:
    """Whole lines of held-out text to search in; None where indentation is the same everywhere, as in prose.

    Raises core.texts.TextUnavailable.
    """
    task = Characters(text=run.spec.option("text"), length=run.spec.option("length"))
    text = task.held_out_text[: SEARCHED + 1]
    text = text[text.find("\n") + 1 : text.rfind("\n") + 1]
    depth, scored = indentation(text)
    half = len(text) // 2
    varies = [len(np.unique(depth[part][scored[part]])) > 1 for part in (slice(half), slice(half, None))]
    return text if all(varies) else None


def tracking_unseen(run: Run, *, layer: int = 0) -> Tracking | None:
    """The search on held-out text of the run's own; None without indentation there.

    Raises core.texts.TextUnavailable.
    """
    text = searched_text(run)
    return tracking(run, text, layer=layer) if text else None


def tracking(run: Run, text: str, *, layer: int = 0) -> Tracking:
    """Search for the unit whose state goes with indentation.

    text : two lines or more that the network has not been trained on, from the beginning of a line

    Raises ValueError for an empty text.
    """
    from core.network import untrained  # torch
    from core.tracing import trace

    depth, scored = indentation(text)
    half = len(text) // 2

    def search(network: Run) -> tuple[Found, str]:
        read = trace(network, text)
        name = memory(read)
        state = squashed(read[name]).isel(layer=layer, example=0)
        first, second = state.isel(time=slice(None, half)), state.isel(time=slice(half, None))
        unit = strongest(correlation(first, depth[:half], scored[:half]))
        scores = correlation(second, depth[half:], scored[half:])
        return Found(unit, float("nan") if unit is None else float(scores[unit]), scores), name

    (trained, signal), (control, _) = search(run), search(untrained(run))
    return Tracking(trained, control, signal, int(scored[half:].sum()))
