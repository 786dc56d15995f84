"""Options of a plug-in: fields of its dataclass, each with its allowed values."""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, cast

from core.choices.allowed import Allowed, Value


def option(default: Value, allowed: Allowed) -> Any:
    """Declare an option of a plug-in, with its default and the rule that checks its value."""
    return field(default=default, metadata={"allowed": allowed})


def options(plugin: type) -> Mapping[str, tuple[Value, Allowed]]:
    """Return the default and the allowed values of every option of ``plugin``, by name."""
    declared = (one for one in fields(plugin) if "allowed" in one.metadata)
    return {one.name: (cast(Value, one.default), one.metadata["allowed"]) for one in declared}
