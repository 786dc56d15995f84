"""A plain RNN that reads a text, computed in NumPy without torch.

It serves a figure that must be drawn before torch is loaded. ``core.traces.tracing.trace`` gives the same numbers, and
more, for every cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.runs.run import Run


@dataclass(frozen=True)
class Reading:
    """What happened while a network read.

    Attributes
    ----------
    states
        Hidden state after each character, between -1 and 1. Shape: (time, unit).
    probability
        Probability of each symbol to come next. Each row sums to 1. Shape: (time, symbol).
    """

    states: NDArray[np.float64]
    probability: NDArray[np.float64]


def read(run: Run, text: str) -> Reading:
    """Return what a plain RNN of one layer does with ``text``, one character at a time.

    Raises
    ------
    ValueError
        If the run has another cell, another task, several layers or both directions.

    Notes
    -----
    h_t = tanh(W_xh x_t + b_xh + W_hh h_(t-1) + b_hh) from h_0 = 0;  p_t = softmax(W_hy h_t + b_y)

    x_t is one-hot, so W_xh x_t is a column of W_xh.
    """
    spec = run.spec
    if (spec.cell, spec.task, spec.layer_count, spec.direction) != ("elman", "characters", 1, "forward"):
        raise ValueError(f"a plain RNN of one layer that reads characters is needed, not {spec.cell} on {spec.task}")
    weights = {name: array.astype(np.float64) for name, array in run.weights.items()}
    place = {symbol: index for index, symbol in enumerate(run.symbols)}
    from_input = weights["weight_ih_l0"].T + weights["bias_ih_l0"] + weights["bias_hh_l0"]
    hidden = np.zeros(spec.hidden_size)
    states = np.empty((len(text), spec.hidden_size))
    for time, symbol in enumerate(text):
        hidden = np.tanh(from_input[place.get(symbol, 0)] + weights["weight_hh_l0"] @ hidden)
        states[time] = hidden
    scores = states @ weights["readout.weight"].T + weights["readout.bias"]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return Reading(states, scores / scores.sum(axis=1, keepdims=True))
