"""The search on the network's own held-out text, as a page asks for it."""

from collections.abc import Mapping, Sequence

from core.concepts import Kind, Labels, about, labelled
from core.machine import is_small
from core.pace import part
from core.runs.run import Run
from core.traces.unseen import unseen
from core.units.finder import Finding, Search
from core.units.searched import FIRST_LOOK, SEARCHED, searched_length


def searched(run: Run) -> str:
    """Return what a search reads: the beginning of the held-out part of the network's own text.

    Raises
    ------
    core.texts.TextUnavailable
        If the text is not available here.
    """
    return unseen(run, searched_length())


def glance(run: Run, concept: str) -> Finding:
    """Search for one concept in the first 4,000 held-out characters.

    No linear probes are fitted, because a small machine has no room for scikit-learn.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.texts.TextUnavailable
        If the text is not available here.
    """
    text = unseen(run, FIRST_LOOK)
    return _searching(run, text, {concept: (labelled(concept, text), about(concept).kind)}, probes=False)[concept]


def find_each(run: Run, concepts: Sequence[str], characters: int = SEARCHED) -> dict[str, Finding]:
    """Search for several concepts in one reading of the text.

    Parameters
    ----------
    characters
        How many held-out characters are read at most. Linear probes are fitted only if there are more than a first
        look reads: a machine that has no room for more of them has none for scikit-learn.

    Raises
    ------
    UnknownName
        If one of the names belongs to no concept.
    core.texts.TextUnavailable
        If the text is not available here.
    """
    text, probes = unseen(run, characters), characters > FIRST_LOOK
    return _searching(run, text, {name: (labelled(name, text), about(name).kind) for name in concepts}, probes=probes)


def find_marked(run: Run, text: str, labels: Labels) -> Finding:
    """Search for the reader's own concept, which is marked in ``text``.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    return _searching(run, text, {"": (labels, Kind.BINARY)}, probes=not is_small())[""]


def _searching(run: Run, text: str, asked: Mapping[str, tuple[Labels, Kind]], *, probes: bool) -> dict[str, Finding]:
    with part(0.0, 0.3):
        search = Search.of(run, text)
    with part(0.3, 1.0):
        return search.find_each(asked, probes=probes)
