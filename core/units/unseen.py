"""The search on held-out text of the network's own: what a page asks for."""

from collections.abc import Mapping, Sequence

from core.concepts import Kind, Labels, about, labelled
from core.pace import part
from core.runs.run import Run
from core.traces.unseen import unseen
from core.units.finder import Finding, Search
from core.units.searched import FIRST_LOOK, SEARCHED


def searched(run: Run) -> str:
    """What a search reads: the beginning of the text's own unseen part.

    Raises core.texts.TextUnavailable.
    """
    return unseen(run, SEARCHED)


def glance(run: Run, concept: str) -> Finding:
    """One concept in the first 4,000 characters, without probes.

    Raises UnknownName, and core.texts.TextUnavailable.
    """
    text = unseen(run, FIRST_LOOK)
    return _searching(run, text, {concept: (labelled(concept, text), about(concept).kind)}, probes=False)[concept]


def find_each(run: Run, concepts: Sequence[str]) -> dict[str, Finding]:
    """Several concepts, read once. Raises UnknownName, and core.texts.TextUnavailable."""
    text = searched(run)
    return _searching(run, text, {name: (labelled(name, text), about(name).kind) for name in concepts})


def find_marked(run: Run, text: str, labels: Labels) -> Finding:
    """A concept of the reader's own, marked in ``text``. Raises ValueError for an empty text."""
    return _searching(run, text, {"": (labels, Kind.BINARY)})[""]


def _searching(
    run: Run, text: str, asked: Mapping[str, tuple[Labels, Kind]], *, probes: bool = True
) -> dict[str, Finding]:
    with part(0.0, 0.3):
        search = Search.of(run, text)
    with part(0.3, 1.0):
        return search.find_each(asked, probes=probes)
