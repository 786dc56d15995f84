"""What a network writes while a unit is held, and how that changes with the value it is held at."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.concepts.own import BadConcept
from core.interventions.effects import stand_ins
from core.interventions.outcomes import Sweep
from core.interventions.targets import OwnPattern, labels_of
from core.pace import in_pieces
from core.runs.run import Run
from core.traces.clamp import Alternative, Clamp
from core.traces.tracing import settled
from core.traces.writing import free_texts

LENGTH = 400
SWEPT_VALUES = tuple(np.linspace(-1, 1, 9).tolist())
WRITTEN_VALUES = 2_500_000
"""The most values of all units, at all characters, under the alternatives that write in one batch."""

SAMPLES = 5

ALL_ALIKE = {"matches_nothing": 0.0, "matches_everything": 1.0}


def write(run: Run, text: str, clamp: Clamp, seed: int = 0, prompt: str = "") -> tuple[str, str]:
    """Write 400 characters as learned and 400 under ``clamp``, with the same random numbers at each time step.

    Parameters
    ----------
    text
        The text over which a "mean" is taken.
    prompt
        What is read first, under the clamp too. It is not part of what is returned. If it is empty, the character that
        ``opening`` gives is read.

    Raises
    ------
    ValueError
        As ``core.traces.tracing.settled`` and ``core.traces.writing.free_run`` raise it.
    """
    plain, clamped = _written(run, prompt, settled(run, text, [(), (clamp,)]), seed)
    return plain, clamped


def _written(run: Run, prompt: str, alternatives: Sequence[Alternative], seed: int) -> list[str]:
    given = prompt or opening(run)
    length = len(given) + LENGTH
    # All alternatives get the same random numbers, so writing them in several batches gives the same texts.
    many = max(1, WRITTEN_VALUES // (length * run.spec.hidden_size * run.spec.layer_count))
    some = [alternatives[begin : begin + many] for begin in range(0, len(alternatives), many)]
    made = [text for one in in_pieces(some) for text in free_texts(run, given, length, one, seed=seed)]
    return [one[len(given) :] for one in made]


def opening(run: Run) -> str:
    """Return the character to start from: the end of a line, or the first known symbol if there are no lines."""
    return "\n" if "\n" in run.symbols else run.symbols[1]


def sweep(run: Run, text: str, clamp: Clamp, concept: str | OwnPattern, prompt: str = "") -> Sweep:
    """Write five samples of 400 characters at each of nine values from -1 to 1, and as many with other units held.

    Parameters
    ----------
    clamp
        Says which units are held. Each sample of the control holds other units, drawn as in
        ``core.interventions.effects.effect``.
    prompt
        As ``write`` takes it.

    Raises
    ------
    UnknownName
        If no concept has this name.
    core.concepts.own.BadConcept
        If the reader's own pattern cannot be read.
    ValueError
        As ``core.interventions.effects.effect`` raises it.
    """
    others, _ = stand_ins(run, text, clamp, draws=SAMPLES)
    rows = []
    for seed in in_pieces(range(SAMPLES)):
        held = [("unit", value, clamp.units) for value in SWEPT_VALUES]
        held += [("other", value, others[seed % len(others)]) for value in SWEPT_VALUES]
        alternatives: list[Alternative] = [(replace(clamp, value=value, units=units),) for _, value, units in held]
        written = _written(run, prompt, alternatives, seed)
        rows += [
            (of, value, seed, _level(prompt, one, concept)) for (of, value, _), one in zip(held, written, strict=True)
        ]
    return Sweep(pd.DataFrame(rows, columns=["of", "value", "seed", "level"]), len(others))


def _level(prompt: str, text: str, concept: str | OwnPattern) -> float:
    """Return the mean over ``text``, labelled together with ``prompt``: a line or a string may have begun there."""
    try:
        labels = labels_of(concept, prompt + text)
    except BadConcept as error:  # the pattern matches nothing in this sample, or everything
        if error.reason not in ALL_ALIKE:
            raise
        return ALL_ALIKE[error.reason]
    scored = labels.scored & (np.arange(len(labels.scored)) >= len(prompt))
    return float(labels.values[scored].mean()) if scored.any() else float("nan")
