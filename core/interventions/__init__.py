"""Interventions: a signal of a network is set from outside, and everything that follows from it is measured."""
