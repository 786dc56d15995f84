"""How much of a text is searched."""

from core.machine import elsewhere

FIRST_LOOK = 4_000
"""Characters for a first look at one concept: less than half a second."""

SEARCHED = 20_000
"""Characters for a search; a small host has room for those of a first look."""


def is_small() -> bool:
    """Whether this machine has room for searches like a first look only: little text, and no scikit-learn (83 MB)."""
    return elsewhere()


def searched_length() -> int:
    """Return how many characters a search reads at most on this machine."""
    return FIRST_LOOK if is_small() else SEARCHED
