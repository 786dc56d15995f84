"""How a character is drawn in a monospace grid in which every character has to be visible."""

import unicodedata
from functools import lru_cache

SPACE, NEWLINE, TAB, BOX, PLACEHOLDER = "␣", "⏎", "⇥", "▯", "◌"


def drawn(text: str) -> dict[str, tuple[str, int]]:
    """Return the characters of ``text`` that are not drawn as themselves in one column, with glyph and columns.

    A newline and a tab get a mark. How many columns a tab takes depends on where it stands, so the view counts them. A
    control character is drawn as its picture, a combining character on a dotted circle. Invisible and unassigned
    characters, such as those that set the direction of writing, are drawn as a box, so that they are seen and have no
    effect. Wide characters take two columns.
    """
    return {one: form for one in set(text) if (form := _form(one)) != (one, 1)}


@lru_cache(maxsize=4096)
def glyph(character: str) -> str:
    """Return how one character is drawn. A space is drawn as a mark."""
    return SPACE if character == " " else _form(character)[0]


def _form(character: str) -> tuple[str, int]:
    if character == "\n":
        return NEWLINE, 1
    if character == "\t":
        return TAB, 1
    category = unicodedata.category(character)
    if category == "Cc":
        code = ord(character)
        return (chr(0x2400 + code) if code < 32 else "␡" if code == 127 else BOX), 1
    if category in ("Mn", "Me", "Mc"):
        return PLACEHOLDER + character, 1
    if category in ("Cf", "Cn", "Co", "Cs", "Zl", "Zp"):
        return BOX, 1
    return character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
