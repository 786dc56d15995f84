"""Text inside a Python file."""

import base64
import textwrap
import zlib
from pathlib import Path
from string import Template

WIDTH = 110


def asset(name: str) -> Template:
    """Return a file of assets/export as a template: ``$`` marks what is filled in."""
    return Template(part(name) + "\n")


def part(name: str) -> str:
    """Return a file of assets/export as it is, to be put into another one."""
    path = Path(__file__).parents[2] / "assets" / "export" / f"{name}.py.txt"
    return path.read_text(encoding="utf-8").rstrip()


def packed(text: str) -> list[str]:
    """Return ``text`` compressed, in lines of letters, digits and signs that need no escape in a string."""
    characters = base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return [characters[start : start + WIDTH] for start in range(0, len(characters), WIDTH)]


def quoted(text: str) -> str:
    """Return a Python literal of ``text``, which ends with a line end; a raw one if that is possible."""
    if "'''" in text:
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return f"'''{escaped}'''"
    return f"r'''{text}'''"


def filled(text: str) -> str:
    """Return ``text`` in lines of at most 116 characters, broken at spaces."""
    return textwrap.fill(text, 116, break_on_hyphens=False)
