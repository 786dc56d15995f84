"""What came of a search, in words."""

from __future__ import annotations

from core.concepts import Kind
from core.units.finder import MARGIN, Finding, Unit
from dashboard.shell.words import has_label, label


def sentence(finding: Finding, concept: str) -> str:
    """What came of the search, computed from its numbers."""
    found = finding.found
    if found is None:
        return label("finder.nothing_to_find", concept=concept)
    low, high = finding.interval
    return label(
        f"finder.{finding.verdict}",
        concept=concept,
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
    """A unit by its number, its layer and what of it was looked at."""
    state = f"state_{unit.state}"
    mark = label(f"finder.{state}") if has_label(f"finder.{state}") else unit.state
    return label("finder.unit", number=unit.number, layer=unit.layer + 1, state=mark)


def score_title(finding: Finding) -> str:
    """The name of the score: AUROC or |r|."""
    return label(f"finder.score_{_form(finding)}")


def score_help(finding: Finding) -> str:
    """What that score means."""
    return label(f"finder.score_{_form(finding)}_help")


def _form(finding: Finding) -> str:
    return "binary" if finding.kind is Kind.BINARY else "number"
