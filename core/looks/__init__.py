"""Looks inside a trained network: ordinary functions, each with a price, computed here or on a worker.

A module here imports no torch before one of its functions is computed, so that a page can name a look on a host that
has no room for torch. To an editor and a type checker each look is the function that it is written as.
"""
