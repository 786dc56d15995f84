"""Looks at what the units of a network know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.looks.look import look
from core.looks.price import Price, of_search
from core.runs.run import Run
from core.units.searched import FIRST_LOOK, SEARCHED

if TYPE_CHECKING:
    from core.concepts import Labels
    from core.interventions.targets import OwnPattern
    from core.units.emergence import Emergence
    from core.units.finder import Finding
    from core.units.matching import Matches


def _price_of_glance(run: Run, concept: str) -> Price:
    return of_search(run, FIRST_LOOK, 1, probes=False)


@look(_price_of_glance)
def glance(run: Run, concept: str) -> Finding:
    """Return the unit that goes best with ``concept`` on a little unseen text. Raises TextUnavailable."""
    from core.units import unseen

    return unseen.glance(run, concept)


def _price_of_search(run: Run, concepts: Sequence[str], characters: int) -> Price:
    return of_search(run, characters, len(concepts))


@look(_price_of_search)
def find_each(run: Run, concepts: Sequence[str], characters: int) -> dict[str, Finding]:
    """Return the unit that goes best with each of several concepts, on so much unseen text. Raises TextUnavailable."""
    from core.units import unseen

    return unseen.find_each(run, concepts, characters)


def _price_of_marked(run: Run, text: str, labels: Labels) -> Price:
    return of_search(run, len(text), 1)


@look(_price_of_marked)
def find_marked(run: Run, text: str, labels: Labels) -> Finding:
    """Return the unit that goes best with a concept of the reader's own, marked in ``text``."""
    from core.units import unseen

    return unseen.find_marked(run, text, labels)


def _price_of_matches(run: Run, text: str, begin: int, end: int) -> Price:
    return of_search(run, SEARCHED, 0, networks=1)


@look(_price_of_matches)
def match_unseen(run: Run, text: str, begin: int, end: int) -> Matches:
    """Return passages of unseen text in which the units active in a passage are active too. Raises TextUnavailable."""
    from core.units import matching

    return matching.match_unseen(run, text, begin, end)


def _price_of_emergence(run: Run, concept: str | OwnPattern) -> Price:
    return of_search(run, SEARCHED, 1, networks=len(run.snapshots) + 2, probes=False)


@look(_price_of_emergence)
def emergence_unseen(run: Run, concept: str | OwnPattern) -> Emergence:
    """Return how well each unit knew ``concept`` earlier in training. Raises BadConcept and TextUnavailable."""
    from core.units import emergence

    return emergence.emergence_unseen(run, concept)
