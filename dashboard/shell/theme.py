"""The colours: one meaning has one hue on every page, readable on white and on dark.

Each colour has a contrast of at least 3 to 1 with both backgrounds of ``.streamlit/config.toml``. Hue never stands
alone: a cell type also has its dash pattern, and a lane is named where it is drawn.
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
"""Hue of a signal, by its name."""

CELL_COLOURS: Mapping[str, str] = {"elman": "#b45309", "lstm": "#2563eb", "gru": "#0f766e"}
CELL_DASHES: Mapping[str, tuple[int, ...]] = {"elman": (1, 0), "lstm": (6, 2), "gru": (2, 2)}

DIVERGING: tuple[str, str, str] = ("#2b6cb0", "#f7f7f5", "#c2410c")
"""Low, zero, high of a signed value, on the fixed domain [-1, 1]."""

GREY = "#808894"
"""Of axes, names, and what something is compared with."""

DEEP_GREY = "#737b89"
"""Of words on a growing chart. It reads on white and on near-black."""

GATE_DOMAIN = (0.0, 1.0)
SIGNED_DOMAIN = (-1.0, 1.0)

_SPARE_COLOURS = ("#be185d", "#7c3aed", "#a16207", "#64748b", "#0369a1")
_SPARE_DASHES = ((8, 2, 2, 2), (4, 4), (10, 3), (1, 3), (12, 2, 1, 2))


def cell_colour(cell: str) -> str:
    """Return the hue of a cell type. A type without one of its own gets a spare hue, the same in every chart."""
    return CELL_COLOURS.get(cell) or _SPARE_COLOURS[_number(cell) % len(_SPARE_COLOURS)]


def cell_dash(cell: str) -> list[int]:
    """Return the dash pattern of a cell type as Vega writes it. Two spare patterns of one hue rarely agree."""
    return list(CELL_DASHES.get(cell) or _SPARE_DASHES[_number(cell) // len(_SPARE_COLOURS) % len(_SPARE_DASHES)])


def signal_colour(name: str) -> str:
    """Return the hue of a signal; a signal that has none of its own is grey."""
    return ROLE_COLOURS.get(name, ROLE_COLOURS["hidden_state"])


def _number(cell: str) -> int:
    """Return a number for a name that is the same in every process, as ``hash`` is not."""
    return crc32(cell.encode())
