"""Looks inside a trained network: ordinary functions, each with a price, computed here or on a worker.

A module here does not import torch until one of its functions is computed, so that a page can name a look in a process
that has no room for torch. An editor and a type checker see each look as the function that is written here.
"""
