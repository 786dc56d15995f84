"""Everything that happened inside a network, as labelled arrays; its equations with those numbers in them."""
