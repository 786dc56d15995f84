"""How much of a text is searched."""

from core.machine import is_small

FIRST_LOOK = 4_000
"""Characters of a first look at one concept, which takes less than half a second."""

SEARCHED = 20_000
"""Characters of a search. A small machine has no room for more than a first look, nor for scikit-learn (83 MB)."""


def searched_length() -> int:
    """Return how many characters a search reads at most on this machine."""
    return FIRST_LOOK if is_small() else SEARCHED
