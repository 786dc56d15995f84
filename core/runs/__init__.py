"""A finished training: what it is, and the network that it holds."""
