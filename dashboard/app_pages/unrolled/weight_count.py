"""How many weights an unrolled network has: the question of the page, and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.shell.words import label

if TYPE_CHECKING:
    from core.runs.run import Run

TRUTH = "none"
"""How many copies of its weights an unrolled network has."""

WEIGHT_GUESSES = (TRUTH, "few", "twice")


def answer(run: Run, guessed: str) -> str:
    """Compare the guess with the network on screen."""
    weights = sum(array.size for array in run.weights.values())
    shape = "×".join(map(str, run.weights["weight_hh_l0"].shape))
    kind = "right" if guessed == TRUTH else "wrong"
    found = label(f"unrolled.answer_{kind}", said=label(f"unrolled.guess_{guessed}"))
    return f"{found} {label('unrolled.answer', weights=weights, shape=shape)}"
