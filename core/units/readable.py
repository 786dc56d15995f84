"""Which units of a network are readable: each of them goes with a concept that has a name."""

from collections.abc import Mapping

import numpy as np
import xarray

from core.concepts import Kind
from core.units.finder import MARGIN, Finding, strengths

SCORE = {Kind.BINARY: "auroc", Kind.COUNT: "pearson", Kind.POSITION: "pearson"}
"""The score that decides, by kind of concept."""


def passing(finding: Finding) -> xarray.DataArray:
    """Return which states of units are readable for one concept, on the half of the text not used to choose a unit.

    All units are tested at once, by the rule that decides whether a unit is a detector: strength >= that of the
    strongest untrained unit + 0.15, and strength > the 99th percentile of the strongest unit with shuffled labels.

    Returns
    -------
    xarray.DataArray
        Shape: (state, layer, unit), bool.

    Raises
    ------
    ValueError
        If the labels change too seldom in the text.

    Notes
    -----
    Source: Westfall and Young (1993), Resampling-based multiple testing (the maximum over all tests).
    """
    found = finding.found
    if found is None:
        raise ValueError("the labels change too seldom")
    score = found.scores[SCORE[finding.kind]]
    strength = strengths(score.to_numpy(), finding.kind)
    return score.copy(data=(strength >= found.untrained + MARGIN) & (strength > finding.chance))


def readable(findings: Mapping[str, Finding]) -> xarray.Dataset:
    """Return which units are readable, by concept: a unit is readable if at least one of its states passes.

    A concept whose labels change too seldom in the text is left out.

    Returns
    -------
    xarray.Dataset
        Shape of each: (layer, unit), bool.
    """
    told = {name: one for name, one in findings.items() if one.found}
    return xarray.Dataset({name: passing(one).any("state") for name, one in told.items()})


def any_of(concepts: xarray.Dataset) -> np.ndarray:
    """Return which units are readable for some concept.

    Parameters
    ----------
    concepts
        As ``readable`` gives them.

    Returns
    -------
    numpy.ndarray
        Shape: (layer, unit), bool. If there is no concept, a single False.
    """
    return np.asarray(np.any([one.to_numpy() for one in concepts.data_vars.values()], axis=0))
