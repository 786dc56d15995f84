"""The cells that race, and the reader's guess about them."""

from collections.abc import Sequence

import streamlit as st

from core.cells import cells
from core.choices.allowed import Subset
from core.spec import RunSpec
from dashboard.app_pages.race.sentences import listed
from dashboard.shell import address, widgets
from dashboard.shell.words import has_label


def competitors(first: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """Let the reader choose one or more cells that race.

    Parameters
    ----------
    first
        The cells that are offered first, in this order. All others follow.
    """
    known = tuple(dict.fromkeys((*first, *cells.names())))
    return widgets.several("cells", known, default, kind="cell", fallback=listed(default))


def forget_guess_of(specs: Sequence[RunSpec]) -> None:
    """Drop the guess if the reader has set up another experiment. A change of seeds alone keeps the guess."""
    key = f"{address.page()}-guessed"
    asked = Subset.written(sorted({spec.replace(seed=0).key for spec in specs}))
    if st.session_state.setdefault(key, asked) != asked:
        st.session_state[key] = asked
        address.change({"guess": ""}, {"guess": ""})


def guesses(names: Sequence[str]) -> tuple[str, ...]:
    """Return the answers to the question which of these cells will oscillate."""
    own = tuple(name for name in names if has_label(f"race.guess_{name}"))
    return (*own, *(("several",) if len(names) > 1 else ()), "none")
