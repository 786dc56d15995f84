"""What the reader asks the units about, and the search for it: a concept of ours, a pattern, or marked characters."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from core import texts
from core.choices.allowed import Choices
from core.concepts import Kind, Labels, about, labelled, of_domain
from core.concepts.own import BadConcept, by_pattern, by_selection, read_places
from core.runs.run import Run
from core.spec import RunSpec
from core.texts import Concepts, TextUnavailable
from core.units.finder import Finding
from core.units.unseen import searched
from dashboard import address, controls, live, marking
from dashboard.finding import concept_title
from dashboard.words import label

OPENS_WITH = {Concepts.CODE: "indentation", Concepts.PROSE: "inside_quotes"}
OWN = "own"
PATTERN, CHARACTERS = "pattern", "characters"
DIGITS = r"\d+"
LONGEST_LINE = 2_000
"""Characters of a pattern or of a list of places, which for 600 characters has at most 1,592: it stands in the link."""
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Asked:
    """One concept.

    name : of a concept of ours, or ``own``
    key : tells it from every other one
    labels : of a text; raises BadConcept
    text : where it is searched; None for unseen text of the network's own
    """

    name: str
    title: str
    kind: Kind
    left_out: str
    key: Hashable
    labels: Callable[[str], Labels]
    text: str | None = None

    def along(self, text: str) -> Labels | None:
        """Of a passage; None where there is nothing to see."""
        try:
            return self.labels(text)
        except BadConcept:
            return None


def offered(spec: RunSpec) -> tuple[str, ...]:
    """The concepts that make sense in the text of ``spec``; all of them where only the reader knows."""
    domain = texts.about(str(spec.option("text"))).concepts
    return tuple(name for one in ([domain] if domain else Concepts) for name in of_domain(one))


def opening(names: Sequence[str]) -> str:
    """The concept to open with."""
    return next((name for name in OPENS_WITH.values() if name in names), names[0])


def choose(names: Sequence[str], passage: str) -> Asked:
    """What the reader asks about; with another concept the page opens at the unit that is found for it.

    passage : what the reader sees, and marks characters of
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
        on_change=lambda: _ask({"concept": st.session_state[key]}),
    )
    if chosen == OWN:
        return _own(passage)
    said = about(chosen)
    return Asked(chosen, words[chosen], said.kind, said.left_out, chosen, partial(labelled, chosen))


def show(run: Run, asked: Asked, passage: str) -> None:
    """What the reader's own concept marks, or that a concept of ours cannot be seen in ``passage``."""
    match asked.key:
        case (str(way), str(pattern)) if way == PATTERN:
            marking.draw_pattern(run, pattern, passage)
        case (str(way), str(places), _) if way == CHARACTERS:
            marking.draw_places(places, passage, lambda marks: _ask({"marks": marks}))
        case _:
            _say_absent(asked, passage)


def _say_absent(asked: Asked, passage: str) -> None:
    labels = asked.labels(passage)
    left_out = label(f"finder.left_out_{asked.left_out}")
    if not labels.scored.any():
        st.info(label("marking.unscored", concept=asked.title, left_out=left_out))
    elif not np.ptp(labels.values[labels.scored]):
        st.info(label("marking.absent", concept=asked.title))


def search(run: Run, names: Sequence[str], *, at_once: bool) -> Mapping[str, Finding] | None:
    """The search of all units for all concepts, if the reader has asked for it or it is due ``at_once``."""
    allowed = Choices(lambda: (NO, YES))
    wanted = address.value("searched", NO, allowed, fallback=label("finder.searched_no")) == YES
    if not (wanted or at_once):
        return None
    with st.spinner(label("finder.searching")):
        return live.findings(run, tuple(names))


def answer(run: Run, asked: Asked, every: Mapping[str, Finding] | None, *, glance: bool) -> Finding | None:
    """What is known of one concept so far, with the button that finds out what is not; what is wrong is said.

    every : of the whole search, if there was one;  glance : whether a first look is due without being asked for
    """
    if every is None:
        _draw_button(run)
        if glance:
            return live.glance(run, asked.name)
        st.info(label("finder.not_searched"))
        return None
    if asked.name in every:
        return every[asked.name]
    try:
        text = searched(run) if asked.text is None else asked.text
        return live.finding_marked(run, asked.key, text, asked.labels(text))
    except BadConcept:
        pass  # said by ``show``, before any search
    except TextUnavailable:
        st.info(label("finder.elsewhere"))
    return None


def _draw_button(run: Run) -> None:
    st.button(
        label("finder.search", units=run.spec.hidden_size * run.spec.layer_count),
        icon=":material/manage_search:",
        key=f"{address.page()}-search",
        on_click=_ask,
        args=({"searched": YES},),
    )


def _ask(changes: Mapping[str, str]) -> None:
    """Change settings, and look at whichever unit is found with them instead of the one that was chosen before."""
    settings = st.session_state["addresses"].get(address.page(), {})
    chosen = dict.fromkeys(name for name in settings if name == "layer" or name.startswith(("unit_", "signal_")))
    address.change(chosen | dict(changes), chosen)


def _own(passage: str) -> Asked:
    """The reader's own concept, by a pattern or by the places of characters."""
    own = partial(Asked, OWN, concept_title(OWN), Kind.BINARY, "nothing")
    if controls.choice("mark_by", (PATTERN, CHARACTERS)) == PATTERN:
        pattern = _line("mark", DIGITS)
        return own((PATTERN, pattern), partial(by_pattern, pattern=pattern))
    places = _line("marks", "")
    return own((CHARACTERS, places, passage), lambda text: by_selection(text, read_places(places)), text=passage)


def _line(name: str, default: str) -> str:
    """A setting of one line of text."""
    allowed = address.Wording(LONGEST_LINE)
    key = address.seed(name, str(address.value(name, default, allowed)))
    st.text_input(
        label(f"hidden_units.{name}"),
        key=key,
        max_chars=allowed.longest,
        help=label(f"hidden_units.{name}_help"),
        on_change=lambda: _ask({name: st.session_state[key]}),
    )
    return str(st.session_state[key])
