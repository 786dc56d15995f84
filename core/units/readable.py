"""How many units of a network can be read: each of them goes with something that has a name."""

from collections.abc import Mapping

import numpy as np
import xarray

from core.concepts import Kind
from core.units.finder import MARGIN, Finding, strengths

SCORE = {Kind.BINARY: "auroc", Kind.COUNT: "pearson", Kind.POSITION: "pearson"}
"""The score that decides, by kind of concept."""


def passing(finding: Finding) -> xarray.DataArray:
    """Return the states of units that are readable for one concept, on the half of the text that had no say.

    The unit that was found passes if it is a detector. The scores of all others were looked at here for the first time.
    They pass beyond the strongest of as many: strength >= strongest untrained one + 0.15, and strength > the 99th
    percentile of the strongest one with shuffled labels.

    Returns
    -------
    xarray.DataArray
        Shape: (state, layer, unit), bool.

    Raises
    ------
    ValueError
        If the text cannot tell.

    Notes
    -----
    Source: Westfall and Young (1993), Resampling-based multiple testing (the maximum over all that is tested).
    """
    found = finding.found
    if found is None:
        raise ValueError("the labels change too seldom")
    score = found.scores[SCORE[finding.kind]]
    strength = strengths(score.to_numpy(), finding.kind)
    passes = score.copy(data=(strength >= found.most_untrained + MARGIN) & (strength > finding.chance_of_any))
    state, layer, number = found.unit
    passes.loc[{"state": state}][{"layer": layer, "unit": number}] = finding.is_detector
    return passes


def readable(findings: Mapping[str, Finding]) -> xarray.Dataset:
    """Return which units are readable, by concept: a unit is if it passes in one of its states.

    A concept about which the text cannot tell is left out.

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
        Shape: (layer, unit), bool. Without any concept, one False.
    """
    return np.asarray(np.any([one.to_numpy() for one in concepts.data_vars.values()], axis=0))
