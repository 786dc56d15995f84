"""The states of every unit while a network reads: the values that are searched, one block of units at a time."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import xarray

from core.home import home
from core.pace import tell
from core.signals import Role
from core.traces.squashed import is_unbounded

if TYPE_CHECKING:
    from core.runs.run import Run

PIECE = 2_000
"""Characters that are read at once. All signals of a whole text would take four times the memory of its states."""

PIECE_VALUES = 500_000
"""The most values of all units and layers in one piece. A large network reads fewer characters at once."""

BLOCK_VALUES = 600_000
"""Values of the units that are searched at once, at all characters. A search takes some 50 bytes for each value."""

HELD_BYTES = 24 * 10**6
"""The most bytes of values that are held in memory. More are kept in a file, from which one block is read at a time."""

NUMBER_BYTES = 4


class Rows(ABC):
    """One row for each unit of each state and layer: its value at every character that was read.

    Parameters
    ----------
    states
        Names of the states, in the order of the rows.
    shape
        How many states, layers and units there are. Their product is the number of rows.
    time
        How many characters were read.
    """

    def __init__(self, states: Sequence[str], shape: tuple[int, int, int], time: int) -> None:
        self.states, self.shape, self.time = tuple(states), shape, time

    def __len__(self) -> int:
        states, layers, units = self.shape
        return states * layers * units

    @abstractmethod
    def take(self, begin: int, end: int) -> np.ndarray:
        """Return the rows from ``begin`` to before ``end``. Shape: (row, time) float32."""

    def blocks(self) -> list[slice]:
        """Return slices of all rows in order, each with as many rows as can be searched at once."""
        height = max(1, BLOCK_VALUES // max(self.time, 1))
        return [slice(begin, min(begin + height, len(self))) for begin in range(0, len(self), height)]

    def some(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows with the numbers ``rows``. Shape: (row, time) float32."""
        return np.concatenate([self.take(row, row + 1) for row in rows.tolist()])

    def array(self) -> xarray.DataArray:
        """Return all values at once: (state, layer, unit, time)."""
        values = self.take(0, len(self)).reshape(*self.shape, self.time)
        return xarray.DataArray(values, {"state": list(self.states)}, ("state", "layer", "unit", "time"))

    def of_units(self, values: np.ndarray) -> xarray.DataArray:
        """Return one number for each row, in the shape (state, layer, unit)."""
        axes = ("state", "layer", "unit")
        return xarray.DataArray(values.reshape(self.shape), {"state": list(self.states)}, axes)


class HeldRows(Rows):
    """Rows in memory."""

    def __init__(self, values: np.ndarray, states: Sequence[str], shape: tuple[int, int, int]) -> None:
        super().__init__(states, shape, values.shape[1])
        self._values = values

    @classmethod
    def of(cls, values: xarray.DataArray) -> HeldRows:
        """Return the rows of an array of the shape (state, layer, unit, time)."""
        states, layers, units = (values.sizes[axis] for axis in ("state", "layer", "unit"))
        flat = values.to_numpy().reshape(-1, values.sizes["time"])
        return cls(flat, values["state"].to_numpy().tolist(), (states, layers, units))

    def take(self, begin: int, end: int) -> np.ndarray:
        """Return the rows from ``begin`` to before ``end``. Shape: (row, time) float32."""
        return self._values[begin:end]


class FiledRows(Rows):
    """Rows in a temporary file, which is deleted once they are no longer in use."""

    def __init__(self, states: Sequence[str], shape: tuple[int, int, int], time: int) -> None:
        super().__init__(states, shape, time)
        self._file = _scratch()

    def put(self, row: int, begin: int, values: np.ndarray) -> None:
        """Write ``values`` (row, time) to the rows from ``row`` on, at the characters from ``begin`` on."""
        for number, one in enumerate(np.ascontiguousarray(values, dtype=np.float32)):
            self._file.seek(((row + number) * self.time + begin) * NUMBER_BYTES)
            self._file.write(one.data)

    def take(self, begin: int, end: int) -> np.ndarray:
        """Read the rows from ``begin`` to before ``end``. Shape: (row, time) float32."""
        # The file is read, not mapped: pages of a mapped file count as memory of this process.
        self._file.seek(begin * self.time * NUMBER_BYTES)
        values = np.empty((end - begin, self.time), dtype=np.float32)
        if self._file.readinto(values.data.cast("B")) != values.nbytes:  # type: ignore[attr-defined]
            raise OSError("the file of what was read is shorter than it was")
        return values


@dataclass(frozen=True)
class _Piece:
    """The states at some characters, from ``begin`` on: one array (row, time) for each state."""

    begin: int
    values: Sequence[np.ndarray]


def rows(run: Run, text: str) -> Rows:
    """Every state of every layer at every character, within -1 and 1.

    h_t is unchanged. An unbounded state, such as c_t of an LSTM, goes through tanh. States are named as in a trace.

    Raises
    ------
    ValueError
        If the text is empty.
    """
    if not text:
        raise ValueError("an empty text has no time steps")
    names = [name for name, signal in run.arrangement.signals.items() if signal.role is Role.STATE]
    shape = len(names), run.spec.layer_count, run.spec.hidden_size
    height = run.spec.layer_count * run.spec.hidden_size
    if len(names) * height * len(text) * NUMBER_BYTES > HELD_BYTES:
        filed = FiledRows(names, shape, len(text))
        for piece in _pieces(run, text, names):
            for number, values in enumerate(piece.values):
                filed.put(number * height, piece.begin, values)
        return filed
    held = np.empty((len(names) * height, len(text)), dtype=np.float32)
    for piece in _pieces(run, text, names):
        for number, values in enumerate(piece.values):
            end = piece.begin + values.shape[1]
            held[number * height : (number + 1) * height, piece.begin : end] = values
    return HeldRows(held, names, shape)


def states(run: Run, text: str) -> xarray.DataArray:
    """Return the values of ``rows`` as one array: (state, layer, unit, time) float32."""
    return rows(run, text).array()


def _pieces(run: Run, text: str, names: Sequence[str]) -> Iterator[_Piece]:
    import torch  # here, because a page that only names a finding must not wait for it

    from core.runs.network import restore
    from core.traces.tracing import reading

    network = restore(run)
    weights, arrangement = network.weights(), network.arrangement
    length = max(1, min(PIECE, PIECE_VALUES // (run.spec.layer_count * run.spec.hidden_size)))
    state = arrangement.initial_state(weights, 1)
    for begin in range(0, len(text), length):
        tell(begin / len(text))
        with torch.inference_mode():
            batch = reading(run, text[begin : begin + length])
            read = arrangement.trace(weights, batch, state, keep=names)
            state = read.state
            # (layer, direction, example, time, unit) to (layer * unit, time)
            found = [read.signals[name][:, 0, 0].permute(0, 2, 1).flatten(0, 1).numpy() for name in names]
        squashed = [
            np.tanh(one) if is_unbounded(name, Role.STATE) else one for name, one in zip(names, found, strict=True)
        ]
        yield _Piece(begin, squashed)


def _scratch() -> IO[bytes]:
    """Open a temporary file without a name, in the folder of the results if that can be written to.

    The system's folder for temporary files, which is used otherwise, may lie in memory.
    """
    with suppress(OSError):
        Path(home()).mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=home(), buffering=0)
    return tempfile.TemporaryFile(buffering=0)
