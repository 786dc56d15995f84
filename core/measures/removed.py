"""How much of the recurrence a penalty has removed."""

import numpy as np
from numpy.typing import NDArray

from core.runs.run import Run


def removed(run: Run) -> NDArray[np.floating]:
    """Share of the weights of W_hh that are exactly 0, layer by layer, in [0, 1]. Shape: (layer,).

    Where it is 1, no unit hears itself or another one time step later: what is left of the past in that layer is what
    its gates, if it has any, let its state keep.
    """
    layers = range(run.spec.layer_count)
    return np.array([float((run.weights[f"weight_hh_l{layer}"] == 0).mean()) for layer in layers])
