"""The search on held-out text of the network's own: what a page asks for."""

from collections.abc import Sequence

from core.concepts import Kind, Labels, about, labelled
from core.runs.run import Run
from core.traces.unseen import unseen
from core.units.finder import Finding, Search

GLANCE = 4_000
"""Characters for a first look at one concept: less than half a second."""

SEARCHED = 20_000
"""Characters for a search; a small host has room for those of a first look."""


def is_small() -> bool:
    """Whether this machine has room for searches like a first look only: little text, and no scikit-learn (83 MB)."""
    from core.machine import elsewhere

    return elsewhere()


def searched(run: Run) -> str:
    """Return what a search reads: the beginning of the text's own unseen part.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    return unseen(run, searched_length(run))


def searched_length(run: Run) -> int:
    """Characters that are searched at most: fewer on a small host, and of a network with many units."""
    from core.runs.price import searched_characters

    return searched_characters(run, GLANCE if is_small() else SEARCHED)


def glance(run: Run, concept: str) -> Finding:
    """Search one concept in the first 4,000 characters, or fewer of a very large network.

    No probes are made: a small host has no room for scikit-learn.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    text = unseen(run, min(GLANCE, searched_length(run)))
    return Search.of(run, text).find(labelled(concept, text), about(concept).kind, probes=False)


def find_each(run: Run, concepts: Sequence[str]) -> dict[str, Finding]:
    """Search several concepts in one reading.

    Raises
    ------
    UnknownName
        If no concept has one of the names.
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    search, probes = Search.of(run, searched(run)), not is_small()
    return {name: search.find(labelled(name, search.text), about(name).kind, probes=probes) for name in concepts}


def find_marked(run: Run, text: str, labels: Labels) -> Finding:
    """Search a concept of the reader's own that is marked in ``text``.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    return Search.of(run, text).find(labels, Kind.BINARY, probes=not is_small())
