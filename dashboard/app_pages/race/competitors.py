"""Who races, and what the reader expects of them."""

from collections.abc import Sequence
from itertools import combinations

import streamlit as st

from core.cells import cells
from core.choices.allowed import Choices
from core.spec import RunSpec
from dashboard.app_pages.race.sentences import listed
from dashboard.shell import address, titles
from dashboard.shell.words import has_label, label

TOGETHER = "-"
"""Between the competitors' names in the address."""


def competitors(first: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """The cells that race, of all that there are, in any number; they stand in the address.

    first : the order in which they are offered; cells that are not among them come after
    """
    known = list(dict.fromkeys((*first, *cells.names())))
    sets = [TOGETHER.join(some) for count in range(1, len(known) + 1) for some in combinations(known, count)]
    allowed = Choices(lambda: tuple(sets))
    current = str(address.value("cells", TOGETHER.join(default), allowed, fallback=listed(default)))
    chosen = current.split(TOGETHER)
    key = address.seed("cells", chosen)

    def take() -> None:
        picked = set(st.session_state[key])
        if picked:
            address.change({"cells": TOGETHER.join(name for name in known if name in picked)})

    words = {name: titles.option("cell", name) for name in known}.__getitem__
    st.pills(label("race.cells"), known, selection_mode="multi", wrap=True, format_func=words, key=key, on_change=take)
    return tuple(chosen)


def forget_guess_of(specs: Sequence[RunSpec]) -> None:
    """A guess is about one experiment, whatever its seeds: drop it when the reader has set up another."""
    key = f"{address.page()}-guessed"
    asked = TOGETHER.join(sorted({spec.replace(seed=0).key for spec in specs}))
    if st.session_state.setdefault(key, asked) != asked:
        st.session_state[key] = asked
        address.change({"guess": ""}, {"guess": ""})


def guesses(names: Sequence[str]) -> tuple[str, ...]:
    """What can be answered to the question which of these will oscillate."""
    own = tuple(name for name in names if has_label(f"race.guess_{name}"))
    return (*own, *(("several",) if len(names) > 1 else ()), "none")
