"""One moment of a text, seen in every way at once: characters, gates, all units, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dashboard.components.modules import assets
from dashboard.components.starting_point import note_rest, start_of
from dashboard.components.timeline.glyphs import drawn
from dashboard.components.timeline.payload import pack, quantised, stamp_of
from dashboard.shell.theme import DIVERGING
from dashboard.shell.words import labels_of

LIKELIEST_AT_MOMENT = 5
TIMELINE_PARTS = ("text", "prediction", "strip", "lanes", "units")


@dataclass(frozen=True)
class Track:
    """One number for each time step, of each unit or of the text itself.

    Attributes
    ----------
    name, label, mark
        Its key, its words, its letter in the equations.
    colour
        Its hue.
    low, high
        The fixed domain in which its bars and colours are drawn. It is signed if ``low`` is negative.
    values
        Shape (unit, time), or (1, time) if it belongs to no unit.
    digits
        Decimals that are printed.
    """

    name: str
    label: str
    mark: str
    colour: str
    low: float
    high: float
    values: np.ndarray
    digits: int = 3


@dataclass(frozen=True)
class NetworkTracks:
    """What one network held while it read the text.

    Attributes
    ----------
    name, title
        Its key, and its words.
    tracks
        The signals that may be looked at, each of all units.
    lanes
        Names of the tracks drawn as bars, in their order. The empty name stands for the track that colours the
        text.
    order
        All units, the most varying first.
    spread
        Variance of each unit, shape (unit,).
    known
        Whether the network has met each character, shape (time,).
    symbols, probability
        The next character: its symbols, and their probabilities of shape (time, symbol). Empty and None if they are
        not shown.
    """

    name: str
    title: str
    tracks: tuple[Track, ...]
    lanes: tuple[str, ...]
    order: tuple[int, ...]
    spread: np.ndarray
    known: np.ndarray
    symbols: tuple[str, ...] = ()
    probability: np.ndarray | None = None


@dataclass(frozen=True)
class Moment:
    """What the reader looks at: a time step, and for each network a unit and a signal.

    Attributes
    ----------
    mean
        Whether the mean over all units is shown instead of one unit.
    whole
        Whether the whole text is squeezed into the width of the bars.
    """

    time: int
    units: Mapping[str, int]
    signals: Mapping[str, str]
    mean: bool = False
    whole: bool = False


_component = st.components.v2.component("unrolled_timeline", **assets("timeline"))


def draw_timeline(
    text: str,
    networks: Sequence[NetworkTracks],
    *,
    parts: Sequence[str],
    start: Moment,
    rows: int,
    title: str,
    provenance: str,
    filename: str,
    key: str,
    on_move: Callable[[], None],
) -> None:
    """Draw the networks over ``text`` with one cursor. Pointing, choosing and playing stay in the browser.

    Parameters
    ----------
    parts
        Which of text, prediction, strip, lanes and units are drawn.
    start
        Where the cursor stands until the reader moves it. If it changes later, the cursor moves there.
    rows
        Lines of the text that are in sight at once.
    title, provenance
        Words above and below a saved picture.
    filename
        Name of a saved picture, without its ending.
    on_move
        Called before the page runs again, when the reader has come to rest at another moment. ``moment(key)`` says
        where.
    """
    arrays: list[np.ndarray] = []
    described = [_described(network, text, arrays) for network in networks]
    drawn_here = stamp_of(text, arrays)
    turn, start = start_of(key, drawn_here, start)
    header = {
        "stamp": f"{drawn_here} {turn}",
        "text": text,
        "drawn": drawn(text + "".join(symbol for network in networks for symbol in network.symbols)),
        "words": labels_of("timeline"),
        "networks": described,
        "parts": [part for part in TIMELINE_PARTS if part in parts],
        "rows": rows,
        "start": _started(start),
        "title": title,
        "provenance": provenance,
        "filename": filename,
    }

    def moved() -> None:
        note_rest(key, moment(key))
        on_move()

    _component(key=key, data=pack(header, arrays), on_moment_change=moved)


def moment(key: str) -> Moment | None:
    """Return where the reader has come to rest, or None if the browser has not reported a valid place."""
    told = st.session_state.get(key, {}).get("moment")
    try:
        networks = told["networks"].items()
        return Moment(
            time=int(told["time"]),
            units={str(name): int(one["unit"]) for name, one in networks},
            signals={str(name): str(one["signal"]) for name, one in networks},
            mean=bool(told["mean"]),
            whole=bool(told["whole"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _started(start: Moment) -> dict[str, Any]:
    networks = {name: {"unit": unit, "signal": start.signals[name]} for name, unit in start.units.items()}
    return {"time": start.time, "mean": start.mean, "whole": start.whole, "networks": networks}


def _described(network: NetworkTracks, text: str, arrays: list[np.ndarray]) -> dict[str, Any]:
    def add(array: np.ndarray) -> int:
        arrays.append(array)
        return len(arrays) - 1

    described: dict[str, Any] = {
        "name": network.name,
        "title": network.title,
        "signals": [
            {
                "name": track.name,
                "label": track.label,
                "mark": track.mark,
                "hue": track.colour,
                "colours": list(DIVERGING) if track.low < 0 else [DIVERGING[1], track.colour],
                "low": track.low,
                "high": track.high,
                "digits": track.digits,
                "array": add(quantised(track.values, track.low, track.high)),
            }
            for track in network.tracks
        ],
        "lanes": list(network.lanes),
        "order": list(network.order),
        "spread": add(network.spread.astype(np.float32)),
        "unknown": np.flatnonzero(~network.known).tolist(),
    }
    if network.probability is not None:
        described |= _predicted(network.probability, network.symbols, text, add)
    return described


def _predicted(
    probability: np.ndarray, symbols: Sequence[str], text: str, add: Callable[[np.ndarray], int]
) -> dict[str, Any]:
    count = min(LIKELIEST_AT_MOMENT, len(symbols))
    likeliest = np.argsort(-probability, axis=1, kind="stable")[:, :count]
    index = {symbol: place for place, symbol in enumerate(symbols)}
    # A character without a symbol of its own was read as the unknown symbol, which is the first one.
    came = [probability[time, index.get(character, 0)] for time, character in enumerate(text[1:])]
    return {
        "symbols": list(symbols),
        "likeliest": add(likeliest.astype(np.uint16)),
        "likelihood": add(quantised(np.take_along_axis(probability, likeliest, axis=1), 0.0, 1.0)),
        "came": add(np.array([*came, np.nan], dtype=np.float32)),
    }
