"""The four things that a reader can set in a network from outside, each with its control beside it."""
