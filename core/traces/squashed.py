"""A state as it is looked at: within -1 and 1."""

import numpy as np
import xarray

from core.signals import Role


def squashed(signal: xarray.DataArray) -> xarray.DataArray:
    """Return h_t as it is, and any other state through tanh, as the output gate of an LSTM sees c_t.

    Parameters
    ----------
    signal
        A variable of a trace. Gates and candidates come back as they are.

    Returns
    -------
    xarray.DataArray
        Of the same shape, every value in [-1, 1].
    """
    return signal.copy(data=np.tanh(signal.to_numpy())) if is_squashed(signal) else signal


def is_squashed(signal: xarray.DataArray) -> bool:
    """Whether ``squashed`` applies tanh: the signal is a state without a bound."""
    return is_unbounded(str(signal.name), signal.attrs.get("role"))


def is_unbounded(name: str, role: str | None) -> bool:
    """Whether a signal of that name and role is a state without a bound: any but the hidden one."""
    return role == Role.STATE and name != "hidden_state"


def memory(trace: xarray.Dataset) -> str:
    """Return the state that a cell carries along without a bound (c of an LSTM), or else its hidden state."""
    states = [str(name) for name, signal in trace.data_vars.items() if signal.attrs.get("role") == Role.STATE]
    return next((name for name in states if is_squashed(trace[name])), states[-1])
