"""How much of the recurrence a penalty has removed."""

import numpy as np
from numpy.typing import NDArray

from core.runs.run import Run


def removed(run: Run) -> NDArray[np.floating]:
    """Return the share of the weights of each W_hh that are exactly 0, layer by layer, in [0, 1]. Shape: (matrix,).

    Where the share is 1, no unit reads itself or another unit one time step later. The layer then keeps only what
    its gates, if it has any, let its state keep of the past. A layer that reads in both directions has two matrices.
    """
    return np.array([float((run.weights[name] == 0).mean()) for name in run.arrangement.recurrent()])
