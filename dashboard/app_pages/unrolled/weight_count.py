"""How many more weights a network needs for a longer sequence: the question of the page, and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.shell.words import label

if TYPE_CHECKING:
    from core.runs.run import Run

TRUTH = "none"
"""The right answer: a longer sequence needs no more weights."""

WEIGHT_GUESSES = (TRUTH, "few", "twice")


def answer(run: Run, guessed: str) -> str:
    """Compare the guess with the network on the page."""
    weights = sum(array.size for array in run.weights.values())
    shapes = [run.weights[name].shape for name in run.arrangement.recurrent()]
    shape = "×".join(map(str, shapes[0]))
    kind = "right" if guessed == TRUTH else "wrong"
    found = label(f"unrolled.answer_{kind}", said=label(f"unrolled.guess_{guessed}"))
    answered = "unrolled.answer" if len(shapes) == 1 else "unrolled.answer_rows"
    return f"{found} {label(answered, weights=weights, shape=shape)}"
