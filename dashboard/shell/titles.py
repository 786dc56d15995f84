"""What settings and their values are called, in the reader's language.

The words of a setting are the label ``<page>.<name>``, else ``controls.<name>``. The words of an option are
``<page>.<name>_<option>``, else ``controls.<name>_<option>``, else the option itself. So a new plug-in can be offered
before it has words.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.texts import own
from dashboard.shell import address
from dashboard.shell.words import has_label, label


def number(value: object) -> str:
    """Return a number as it stands in a sentence: 100,000 or 0.005 or 2e-06; "∞" for None."""
    if value is None:
        return label("controls.none")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.5f}".rstrip("0") if abs(value) >= 1e-5 else f"{value:.0e}"
    return f"{value:,.0f}"


def option(name: str, value: object) -> str:
    """Return the words of a setting's value, such as "Elman RNN" for cell = elman."""
    if not isinstance(value, str):
        return number(value)
    if name == "text" and own.is_name(value):
        return label("controls.text_own", mark=value.removeprefix("own-")[:4])
    for key in (f"{address.page()}.{name}_{value}", f"controls.{name}_{value}"):
        if has_label(key):
            return label(key)
    return label("controls.nothing") if value == "" else value


def verbatim(text: str) -> str:
    """Quote the beginning of a text so that no Markdown in it takes effect: a link may hold anything."""
    seen = "".join(letter if letter.isprintable() else "·" for letter in text[:40])
    return f"`` {seen} ``" if "``" not in seen else "…"


def spoken(words: Mapping[Any, str]) -> Callable[[Any], str]:
    """Return a function from options to their words, which were all looked up beforehand.

    Streamlit also asks for the words outside of any reader's session, where no language is known.
    """
    return lambda value: words.get(value, str(value))


def setting(name: str) -> str:
    """Return the words of a setting."""
    own_key = f"{address.page()}.{name}"
    return label(own_key if has_label(own_key) else f"controls.{name}")


def setting_help(name: str) -> str | None:
    """Return the explanation of a setting, or None if it has none."""
    for key in (f"{address.page()}.{name}_help", f"controls.{name}_help"):
        if has_label(key):
            return label(key)
    return None
