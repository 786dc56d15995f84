"""What the reader asks the units about: a concept of the app, a pattern, or marked characters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from core.choices.allowed import Choices, Value
from core.concepts import Kind, Labels, about, labelled
from core.concepts.own import BadConcept, by_pattern, by_selection, read_places
from core.runs.run import Run
from dashboard.app_pages.hidden_units import own_concept
from dashboard.parts.concepts import concept_title, opening
from dashboard.shell import address, widgets
from dashboard.shell.words import label

OWN = "own"
PATTERN, CHARACTERS = "pattern", "characters"
NUMBER_PATTERN = r"\d+"

LONGEST_LINE = 2_000
"""The maximum number of characters of a pattern or of a list of places. Both stand in the link.

600 places take at most 1,592 characters.
"""


@dataclass(frozen=True)
class Asked:
    """The concept that the reader asks about.

    Attributes
    ----------
    name
        Name of a concept of the app, or ``own``.
    key
        Identifies this concept among all others.
    labels
        Returns the labels of a text. It raises BadConcept if the concept makes no sense there.
    text
        The text to search; None for the unseen part of the text that the network was trained on.
    """

    name: str
    title: str
    kind: Kind
    left_out: str
    key: Hashable
    labels: Callable[[str], Labels]
    text: str | None = None

    def along(self, text: str) -> Labels | None:
        """Return the labels of a passage; None if the concept makes no sense there."""
        try:
            return self.labels(text)
        except BadConcept:
            return None


def choose(names: Sequence[str], passage: str) -> Asked:
    """Let the reader choose a concept. After a change, the page opens at the unit that is found for the new one.

    Parameters
    ----------
    passage
        The text in which the reader marks characters.
    """
    options = (*names, OWN)
    allowed = Choices(lambda: options)
    opens = opening(names)
    chosen = str(address.value("concept", opens, allowed, fallback=concept_title(opens)))
    key = address.seed("concept", chosen)
    words = {name: concept_title(name) for name in options}
    st.selectbox(
        label("hidden_units.concept"),
        options,
        format_func=lambda one: words.get(one, one),
        key=key,
        on_change=lambda: ask({"concept": st.session_state[key]}),
    )
    if chosen == OWN:
        return _own(passage)
    said = about(chosen)
    return Asked(chosen, words[chosen], said.kind, said.left_out, chosen, partial(labelled, chosen))


def show(run: Run, asked: Asked, passage: str) -> None:
    """Show what the reader's own concept marks, or say that a concept of the app does not occur in ``passage``."""
    match asked.key:
        case (str(way), str(pattern)) if way == PATTERN:
            own_concept.draw_pattern(run, pattern, passage)
        case (str(way), str(places), _) if way == CHARACTERS:
            own_concept.draw_places(places, passage, lambda marks: ask({"marks": marks}))
        case _:
            _say_absent(asked, passage)


def _say_absent(asked: Asked, passage: str) -> None:
    labels = asked.labels(passage)
    left_out = label(f"finder.left_out_{asked.left_out}")
    if not labels.scored.any():
        st.info(label("marking.unscored", concept=asked.title, left_out=left_out))
    elif not np.ptp(labels.values[labels.scored]):
        st.info(label("marking.absent", concept=asked.title))


def ask(changes: Mapping[str, Value]) -> None:
    """Change settings. The page then shows the unit that is found with them, not the one chosen before."""
    settings = st.session_state["addresses"].get(address.page(), {})
    chosen = dict.fromkeys(name for name in settings if name == "layer" or name.startswith(("unit_", "signal_")))
    address.change(chosen | dict(changes), chosen)


def _own(passage: str) -> Asked:
    """Let the reader define a concept of their own, by a pattern or by the places of characters."""
    own = partial(Asked, OWN, concept_title(OWN), Kind.BINARY, "nothing")
    if widgets.choice("mark_by", (PATTERN, CHARACTERS)) == PATTERN:
        pattern = _line("mark", NUMBER_PATTERN)
        return own((PATTERN, pattern), partial(by_pattern, pattern=pattern))
    places = _line("marks", "")
    return own((CHARACTERS, places, passage), lambda text: by_selection(text, read_places(places)), text=passage)


def _line(name: str, default: str) -> str:
    """Let the reader write a setting that is one line of text."""
    allowed = address.Wording(LONGEST_LINE)
    key = address.seed(name, str(address.value(name, default, allowed)))
    st.text_input(
        label(f"hidden_units.{name}"),
        key=key,
        max_chars=allowed.longest,
        help=label(f"hidden_units.{name}_help"),
        on_change=lambda: ask({name: st.session_state[key]}),
    )
    return str(st.session_state[key])
