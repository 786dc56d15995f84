"""The concepts that a text can be searched for."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.concepts import of_domain
from core.spec import RunSpec
from core.texts import Concepts
from dashboard.shell.words import has_label, label

FIRST_CONCEPTS = {Concepts.CODE: "indentation", Concepts.PROSE: "inside_quotes"}


def offered(spec: RunSpec) -> tuple[str, ...]:
    """Return the concepts that make sense in the text of ``spec``; all of them in a text of the reader's own."""
    domain = texts.about(str(spec.option("text"))).concepts
    return tuple(name for one in ([domain] if domain else Concepts) for name in of_domain(one))


def opening(names: Sequence[str]) -> str:
    """Return the concept that a page opens with."""
    return next((name for name in FIRST_CONCEPTS.values() if name in names), names[0])


def concept_title(concept: str) -> str:
    """Return the title of a concept, or its own name if there is no title for it."""
    key = f"finder.concept_{concept}"
    return label(key) if has_label(key) else concept.replace("_", " ")
