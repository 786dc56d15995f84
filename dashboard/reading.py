"""What a page looks at inside a network: the passage it reads, its signals as the timeline draws them, one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core import texts
from core.choices.allowed import Choices, Range, Value
from core.measures.variation import most_varying
from core.signals import Role
from core.traces.squashed import is_squashed, memory
from dashboard import address, controls, live
from dashboard.components import timeline
from dashboard.components.timeline import Moment, Network, Track, draw_timeline
from dashboard.components.timeline.glyphs import glyph
from dashboard.theme import GATE_DOMAIN, SIGNED_DOMAIN, signal_colour
from dashboard.words import label, labelled

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray

    from core.runs.run import Run
    from core.spec import RunSpec
    from core.units.finder import Unit

LONGEST = 600
"""Characters of the reader's own that are looked at; they stand in the link."""

QUIET = "#64748b"
YES, NO = "yes", "no"
NOTHING: Mapping[str, int | None] = {}

ALWAYS_HERE = "tidy_code"
"""A text that every machine can make."""


def draw_while_training(watched: Sequence[live.Watched]) -> None:
    """The loss as long as it grows; once all is trained, what is inside the network takes its place."""
    if any(one.goes or (one.run is None and len(one.update)) for one in watched):
        live.draw_losses(watched)


def fall_back(specs: Sequence[RunSpec]) -> dict[str, Run]:
    """The saved runs that a page opens with, by cell, where nothing is trained with the reader's settings; says so."""
    st.info(label("reading.preset"))
    return {spec.cell: run for spec in specs if (run := live.finished(spec))}


def passage(spec: RunSpec) -> str:
    """What the networks of ``spec`` are to read: characters that no training has seen, or the reader's own."""
    if controls.choice("look_at", ("unseen", "own")) == "own":
        own = controls.wording("own", default="", longest=LONGEST)
        if own.strip():
            read = f"{address.page()}.own_read"
            if labelled(read):
                st.caption(label(read))
            return own
        st.info(label("reading.nothing"))
    try:
        return _probe(spec.option("text"))
    except texts.TextUnavailable:
        st.info(label("reading.elsewhere"))
        return _probe(ALWAYS_HERE)


def network(
    run: Run,
    trace: xarray.Dataset,
    *,
    layer: int,
    lanes: Sequence[str] | None = None,
    beside: Sequence[Track] = (),
    prediction: bool = False,
    opens_with: str | None = None,
) -> Network:
    """One layer of a run, as the timeline draws it.

    lanes : names of the signals drawn as bars; all of the cell's, in the order in which it computes them, if None
    beside : tracks of the text itself
    prediction : whether the next character's probabilities go along
    opens_with : the signal that colours the text at first; else what the cell remembers with
    """
    names = [str(name) for name, signal in trace.data_vars.items() if "role" in signal.attrs]
    first = opens_with or memory(trace)
    tracks = {name: _track(trace[name], layer) for name in names}
    spread = tracks[first].values.var(axis=1, dtype=np.float64)
    return Network(
        name=run.spec.cell,
        title=label("reading.network", cell=controls.option("cell", run.spec.cell), units=run.spec.hidden_size),
        tracks=(tracks.pop(first), *tracks.values(), *beside),
        lanes=tuple(names if lanes is None else lanes),
        order=most_varying(spread),
        spread=spread,
        known=trace["known"].to_numpy()[0],
        symbols=tuple(trace["symbol"].to_numpy().tolist()) if prediction else (),
        probability=trace["probability"].to_numpy()[0] if prediction else None,
    )


def signal_title(signal: str) -> str:
    """What a signal is called."""
    return label(f"signal.{signal}") if labelled(f"signal.{signal}") else signal.replace("_", " ")


def concept_track(title: str, known: np.ndarray) -> Track:
    """What is known of each character, (time,) from 0 on, as a track of the text itself."""
    high = max(float(known.max()), 1.0)
    return Track("concept", title, "", QUIET, 0.0, high, known[None, :], digits=0)


def gates(trace: xarray.Dataset) -> tuple[str, ...]:
    """The gates of a cell, in the order in which it computes them."""
    return tuple(str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.GATE)


def here(text: str, networks: Sequence[Network], units: Mapping[str, int | None] = NOTHING) -> Moment:
    """The moment that the address names; where it names none, a third into the text and the unit given.

    units : by network, the unit to open with; the one that varies most if None
    """
    return Moment(
        time=place(text) - 1,
        units={one.name: _unit(one, units.get(one.name)) for one in networks},
        signals={one.name: _signal(one) for one in networks},
        mean=_pressed("mean"),
        whole=_pressed("whole"),
    )


def place(text: str) -> int:
    """Which character of ``text``, from 1, the address names."""
    begin = len(text) // 3 + 1
    return int(address.value("time", begin, Range(1, len(text)), title=label("timeline.position")))  # type: ignore[arg-type]


def _pressed(name: str) -> bool:
    """Whether a key of the timeline is down."""
    words = {"title": label(f"timeline.{name}"), "fallback": label("controls.off")}
    return address.value(name, NO, Choices(lambda: (NO, YES)), **words) == YES


def _unit(network: Network, opens_with: int | None) -> int:
    first = network.order[0] if opens_with is None else opens_with
    title = label("reading.of", what=label("timeline.unit"), cell=controls.option("cell", network.name))
    return int(address.value(f"unit_{network.name}", first, Range(0, len(network.order) - 1), title=title))


def _signal(network: Network) -> str:
    names = tuple(track.name for track in network.tracks if len(track.values) > 1)
    title = label("reading.of", what=label("timeline.coloured_by"), cell=controls.option("cell", network.name))
    allowed = Choices(lambda: names)
    return str(address.value(f"signal_{network.name}", names[0], allowed, title=title, fallback=signal_title(names[0])))


def draw(
    text: str,
    networks: Sequence[Network],
    moment: Moment,
    *,
    runs: Mapping[str, Run],
    parts: Sequence[str],
    rows: int,
    title: str,
    caption: str,
) -> None:
    """The timeline with how to read it and the table behind it; where the reader comes to rest goes to the address.

    runs : what the networks are, by name;  parts, rows, title : as ``draw_timeline`` takes them
    """
    key = f"{address.page()}-timeline"
    draw_timeline(
        text,
        networks,
        parts=parts,
        start=moment,
        rows=rows,
        title=title,
        provenance=" / ".join(_provenance(run) for run in runs.values()),
        filename=f"unrolled-{address.page()}",
        key=key,
        on_move=lambda: _remember(key),
    )
    st.caption(caption)
    opened = controls.drawer(label("figure.table"), "table")
    if opened.open:
        for one in networks:
            opened.markdown(label("reading.table_of", network=one.title, unit=moment.units[one.name]))
            opened.dataframe(numbers(text, one, moment.units[one.name]), hide_index=True, height=280)


def look_at(network: str, unit: Unit) -> None:
    """Move the timeline to a unit of a network; for callbacks."""
    address.change(
        {"layer": unit.layer + 1, f"unit_{network}": unit.number, f"signal_{network}": unit.state, "mean": NO}
    )


def draw_place(text: str, moment: Moment, network: Network) -> None:
    """Say at which character and for which unit the numbers below are."""
    values = {"position": moment.time + 1, "character": glyph(text[moment.time]), "unit": moment.units[network.name]}
    st.text(label("reading.place", network=network.title, **values))


def numbers(text: str, network: Network, unit: int) -> pd.DataFrame:
    """The table behind the bars: every signal of one unit, character by character."""
    place = {
        label("reading.column_place"): range(1, len(text) + 1),
        label("reading.column_character"): [glyph(character) for character in text],
    }
    columns = {
        f"{track.label} {track.mark}".strip(): np.round(track.values[unit if len(track.values) > 1 else 0], 4)
        for track in network.tracks
    }
    return pd.DataFrame(place | columns)


def shares_table(shares: xarray.Dataset, words: Mapping[str, str]) -> pd.DataFrame:
    """Left- and right-saturation of one gate, unit by unit."""
    columns = {words[name]: shares[name].to_numpy().round(4) for name in ("left", "right")}
    return pd.DataFrame({words["unit"]: range(shares.sizes["unit"]), **columns})


@lru_cache(maxsize=16)
def _probe(text: str) -> str:
    return texts.probe(text)


def _remember(key: str) -> None:
    told = timeline.moment(key)
    if told is None:
        return
    pressed = {"mean": told.mean, "whole": told.whole}
    values: dict[str, Value] = {"time": told.time + 1} | {name: YES if down else NO for name, down in pressed.items()}
    values |= {f"unit_{name}": unit for name, unit in told.units.items()}
    values |= {f"signal_{name}": signal for name, signal in told.signals.items()}
    address.change(values)


def _provenance(run: Run) -> str:
    return label(
        "reading.provenance",
        cell=controls.option("cell", run.spec.cell),
        units=run.spec.hidden_size,
        text=controls.option("text", run.spec.option("text")),
        seed=run.spec.seed,
        updates=int(run.metrics.get("updates", run.spec.updates)),
        seconds=run.metrics.get("seconds", 0.0),
    )


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
