"""What every unit holds while a network reads: the values that are searched."""

import numpy as np
import xarray

from core.measures.squashed import is_unbounded
from core.runs.run import Run
from core.signals import Role

PIECE = 2_000
"""Characters that are read at once: all signals of all of a text's characters are four times its states."""


def states(run: Run, text: str) -> xarray.DataArray:
    """Every state of every layer at every character, within -1 and 1.

    h_t as it is; a state without a bound, such as c_t of an LSTM, through tanh.

    Returns (state, layer, unit, time) float32, states by their names in a trace.

    Raises ValueError for an empty text.
    """
    import torch  # a page that names a finding must not wait for it

    from core.cells import cells
    from core.networks.network import restore
    from core.tasks.characters import indices

    if not text:
        raise ValueError("an empty text has no time steps")
    network = restore(run)
    spec = run.spec
    names = [name for name, signal in cells[spec.cell].signals.items() if signal.role is Role.STATE]
    values = np.empty((len(names), spec.layer_count, spec.hidden_size, len(text)), dtype=np.float32)
    index = torch.from_numpy(indices(text, run.symbols))
    state = network.stack.initial_state(1)
    with torch.inference_mode():
        for begin in range(0, len(text), PIECE):
            piece = slice(begin, begin + PIECE)
            read = network.stack.trace(torch.nn.functional.one_hot(index[None, piece], len(run.symbols)).float(), state)
            state = read.state
            for row, name in zip(values, names, strict=True):
                row[..., piece] = read.signals[name][0].permute(1, 2, 0).numpy()
    for row, name in zip(values, names, strict=True):
        if is_unbounded(name, Role.STATE):
            np.tanh(row, out=row)
    return xarray.DataArray(values, {"state": names}, ("state", "layer", "unit", "time"))
