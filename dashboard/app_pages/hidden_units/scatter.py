"""Scatter plot of one unit against one concept, character by character."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from core.concepts import Kind, Labels
from dashboard.app_pages.hidden_units.concept import Asked
from dashboard.components.timeline import Moment, NetworkTracks
from dashboard.figures import figure
from dashboard.figures.charts.finder import against, points
from dashboard.shell.words import label

MOST_DOTS = 600
"""The maximum number of characters drawn as dots, spread evenly over the scored characters of the passage."""


def draw_against(network: NetworkTracks, moment: Moment, along: Labels, asked: Asked, decided_by: Hashable) -> None:
    """Plot the value of the chosen unit against the label of the concept, with a dot for each character.

    Parameters
    ----------
    decided_by
        Everything that the network's tracks and the labels depend on.
    """
    unit, signal = moment.units[network.name], moment.signals[network.name]
    track = next(one for one in network.tracks if one.name == signal)
    scored = np.flatnonzero(along.scored)
    if not len(scored) or not np.ptp(along.values[scored]):  # the page has already said so: nothing to compare
        return
    at = scored[np.linspace(0, len(scored) - 1, min(MOST_DOTS, len(scored))).astype(int)]
    known, values = along.values[at], track.values[unit, at]
    binary, high = asked.kind is Kind.BINARY, max(float(known.max()), 1.0)
    facts = {"unit": unit, "signal": f"{track.label} {track.mark}", "concept": asked.title, "characters": len(at)}
    words = {name: label(f"finder.{name}") for name in ("yes", "no")}
    words |= {"concept": asked.title, "unit": label("finder.against_unit", unit=unit, signal=facts["signal"])}
    figure.show(
        lambda: against(high, (track.low, track.high), track.colour, binary, words),
        name="against",
        decided_by=(high, signal, unit, binary, asked.title),
        title=label("finder.against", unit=unit, concept=asked.title),
        caption=label("finder.against_how", characters=len(at)),
        alt=label("finder.against_alt", **facts),
        data=lambda: points(known, values, spread=asked.kind is not Kind.POSITION),
        data_decided_by=(decided_by, signal, unit),
        table=lambda: pd.DataFrame({words["concept"]: known, words["unit"]: values.round(4)}),
    )
