"""The signals of a network as the timeline draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.measures.variation import most_varying
from core.signals import Role
from core.traces.squashed import is_squashed, memory
from dashboard.components.timeline import NetworkTracks, Track
from dashboard.shell import titles
from dashboard.shell.theme import GATE_DOMAIN, ROLE_COLOURS, SIGNED_DOMAIN, signal_colour
from dashboard.shell.words import has_label, label

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray

    from core.runs.run import Run

CONCEPT_COLOUR = ROLE_COLOURS["hidden_state"]


def network_tracks(
    run: Run,
    trace: xarray.Dataset,
    *,
    layer: int,
    lanes: Sequence[str] | None = None,
    beside: Sequence[Track] = (),
    prediction: bool = False,
    opens_with: str | None = None,
) -> NetworkTracks:
    """Return one layer of a run as the timeline draws it.

    Parameters
    ----------
    lanes
        Names of the signals that are drawn as bars. None stands for all of the cell's, in the order in which it
        computes them.
    beside
        Tracks of the text itself.
    prediction
        Whether to add the probabilities of the next character.
    opens_with
        The signal that colours the text at first. None stands for the state that carries the cell's memory.
    """
    names = [str(name) for name, signal in trace.data_vars.items() if "role" in signal.attrs]
    first = opens_with or memory(trace)
    tracks = {name: _track(trace[name], layer) for name in names}
    spread = tracks[first].values.var(axis=1, dtype=np.float64)
    return NetworkTracks(
        name=run.spec.cell,
        title=label("reading.network", cell=titles.option("cell", run.spec.cell), units=run.spec.hidden_size),
        tracks=(tracks.pop(first), *tracks.values(), *beside),
        lanes=tuple(names if lanes is None else lanes),
        order=most_varying(spread),
        spread=spread,
        known=trace["known"].to_numpy()[0],
        symbols=tuple(trace["symbol"].to_numpy().tolist()) if prediction else (),
        probability=trace["probability"].to_numpy()[0] if prediction else None,
    )


def signal_title(signal: str) -> str:
    """Return what a signal is called."""
    return label(f"signal.{signal}") if has_label(f"signal.{signal}") else signal.replace("_", " ")


def concept_track(title: str, known: np.ndarray) -> Track:
    """Return a concept's value at each character, shape (time,), as a track of the text itself."""
    high = max(float(known.max()), 1.0)
    return Track("concept", title, "", CONCEPT_COLOUR, 0.0, high, known[None, :], digits=0)


def gates(trace: xarray.Dataset) -> tuple[str, ...]:
    """Return the gates of a cell, in the order in which it computes them."""
    return tuple(str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.GATE)


def _track(signal: xarray.DataArray, layer: int) -> Track:
    name, letter = str(signal.name), str(signal.attrs["symbol"]).partition("_")[0]
    low, high = GATE_DOMAIN if signal.attrs["role"] == Role.GATE else SIGNED_DOMAIN
    values = signal.to_numpy()[layer, 0, 0].T
    return Track(
        name=name,
        label=signal_title(name),
        mark=f"tanh {letter}" if is_squashed(signal) else letter,
        colour=signal_colour(name),
        low=low,
        high=high,
        values=np.tanh(values) if is_squashed(signal) else values,
    )
