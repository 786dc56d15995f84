"""The unit that the reader looks at: its values, what its gates do, and what happens when it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.app_pages.hidden_units import emergence, gate_habits, scatter
from dashboard.app_pages.hidden_units.interventions import section
from dashboard.app_pages.hidden_units.unit_in_view import unit_in_view
from dashboard.experiment import looks
from dashboard.parts import cursor, tracks
from dashboard.shell import address, titles
from dashboard.shell.words import label, lesson

if TYPE_CHECKING:
    from core.runs.run import Run
    from core.units.finder import Finding
    from dashboard.app_pages.hidden_units.concept import Asked


@address.fragment
def draw_moment(run: Run, probe: str, layer: int, asked: Asked, finding: Finding | None) -> None:
    """Draw scatter plot, timeline and all questions about the unit under the cursor. Moving redraws only this part.

    Parameters
    ----------
    layer
        Counted from 0.
    finding
        The result of the search; None before it.
    """
    trace = looks.trace(run, probe)  # no argument: Streamlit keeps those of a fragment for minutes
    found = finding.unit if finding else None
    along = asked.along(probe)
    read = (run.spec.key, probe, layer, asked.key)
    beside = () if along is None else (tracks.concept_track(asked.title, along.values),)
    network = tracks.network_tracks(
        run,
        trace,
        layer=layer,
        lanes=("", *(track.name for track in beside), *tracks.gates(trace)),
        beside=beside,
        prediction=True,
        opens_with=found.state if found else None,
    )
    moment = cursor.here(probe, [network], {network.name: found.number if found and found.layer == layer else None})
    if found and along is not None:
        scatter.draw_against(network, moment, along, asked, read)
    cursor.draw(
        probe,
        [network],
        moment,
        runs={network.name: run},
        parts=("text", "prediction", "strip", "lanes", "units"),
        title=label("hidden_units.picture", cell=titles.option("cell", run.spec.cell)),
        caption=lesson("hidden_units")["how"],
    )
    number = moment.units[network.name]
    gate_habits.draw(trace, probe, along, asked.kind, layer=layer, unit=number, concept=asked.title, decided_by=read)
    unit = unit_in_view(trace, moment, network.name, layer, found)
    wanted = section.as_concept(asked.key)
    section.draw(run, probe, unit, finding=finding, concept=wanted, title=asked.title)
    if wanted is not None:
        emergence.draw(run, unit, finding=finding, concept=wanted, title=asked.title)
