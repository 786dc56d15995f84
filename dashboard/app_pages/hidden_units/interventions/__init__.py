"""The four interventions that a reader can make in a network, each next to its control."""
