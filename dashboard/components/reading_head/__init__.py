"""A network reading a line of text: each character's hidden state under it, drawn and played in the browser."""

import numpy as np
import streamlit as st

from core.traces.plain import Reading
from dashboard.components.modules import assets
from dashboard.shell.theme import DIVERGING
from dashboard.shell.words import label

LIKELIEST_AT_HEAD = 3

_component = st.components.v2.component("reading_head", **assets("reading_head"))


def draw_reading(reading: Reading, text: str, symbols: tuple[str, ...], *, key: str) -> None:
    """Draw the figure.

    Parameters
    ----------
    reading
        What the network made of ``text``, one row for each character.
    symbols
        What the columns of its probabilities stand for.
    """
    likeliest = np.argsort(-reading.probability, axis=1)[:, :LIKELIEST_AT_HEAD]
    _component(
        key=key,
        data={
            "text": text,
            "states": (100 * reading.states).round().astype(int).tolist(),
            "likely": [
                [(symbols[symbol], float(row[symbol])) for symbol in best]
                for row, best in zip(reading.probability, likeliest, strict=True)
            ],
            "start": 2 * len(text) // 3,
            "colours": list(DIVERGING),
            "words": {name: label(f"home.figure_{name}") for name in ("play", "pause", "step", "expects")}
            | {"alt": label("home.figure_alt", characters=len(text), units=reading.states.shape[1])},
        },
    )
