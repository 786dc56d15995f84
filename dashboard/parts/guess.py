"""A question before the answer: the reader commits to a guess and only then sees what was measured."""

from collections.abc import Sequence

import streamlit as st

from core.choices.allowed import Choices
from dashboard.shell import address
from dashboard.shell.words import label

UNANSWERED = ""


def guess(name: str, options: Sequence[str]) -> str | None:
    """Ask what the reader expects, and return it; None until they have said. The guess stands in the address.

    Parameters
    ----------
    name
        Name of the question. Its words are ``<page>.<name>``, those of an answer ``<page>.<name>_<option>``.
    """
    page = address.page()
    allowed = Choices(lambda: (UNANSWERED, *options))
    current = str(address.value(name, UNANSWERED, allowed, title=label("controls.guess"))) or None
    key = address.seed(name, current)

    def take() -> None:
        address.change({name: st.session_state[key] or UNANSWERED})

    words = {option: label(f"{page}.{name}_{option}") for option in options}.__getitem__
    st.pills(label(f"{page}.{name}"), list(options), wrap=True, format_func=words, key=key, on_change=take)
    return current
