"""The colours: one meaning has one hue on every page, readable on a white and on a dark background.

Each hue and each grey has a contrast of at least 3 to 1 with both backgrounds of ``.streamlit/config.toml``. Hue is
never the only sign: a cell type also has its dash pattern, and a lane is named where it is drawn.
"""

from collections.abc import Mapping
from zlib import crc32

ROLE_COLOURS: Mapping[str, str] = {
    "forget_gate": "#0f766e",
    "input_gate": "#2563eb",
    "candidate": "#7c3aed",
    "cell_state": "#c2410c",
    "output_gate": "#a16207",
    "update_gate": "#0f766e",  # decides what is kept, as the forget gate does
    "reset_gate": "#be185d",
    "hidden_state": "#64748b",
}
"""The hue of each signal, by its name."""

CELL_COLOURS: Mapping[str, str] = {"elman": "#b45309", "lstm": "#2563eb", "gru": "#0f766e"}
CELL_DASHES: Mapping[str, tuple[int, ...]] = {"elman": (1, 0), "lstm": (6, 2), "gru": (2, 2)}

DIVERGING: tuple[str, str, str] = ("#2b6cb0", "#f7f7f5", "#c2410c")
"""Colours of the lowest value, of zero and of the highest value of a signed signal, on the fixed domain [-1, 1]."""

GREY = "#808894"
"""Grey of axes, of names, and of what something is compared with."""

DEEP_GREY = "#737b89"
"""Grey of words on a growing chart, readable on white and on near-black."""

GATE_DOMAIN = (0.0, 1.0)
SIGNED_DOMAIN = (-1.0, 1.0)

_SPARE_COLOURS = ("#be185d", "#7c3aed", "#a16207", "#64748b", "#0369a1")
_SPARE_DASHES = ((8, 2, 2, 2), (4, 4), (10, 3), (1, 3), (12, 2, 1, 2))


def cell_colour(cell: str) -> str:
    """Return the hue of a cell type. A type without its own gets a spare hue, the same in every chart."""
    return CELL_COLOURS.get(cell) or _SPARE_COLOURS[_number(cell) % len(_SPARE_COLOURS)]


def cell_dash(cell: str) -> list[int]:
    """Return the dash pattern of a cell type as Vega writes it. Types that share a spare hue often differ in it."""
    return list(CELL_DASHES.get(cell) or _SPARE_DASHES[_number(cell) // len(_SPARE_COLOURS) % len(_SPARE_DASHES)])


def signal_colour(name: str) -> str:
    """Return the hue of a signal; a signal that has none of its own is grey."""
    return ROLE_COLOURS.get(name, ROLE_COLOURS["hidden_state"])


def _number(cell: str) -> int:
    """Return a number for a name. Unlike ``hash``, it is the same in every process."""
    return crc32(cell.encode())
