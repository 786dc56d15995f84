"""What is this gate for? The same passage read with the gate as learned, and with it held open or shut."""

import numpy as np
import pandas as pd
import xarray
from numpy.typing import NDArray

from core.cells import cells
from core.interventions.effects import effect, surprise
from core.interventions.outcomes import Gated
from core.runs.run import Run
from core.signals import Role
from core.traces.clamp import Alternative, Clamp
from core.traces.squashed import squashed
from core.traces.tracing import compare


def gated(run: Run, text: str, clamp: Clamp, state: str, unit: int) -> Gated:
    """Read ``text`` as learned and under ``clamp``, and look at ``state`` of ``unit`` in the layer of the clamp.

    Raises
    ------
    ValueError
        As ``core.traces.tracing.compare`` raises it.
    """
    read = compare(run, text, [(), (clamp,)])
    others: NDArray[np.floating] = np.empty(0)
    if clamp.units and 2 * len(clamp.units) <= run.spec.hidden_size:
        every = np.ones(len(text), dtype=bool)
        others = effect(run, text, clamp).control(every)
    seen = squashed(read[state]).isel(layer=clamp.layer, direction=clamp.direction, unit=unit)
    return Gated(pd.concat([_read(read, seen, 0, "learned"), _read(read, seen, 1, "held")], ignore_index=True), others)


def compared(run: Run, text: str, units: tuple[int, ...] | None, layer: int) -> pd.DataFrame:
    """Return what it costs to hold each gate of the layer at 0 and at 1.

    Parameters
    ----------
    units
        The units whose gate is held; all if None.

    Returns
    -------
    pandas.DataFrame
        One row for each gate and value. Columns: gate; value; change, that of the mean loss over ``text``, in nats per
        character. The change is NaN if the text is a single character.

    Raises
    ------
    ValueError
        As ``core.interventions.effects.surprise`` raises it.
    """
    gates = [name for name, signal in cells[run.spec.cell].signals.items() if signal.role is Role.GATE]
    rows = [(gate, value) for gate in gates for value in (0.0, 1.0)]
    alternatives: list[Alternative] = [(), *((Clamp(gate, value, units, layer),) for gate, value in rows)]
    read = surprise(run, text, alternatives).to_numpy()[:, 1:].astype(np.float64)
    change = (read[1:] - read[0]).mean(axis=1) if read.shape[1] else np.full(len(rows), np.nan)
    return pd.DataFrame(rows, columns=["gate", "value"]).assign(change=change)


def _read(read: xarray.Dataset, seen: xarray.DataArray, example: int, of: str) -> pd.DataFrame:
    loss = read["loss"].isel(example=example).to_numpy().astype(np.float64)
    columns = {"state": seen.isel(example=example).to_numpy(), "probability": np.exp(-loss), "loss": loss}
    return pd.DataFrame({"time": read["time"].to_numpy(), "of": of, **columns})
