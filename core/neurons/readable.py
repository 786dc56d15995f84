"""How many units of a network can be read: each of them goes with something that has a name."""

from collections.abc import Mapping

import numpy as np
import xarray

from core.concepts import Kind
from core.neurons.finder import MARGIN, Finding, strengths

SCORE = {Kind.BINARY: "auroc", Kind.COUNT: "pearson", Kind.POSITION: "pearson"}
"""The score that decides, by kind of concept."""


def passing(finding: Finding) -> xarray.DataArray:
    """The states of units that would be detectors of one concept, had the search chosen them.

    strength >= untrained + 0.15, and strength > the 99th percentile with shuffled labels; all on the half of the text
    that had no say

    Returns (state, layer, unit) bool. Raises ValueError where the text cannot tell.
    """
    if finding.found is None:
        raise ValueError("the labels change too seldom")
    score = finding.found.scores[SCORE[finding.kind]]
    strength = strengths(score.to_numpy(), finding.kind)
    return score.copy(data=(strength >= finding.found.untrained + MARGIN) & (strength > finding.chance))


def readable(findings: Mapping[str, Finding]) -> xarray.Dataset:
    """Which units are readable, by concept: in one of its states a unit passes. Each (layer, unit) bool.

    A concept about which the text cannot tell is left out.
    """
    told = {name: one for name, one in findings.items() if one.found}
    return xarray.Dataset({name: passing(one).any("state") for name, one in told.items()})


def any_of(concepts: xarray.Dataset) -> np.ndarray:
    """Units that are readable for some concept. Shape: (layer, unit) bool, or one False without any concept.

    concepts : as ``readable`` gives them
    """
    return np.asarray(np.any([one.to_numpy() for one in concepts.data_vars.values()], axis=0))
