"""The result of a search, in words."""

from __future__ import annotations

from core.concepts import Kind
from core.units.finder import MARGIN, Finding, Unit
from dashboard.shell.words import has_label, label


def sentence(finding: Finding, concept: str) -> str:
    """Say what came of a search for ``concept``, computed from its numbers."""
    found = finding.found
    if found is None:
        return label("finder.nothing_to_find", concept=concept)
    low, high = finding.interval
    return label(
        f"finder.{finding.verdict}",
        concept=concept,
        grade=label(f"finder.grade_{finding.grade}"),
        unit=unit_title(found.unit),
        score=score_title(finding),
        strength=finding.strength,
        low=low,
        high=high,
        untrained=found.untrained,
        chance=finding.chance,
        margin=MARGIN,
    )


def unit_title(unit: Unit) -> str:
    """Name a unit by its number, its layer and the state of it that was looked at."""
    state = f"state_{unit.state}"
    mark = label(f"finder.{state}") if has_label(f"finder.{state}") else unit.state
    return label("finder.unit", number=unit.number, layer=unit.layer + 1, state=mark)


def score_title(finding: Finding) -> str:
    """Name the score: AUROC or |r|."""
    return label(f"finder.score_{score_form(finding)}")


def score_help(finding: Finding) -> str:
    """Explain the score."""
    return label(f"finder.score_{score_form(finding)}_help")


def score_form(finding: Finding) -> str:
    """Return the word in the names of a score's labels: ``binary`` for a binary concept, ``number`` for any other."""
    return "binary" if finding.kind is Kind.BINARY else "number"
