"""The search on held-out text of the network's own: what a page asks for."""

from collections.abc import Mapping, Sequence

from core.concepts import Kind, Labels, about, labelled
from core.machine import is_small
from core.pace import part
from core.runs.run import Run
from core.traces.unseen import unseen
from core.units.finder import Finding, Search
from core.units.searched import FIRST_LOOK, searched_length


def searched(run: Run) -> str:
    """Return what a search reads: the beginning of the text's own unseen part.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    return unseen(run, searched_length())


def glance(run: Run, concept: str) -> Finding:
    """Search one concept in the first 4,000 characters.

    No probes are made: a small host has no room for scikit-learn.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    text = unseen(run, FIRST_LOOK)
    return _searching(run, text, {concept: (labelled(concept, text), about(concept).kind)}, probes=False)[concept]


def find_each(run: Run, concepts: Sequence[str]) -> dict[str, Finding]:
    """Search several concepts in one reading.

    Raises
    ------
    UnknownName
        If no concept has one of the names.
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    text = searched(run)
    return _searching(run, text, {name: (labelled(name, text), about(name).kind) for name in concepts})


def find_marked(run: Run, text: str, labels: Labels) -> Finding:
    """Search a concept of the reader's own that is marked in ``text``.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    return _searching(run, text, {"": (labels, Kind.BINARY)})[""]


def _searching(
    run: Run, text: str, asked: Mapping[str, tuple[Labels, Kind]], *, probes: bool = True
) -> dict[str, Finding]:
    with part(0.0, 0.3):
        search = Search.of(run, text)
    with part(0.3, 1.0):
        return search.find_each(asked, probes=probes and not is_small())
