"""The answers of looks as bytes: arrays in a safetensors file, and all around them as JSON in its header.

Nothing in such a file is executed, and no other library's format is in it, unlike in a pickle.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import safetensors.numpy
import xarray

from core.concepts import Kind
from core.signals import Line
from core.units.finder import Finding, Found, Unit

Tree = Any
"""What JSON can say. A dict with ``is`` stands for a value that JSON cannot say; ``of`` is made of its parts."""

RECORDS: dict[str, Callable[..., Any]] = {one.__name__: one for one in (Finding, Found, Line, Unit)}
PLAIN = bool | int | float | str | None


def encode(answer: Any) -> bytes:
    """Return ``answer`` as bytes.

    Raises
    ------
    TypeError
        If there is something in it that these files have no form for.
    """
    arrays: dict[str, np.ndarray] = {}
    tree = _said(answer, arrays)
    return bytes(safetensors.numpy.save(arrays, metadata={"answer": json.dumps(tree, ensure_ascii=False)}))


def decode(content: bytes) -> Any:
    """Return the answer that ``encode`` wrote."""
    length = int.from_bytes(content[:8], "little")
    tree = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["answer"])
    return _meant(tree, safetensors.numpy.load(content))


def _said(value: Any, arrays: dict[str, np.ndarray]) -> Tree:
    def each(parts: Any) -> list[Tree]:
        return [_said(part, arrays) for part in parts]

    match value:
        case Kind():
            return {"is": "Kind", "of": value.value}
        case np.generic():
            return _said(value.item(), arrays)
        case bool() | int() | float() | str() | None:
            return value
        case np.ndarray() if value.dtype.kind == "U":
            return {"is": "words", "of": value.tolist()}
        case np.ndarray():
            name = str(len(arrays))
            arrays[name] = np.ascontiguousarray(value)
            return {"is": "array", "of": name}
        case xarray.Dataset():
            variables = [(name, one.dims, one.to_numpy(), one.attrs) for name, one in value.variables.items()]
            return {"is": "dataset", "of": each((variables, list(value.coords), value.attrs))}
        case dict():
            return {"is": "dict", "of": each(value.items())}
        case tuple() if hasattr(value, "_fields"):
            return {"is": type(value).__name__, "of": each(value)}
        case tuple() | list():
            return {"is": type(value).__name__, "of": each(value)}
        case _ if is_dataclass(value) and type(value).__name__ in RECORDS:
            return {"is": type(value).__name__, "of": each(getattr(value, one.name) for one in fields(value))}
    raise TypeError(f"an answer cannot hold {value!r:.200}")


def _meant(tree: Tree, arrays: dict[str, np.ndarray]) -> Any:
    if not isinstance(tree, dict):
        return tree
    kind, said = tree["is"], tree["of"]
    match kind:
        case "Kind":
            return Kind(said)
        case "words":
            return np.array(said)
        case "array":
            return arrays[said]
    parts = [_meant(part, arrays) for part in said]
    match kind:
        case "dataset":
            variables, coordinates, attributes = parts
            named = {name: (dims, values, own) for name, dims, values, own in variables}
            own = {name: one for name, one in named.items() if name not in coordinates}
            return xarray.Dataset(own, {name: named[name] for name in coordinates}, attributes)
        case "dict":
            return dict(parts)
        case "tuple":
            return tuple(parts)
        case "list":
            return parts
    return RECORDS[kind](*parts)
