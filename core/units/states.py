"""What every unit holds while a network reads: the values that are searched."""

import numpy as np
import xarray

from core.runs.run import Run
from core.signals import Role
from core.traces.squashed import is_unbounded

PIECE = 2_000
"""Characters that are read at once: all signals of all of a text's characters are four times its states."""


def states(run: Run, text: str) -> xarray.DataArray:
    """Return every state of every layer at every character, within -1 and 1.

    h_t is taken as it is. A state without a bound, such as c_t of an LSTM, goes through tanh.

    Returns
    -------
    xarray.DataArray
        States have their names in a trace. Shape: (state, layer, unit, time), float32.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    import torch  # a page that names a finding must not wait for it

    from core.runs.network import restore
    from core.traces.tracing import reading

    if not text:
        raise ValueError("an empty text has no time steps")
    network = restore(run)
    weights, arrangement, spec = network.weights(), network.arrangement, run.spec
    names = [name for name, signal in arrangement.signals.items() if signal.role is Role.STATE]
    values = np.empty((len(names), spec.layer_count, spec.hidden_size, len(text)), dtype=np.float32)
    state = arrangement.initial_state(weights, 1)
    with torch.inference_mode():
        for begin in range(0, len(text), PIECE):
            batch = reading(run, text[begin : begin + PIECE])
            read = arrangement.trace(weights, batch, state, keep=names)
            state = read.state
            for row, name in zip(values, names, strict=True):
                row[..., begin : begin + PIECE] = read.signals[name][:, 0, 0].permute(0, 2, 1).numpy()
    for row, name in zip(values, names, strict=True):
        if is_unbounded(name, Role.STATE):
            np.tanh(row, out=row)
    return xarray.DataArray(values, {"state": names}, ("state", "layer", "unit", "time"))
