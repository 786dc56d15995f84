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
    import torch  # a page that names a finding must not wait for it

    from core.cells import cells
    from core.network import restore
    from core.tasks.characters import indices

    if not text:
        raise ValueError("an empty text has no time steps")
    network = restore(run)
    index = torch.from_numpy(indices(text, run.symbols))[None]
    with torch.inference_mode():
        inputs = torch.nn.functional.one_hot(index, len(run.symbols)).float()
        signals = network.stack.trace(inputs, network.stack.initial_state(1)).signals
    names = [name for name, signal in cells[run.spec.cell].signals.items() if signal.role is Role.STATE]
    read = (
        xarray.DataArray(
            signals[name][0].permute(1, 2, 0).numpy(),
            dims=("layer", "unit", "time"),
            name=name,
            attrs={"role": Role.STATE},
        )
        for name in names
    )
    values = np.stack([squashed(one).to_numpy() for one in read])
    return xarray.DataArray(values, {"state": names}, ("state", "layer", "unit", "time"))
