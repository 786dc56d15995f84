"""A run to take home: what trains it again where this project is not."""
