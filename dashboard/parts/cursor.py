"""One moment of a passage, shared by every view of it: the timeline, and where the reader has come to rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.choices.allowed import Choices, Value
from dashboard.components import timeline
from dashboard.components.timeline import Moment, NetworkTracks, draw_timeline
from dashboard.components.timeline.glyphs import glyph
from dashboard.parts import tracks
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    from core.runs.run import Run
    from core.units.finder import Unit

ROWS = 9
"""Lines of the passage in sight at once."""

NO_UNITS: Mapping[str, int | None] = {}


def here(text: str, networks: Sequence[NetworkTracks], units: Mapping[str, int | None] = NO_UNITS) -> Moment:
    """Return the moment that the address names. Without one it is a third into the text, at the given units.

    Parameters
    ----------
    units
        By network, the unit to open with. A network without one opens with its most varying unit.
    """
    return Moment(
        time=place(text) - 1,
        units={one.name: _unit(one, units.get(one.name)) for one in networks},
        signals={one.name: _signal(one) for one in networks},
        mean=_pressed("mean"),
        whole=_pressed("whole"),
    )


def place(text: str) -> int:
    """Return which character of ``text``, counted from 1, the address names."""
    begin = len(text) // 3 + 1
    return address.whole_number("time", begin, 1, len(text), title=label("timeline.position"))


def draw(
    text: str,
    networks: Sequence[NetworkTracks],
    moment: Moment,
    *,
    runs: Mapping[str, Run],
    parts: Sequence[str],
    title: str,
    caption: str,
) -> None:
    """Draw the timeline with its explanation and its table. The address follows where the reader comes to rest.

    Parameters
    ----------
    runs
        The run behind each network, by name.
    parts, title
        As ``draw_timeline`` takes them.
    """
    key = f"{address.page()}-timeline"
    draw_timeline(
        text,
        networks,
        parts=parts,
        start=moment,
        rows=ROWS,
        title=title,
        provenance=" / ".join(_provenance(run) for run in runs.values()),
        filename=f"unrolled-{address.page()}",
        key=key,
        on_move=lambda: _remember(key),
    )
    st.caption(caption)
    opened = widgets.drawer(label("figure.table"), "table")
    if opened.open:
        for one in networks:
            opened.markdown(label("reading.table_of", network=one.title, unit=moment.units[one.name]))
            opened.dataframe(numbers(text, one, moment.units[one.name]), hide_index=True, height=280)


def look_at(network: str, unit: Unit) -> None:
    """Move the timeline to a unit of a network; to be called in a callback."""
    address.change(
        {"layer": unit.layer + 1, f"unit_{network}": unit.number, f"signal_{network}": unit.state, "mean": address.NO}
    )


def draw_place(text: str, moment: Moment, network: NetworkTracks) -> None:
    """Say which character and which unit the numbers below belong to."""
    values = {"position": moment.time + 1, "character": glyph(text[moment.time]), "unit": moment.units[network.name]}
    st.text(label("reading.place", network=network.title, **values))


def numbers(text: str, network: NetworkTracks, unit: int) -> pd.DataFrame:
    """Return the table behind the bars: every signal of one unit, character by character."""
    place = {
        label("reading.column_place"): range(1, len(text) + 1),
        label("reading.column_character"): [glyph(character) for character in text],
    }
    columns = {
        f"{track.label} {track.mark}".strip(): np.round(track.values[unit if len(track.values) > 1 else 0], 4)
        for track in network.tracks
    }
    return pd.DataFrame(place | columns)


def _pressed(name: str) -> bool:
    """Say whether a toggle of the timeline is on."""
    words = {"title": label(f"timeline.{name}"), "fallback": label("controls.off")}
    return address.value(name, address.NO, Choices(lambda: (address.NO, address.YES)), **words) == address.YES


def _unit(network: NetworkTracks, opens_with: int | None) -> int:
    first = network.order[0] if opens_with is None else opens_with
    title = label("reading.of", what=label("timeline.unit"), cell=titles.option("cell", network.name))
    return address.whole_number(f"unit_{network.name}", first, 0, len(network.order) - 1, title=title)


def _signal(network: NetworkTracks) -> str:
    names = tuple(track.name for track in network.tracks if len(track.values) > 1)
    title = label("reading.of", what=label("timeline.coloured_by"), cell=titles.option("cell", network.name))
    allowed = Choices(lambda: names)
    return str(
        address.value(f"signal_{network.name}", names[0], allowed, title=title, fallback=tracks.signal_title(names[0]))
    )


def _remember(key: str) -> None:
    told = timeline.moment(key)
    if told is None:
        return
    pressed = {"mean": told.mean, "whole": told.whole}
    values: dict[str, Value] = {"time": told.time + 1} | {
        name: address.YES if down else address.NO for name, down in pressed.items()
    }
    values |= {f"unit_{name}": unit for name, unit in told.units.items()}
    values |= {f"signal_{name}": signal for name, signal in told.signals.items()}
    address.change(values)


def _provenance(run: Run) -> str:
    return label(
        "reading.provenance",
        cell=titles.option("cell", run.spec.cell),
        units=run.spec.hidden_size,
        text=titles.option("text", run.spec.option("text")),
        seed=run.spec.seed,
        updates=int(run.metrics.get("updates", run.spec.updates)),
        seconds=run.metrics.get("seconds", 0.0),
    )
