"""What every unit holds while a network reads: the values that are searched."""

import numpy as np
import xarray

from core.measures.squashed import squashed
from core.run import Run
from core.signals import Role


def states(run: Run, text: str) -> xarray.DataArray:
    """Every state of every layer at every character, within -1 and 1.

    h_t as it is; a state without a bound, such as c_t of an LSTM, through tanh.

    Returns (state, layer, unit, time) float32, states by their names in a trace.

    Raises ValueError for an empty text.
    """
    from core.tracing import trace  # torch

    read = trace(run, text)
    found = [read[str(name)] for name, signal in read.data_vars.items() if signal.attrs.get("role") == Role.STATE]
    values = np.stack([squashed(one).isel(example=0).transpose("layer", "unit", "time").to_numpy() for one in found])
    return xarray.DataArray(values, {"state": [one.name for one in found]}, ("state", "layer", "unit", "time"))
