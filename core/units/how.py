"""How a unit works: how far its gates are open while a text is read, and at which characters that differs most."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import category

import numpy as np
import xarray

from core.concepts import Kind, Labels
from core.measures.saturation import OPEN, SHUT
from core.signals import Role

LEAST = 10
"""A place has at least this many characters, and at least this many are outside it."""

STANDS_OUT = 0.1
"""A place is named only if the mean of a gate there differs from its mean elsewhere by at least this much."""

QUOTES = "\"'“”‘’„‚«»「」『』"
BRACKETS = ("Ps", "Pe")
"""Unicode's categories of opening and closing punctuation, in any script. Some quotation marks belong to them too."""


@dataclass(frozen=True)
class Whereabouts:
    """The place where the mean of a gate differs most from its mean elsewhere.

    Attributes
    ----------
    name
        Name of the place, as in ``places``.
    count
        How many characters the place has.
    mean, elsewhere
        Mean of the gate there, and at all other characters.
    others
        Median, over the other units of the layer, of the mean of their gate there. NaN without other units.
    """

    name: str
    count: int
    mean: float
    elsewhere: float
    others: float


@dataclass(frozen=True)
class Habit:
    """What one gate of one unit does along a text.

    Attributes
    ----------
    gate
        Name of the gate.
    mean
        Mean over all characters.
    shut, opened
        Share of the characters at which the gate is below 0.1, and above 0.9.
    others
        Median, over the other units, of the mean of their gate. NaN without other units.
    place
        The place that stands out most; None if no place stands out.
    """

    gate: str
    mean: float
    shut: float
    opened: float
    others: float
    place: Whereabouts | None


def habits(
    trace: xarray.Dataset, text: str, labels: Labels | None, kind: Kind, *, layer: int, unit: int
) -> list[Habit]:
    """Return what each gate of a unit does along ``text``, which the trace has read.

    The list is empty for a cell without gates. A place is named if the mean of the gate there is at least 0.1 from its
    mean at all other characters. Of several such places the one that differs most is named. This describes only this
    text and says nothing about others.

    Parameters
    ----------
    labels, kind
        Labels and kind of a concept in the same text. The characters where it changes are places too. The labels are
        None if there is no concept.
    """
    where = {name: one for name, one in places(text, labels, kind).items() if LEAST <= one.sum() <= len(text) - LEAST}
    gates = [str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.GATE]
    return [_habit(name, trace[name].to_numpy()[layer, 0, 0].T.astype(np.float64), unit, where) for name in gates]


def places(text: str, labels: Labels | None, kind: Kind) -> dict[str, np.ndarray]:
    """Return which characters belong to each place: kinds of characters, then where a concept holds, begins and ends.

    A concept that is a count or a position has no place where it holds. It begins where it rises, and ends where it
    falls.

    Returns
    -------
    dict
        Shape of each: (time,), bool.
    """
    ended = np.array([character in "\r\n" for character in text])
    quotes = np.array([character in QUOTES for character in text])
    lines = [(len(line), len(line) - len(line.lstrip())) for line in text.split("\n")]
    behind = np.concatenate([np.arange(length + 1) - blanks for length, blanks in lines])[: len(text)]
    leading = (behind < 0) & ~ended
    is_one_of = {
        "line_ends": ended,
        "blanks": np.array([character.isspace() for character in text]) & ~leading & ~ended,
        "letters": np.array([character.isalpha() for character in text]),
        "digits": np.array([character.isdigit() for character in text]),
        "quotes": quotes,
        "brackets": np.array([category(character) in BRACKETS for character in text]) & ~quotes,
    }
    found = {"leading": leading, **is_one_of, "marks": ~np.any([leading, *is_one_of.values()], axis=0)}
    found["first"] = (behind == 0) & ~ended
    if labels is None:
        return found
    change = np.diff(labels.values, prepend=labels.values[:1])
    if kind is Kind.BINARY:
        found["holds"] = labels.values > 0
    return found | {"begins": change > 0, "ends": change < 0}


def _habit(gate: str, values: np.ndarray, unit: int, where: Mapping[str, np.ndarray]) -> Habit:
    """Return the habit of one gate of ``unit``.

    Parameters
    ----------
    values
        Values of the gate. Shape: (unit, time).
    """
    own, rest = values[unit], np.delete(values, unit, axis=0)
    differing = {name: abs(own[at].mean() - own[~at].mean()) for name, at in where.items()}
    name = max(differing, key=differing.__getitem__, default=None)
    place = None
    if name is not None and differing[name] >= STANDS_OUT:
        at = where[name]
        place = Whereabouts(name, int(at.sum()), float(own[at].mean()), float(own[~at].mean()), _median(rest[:, at]))
    return Habit(gate, float(own.mean()), float((own < SHUT).mean()), float((own > OPEN).mean()), _median(rest), place)


def _median(rest: np.ndarray) -> float:
    return float(np.median(rest.mean(axis=1))) if len(rest) else float("nan")
