"""How much of a text is searched."""

from core.machine import is_small

FIRST_LOOK = 4_000
"""Characters for a first look at one concept: less than half a second."""

SEARCHED = 20_000
"""Characters for a search. A small machine has room for those of a first look, and not for scikit-learn (83 MB)."""


def searched_length() -> int:
    """Return how many characters a search reads at most on this machine."""
    return FIRST_LOOK if is_small() else SEARCHED
