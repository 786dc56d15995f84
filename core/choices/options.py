"""Options of a plug-in: fields of its dataclass, each with what it may be."""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, cast

from core.choices.allowed import Allowed, Value


def option(default: Value, allowed: Allowed) -> Any:
    """Declare a field of a plug-in, with what a spec checks its value against."""
    return field(default=default, metadata={"allowed": allowed})


def options(plugin: type) -> Mapping[str, tuple[Value, Allowed]]:
    """Return the default and the allowed values of every option of ``plugin``, by name."""
    declared = (one for one in fields(plugin) if "allowed" in one.metadata)
    return {one.name: (cast(Value, one.default), one.metadata["allowed"]) for one in declared}
