"""The unit that the reader looks at, and whether it is the one that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.signals import Role
from core.traces.squashed import memory
from core.units.finder import Finding, Unit
from dashboard.components.timeline import Moment
from dashboard.parts.findings import unit_title
from dashboard.shell.words import label

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray


def unit_in_view(trace: xarray.Dataset, moment: Moment, network: str, layer: int, found: Unit | None) -> Unit:
    """Return the unit under the cursor, in the state that colours the text.

    If no state colours the text, it is the state in which a unit was found. Without one, it is the state that the
    cell remembers with.
    """
    signal = moment.signals[network]
    if trace[signal].attrs.get("role") != Role.STATE:
        signal = found.state if found else memory(trace)
    return Unit(signal, layer, moment.units[network])


def described(unit: Unit, looked_at: Unit, finding: Finding | None, concept: str) -> str:
    """Say whether ``unit`` was found, is looked at, or is only set below. If another unit was found, name it.

    Parameters
    ----------
    finding
        The result of the search for ``concept``; None before a search.
    """
    found = finding.unit if finding else None
    words = "found" if unit == found else "looked_at" if unit == looked_at else "set"
    lines = [label(f"interventions.which_{words}", unit=unit_title(unit), concept=concept)]
    if found is None:
        lines.append(label(f"interventions.which_{'none' if finding else 'unsearched'}", concept=concept))
    elif unit != found:
        lines.append(label("interventions.which_other", found=unit_title(found), concept=concept))
    return " ".join(lines)
