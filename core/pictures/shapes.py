"""One or two shapes on a dark ground, with noise: three shapes, four colours, two sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 24
SHAPES = ("circle", "square", "triangle")
COLOURS = {"red": (1.0, 0.2, 0.2), "green": (0.2, 0.9, 0.2), "blue": (0.3, 0.4, 1.0), "yellow": (1.0, 0.9, 0.2)}
SIZES = {"small": 3, "big": 5}
"""Radius in pixels."""

PICTURE_NOISE = 0.05
NO_TIE = 3
"""The least difference in pixels between the horizontal and the vertical distance of two shapes: no near-ties."""

CENTRES_APART = 9


@dataclass(frozen=True)
class Shape:
    """One shape: its words, and the pixel that is its centre."""

    shape: str
    colour: str
    size: str
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Scenes:
    """Pictures and what they show.

    Attributes
    ----------
    pictures
        From 0 to 1. Shape: (example, channel, row, column), float32.
    shapes
        One or two for each picture.
    """

    pictures: NDArray[np.float32]
    shapes: tuple[tuple[Shape, ...], ...]


def scenes(count: int, seed: int) -> Scenes:
    """Return ``count`` pictures, the same for the same seed."""
    generator = np.random.default_rng(seed)
    shapes = tuple(_placed(generator) for _ in range(count))
    pictures = np.zeros((count, len(next(iter(COLOURS.values()))), SIDE, SIDE), dtype=np.float32)
    for picture, some in zip(pictures, shapes, strict=True):
        for one in some:
            picture[:, _covered(one)] = np.array(COLOURS[one.colour], dtype=np.float32)[:, None]
    pictures += PICTURE_NOISE * generator.standard_normal(pictures.shape, dtype=np.float32)
    return Scenes(pictures.clip(0, 1), shapes)


def _placed(generator: np.random.Generator) -> tuple[Shape, ...]:
    """Return one shape, or two that are far enough apart and clearly beside or above each other."""
    two = bool(generator.integers(2))
    first = _drawn(generator)
    while two:
        second = _drawn(generator)
        down, across = abs(first.row - second.row), abs(first.column - second.column)
        if max(down, across) >= CENTRES_APART and abs(down - across) >= NO_TIE:
            return first, second
    return (first,)


def _drawn(generator: np.random.Generator) -> Shape:
    size = list(SIZES)[generator.integers(len(SIZES))]
    low, high = SIZES[size], SIDE - SIZES[size]
    return Shape(
        shape=SHAPES[generator.integers(len(SHAPES))],
        colour=list(COLOURS)[generator.integers(len(COLOURS))],
        size=size,
        row=int(generator.integers(low, high)),
        column=int(generator.integers(low, high)),
    )


def _covered(one: Shape) -> NDArray[np.bool_]:
    """Return the pixels of a shape. Shape: (row, column)."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    down, across, radius = rows - one.row, columns - one.column, SIZES[one.size]
    if one.shape == "circle":
        return np.asarray(down**2 + across**2 <= radius**2)
    if one.shape == "square":
        return np.asarray(np.maximum(abs(down), abs(across)) <= radius - 1)
    return np.asarray((abs(down) <= radius) & (abs(across) <= (down + radius) / 2))
