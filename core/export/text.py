"""Text inside a Python file."""

import base64
import textwrap
import zlib
from pathlib import Path
from string import Template

WIDTH = 110


def asset(name: str) -> Template:
    """Return a file of assets/export, with ``$`` before what is filled in."""
    path = Path(__file__).parents[2] / "assets" / "export" / f"{name}.py.txt"
    return Template(path.read_text(encoding="utf-8"))


def packed(text: str) -> list[str]:
    """``text`` compressed, in lines of letters, digits and signs that need no escape inside quotation marks."""
    characters = base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return [characters[start : start + WIDTH] for start in range(0, len(characters), WIDTH)]


def quoted(text: str) -> str:
    """Return a Python literal that shows ``text``, which ends with a line end, as it is: raw if that is possible."""
    if "'''" in text:
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'''{escaped}'''"
    return f"r'''{text}'''"


def filled(text: str) -> str:
    """``text`` in lines of 116 characters at most, broken at spaces."""
    return textwrap.fill(text, 116, break_on_hyphens=False)
