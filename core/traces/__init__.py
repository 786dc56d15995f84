"""Everything that happened inside a network, as labelled arrays, and its equations with those numbers filled in."""
