"""What would happen if: a signal of a network set from outside, and everything that follows from it."""
