"""What is sent to the browser once: a JSON header and the numbers, packed as bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

LEVELS = 65535


def quantised(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return values in [low, high] as uint16, with an error of at most about (high - low) / 131,070.

    For a gate that is 0.000008, for a state 0.000016. The three decimals that are printed hide it.
    """
    levels: np.ndarray = np.rint((np.clip(values, low, high) - low) * (LEVELS / (high - low))).astype(np.uint16)
    return levels


def stamp_of(text: str, arrays: Sequence[np.ndarray]) -> str:
    """Return a name for what is looked at. Another text or another number gives another name."""
    seen = hashlib.sha256(text.encode())
    for one in arrays:
        seen.update(np.ascontiguousarray(one).data)
    return seen.hexdigest()[:16]


def pack(header: Mapping[str, Any], arrays: Sequence[np.ndarray]) -> bytes:
    """Return four bytes with the length of the header, the header as JSON, and the arrays it lists.

    Parameters
    ----------
    header
        Anything that JSON can hold, with the ``stamp`` of the arrays. A list of the ``arrays`` and a ``digest`` of
        everything are added, so that the browser can tell what has changed.
    arrays
        Arrays of uint16 or float32 in any shape. They are written row by row, little-endian.
    """
    bodies = [np.ascontiguousarray(one, dtype=one.dtype.newbyteorder("<")).tobytes() for one in arrays]
    offsets = np.cumsum([0, *map(len, bodies)])
    listed = [
        {"type": one.dtype.name, "offset": int(offset), "count": one.size}
        for one, offset in zip(arrays, offsets[:-1], strict=True)
    ]
    written = json.dumps({**header, "arrays": listed}, ensure_ascii=False, separators=(",", ":")).encode()
    head = written[:-1] + f',"digest":"{hashlib.sha256(written).hexdigest()[:16]}"}}'.encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *bodies])
