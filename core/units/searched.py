"""How much of a text is searched: the same on every machine, so that what is found is the same too."""

FIRST_LOOK = 4_000
"""Characters for a first look at one concept: less than half a second."""

SEARCHED = 20_000
"""Characters for a search."""
