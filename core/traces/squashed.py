"""States mapped into [-1, 1], the range in which they are shown and set."""

import numpy as np
import xarray

from core.signals import Role


def squashed(signal: xarray.DataArray) -> xarray.DataArray:
    """Return a hidden state unchanged, and tanh of any other state, as an LSTM applies tanh to c_t for its output.

    Parameters
    ----------
    signal
        A variable of a trace. Gates and candidates are returned unchanged.

    Returns
    -------
    xarray.DataArray
        The same shape, with every value in [-1, 1].
    """
    return signal.copy(data=np.tanh(signal.to_numpy())) if is_squashed(signal) else signal


def is_squashed(signal: xarray.DataArray) -> bool:
    """Whether ``squashed`` applies tanh, which it does to states that count as unbounded."""
    return is_unbounded(str(signal.name), signal.attrs.get("role"))


def is_unbounded(name: str, role: str | None) -> bool:
    """Whether a signal of that name and role counts as an unbounded state: any but a hidden state."""
    return role == Role.STATE and not name.endswith("hidden_state")


def memory(trace: xarray.Dataset) -> str:
    """Return the name of the unbounded state that a cell carries along (c of an LSTM), or else of its hidden state."""
    states = [str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.STATE]
    return next((name for name in states if is_squashed(trace[name])), states[-1])
