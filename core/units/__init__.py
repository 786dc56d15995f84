"""Finding the units of a network that know something about what it reads."""
