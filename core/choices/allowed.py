"""What a setting may be: ranges and choices, checked in one place for widgets, links, files and notebooks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

Value = int | float | str | None


class SpecError(ValueError):
    """A setting is not allowed; names the field, the value and what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field} = {value!r} is not allowed; allowed is {allowed}")
        self.field, self.value, self.allowed = field, value, allowed

    def __reduce__(self) -> tuple[type["SpecError"], tuple[str, object, str]]:
        return type(self), (self.field, self.value, self.allowed)


class Allowed(Protocol):
    """Checks one setting."""

    def check(self, field: str, value: object) -> Value:
        """The value in its canonical type; raises SpecError."""


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included, whole ones if ``whole``; or None if ``optional``."""

    low: float
    high: float
    whole: bool = True
    optional: bool = False

    def check(self, field: str, value: object) -> Value:
        if value is None and self.optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(field, value, str(self))
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            raise SpecError(field, value, str(self))
        return int(value) if self.whole else float(value)

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}" + (" or none" if self.optional else "")


@dataclass(frozen=True)
class Choices:
    """One of the names that ``names()`` lists now, so that a new plug-in is allowed by existing."""

    names: Callable[[], tuple[str, ...]]
    also: Callable[[str], bool] = lambda name: False
    """Names beside the listed ones, such as a reader's own text."""

    def check(self, field: str, value: object) -> Value:
        if not isinstance(value, str) or (value not in self.names() and not self.also(value)):
            raise SpecError(field, value, str(self))
        return value

    def __str__(self) -> str:
        return "one of " + ", ".join(self.names())


@dataclass(frozen=True)
class Subset:
    """One or more of the names that ``names()`` lists now, each at most once, written with a hyphen between them."""

    names: Callable[[], tuple[str, ...]]

    def check(self, field: str, value: object) -> Value:
        chosen = self.chosen(value) if isinstance(value, str) else ()
        known = self.names()
        if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(known):
            raise SpecError(field, value, str(self))
        return self.written([name for name in known if name in chosen])

    @staticmethod
    def written(names: Iterable[str]) -> str:
        """Several names as one value."""
        return "-".join(names)

    @staticmethod
    def chosen(value: str) -> tuple[str, ...]:
        """The names in such a value."""
        return tuple(value.split("-"))

    def __str__(self) -> str:
        return "one or more of " + ", ".join(self.names())
