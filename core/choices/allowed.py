"""Which values a setting may have: ranges and choices, checked in one place for widgets, links, files and notebooks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

Value = int | float | str | None


class SpecError(ValueError):
    """A setting is not allowed: the message names the field, the value and what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field} = {value!r} is not allowed; allowed is {allowed}")
        self.field, self.value, self.allowed = field, value, allowed

    def __reduce__(self) -> tuple[type["SpecError"], tuple[str, object, str]]:
        return type(self), (self.field, self.value, self.allowed)


class Allowed(Protocol):
    """A rule that checks one setting."""

    def check(self, field: str, value: object) -> Value:
        """Return the value in its canonical type.

        Raises
        ------
        SpecError
            If the value is not allowed.
        """


@dataclass(frozen=True)
class Range:
    """Allow numbers from ``low`` to ``high``, both included.

    If ``whole``, only whole numbers are allowed. If ``optional``, None is allowed too.
    """

    low: float
    high: float
    whole: bool = True
    optional: bool = False

    def check(self, field: str, value: object) -> Value:
        """Return the number as int or float, or None.

        Raises
        ------
        SpecError
            If the value is not a number, is out of range, or is not whole although it has to be.
        """
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
    """Allow one of the names that ``names()`` lists now.

    The names are read at each check, so a new plug-in is allowed as soon as it exists.
    """

    names: Callable[[], tuple[str, ...]]
    also: Callable[[str], bool] = lambda name: False
    """Says whether a name that is not listed is allowed too, such as that of a reader's own text."""

    def check(self, field: str, value: object) -> Value:
        """Return the name.

        Raises
        ------
        SpecError
            If the value is neither a listed name nor one that ``also`` allows.
        """
        if not isinstance(value, str) or (value not in self.names() and not self.also(value)):
            raise SpecError(field, value, str(self))
        return value

    def __str__(self) -> str:
        return "one of " + ", ".join(self.names())


@dataclass(frozen=True)
class Subset:
    """Allow one or more of the names that ``names()`` lists now.

    Each name occurs at most once. The names are joined by hyphens.
    """

    names: Callable[[], tuple[str, ...]]

    def check(self, field: str, value: object) -> Value:
        """Return the chosen names in the order of ``names()``.

        Raises
        ------
        SpecError
            If no name is chosen, one is chosen twice, or one is unknown.
        """
        chosen = self.chosen(value) if isinstance(value, str) else ()
        known = self.names()
        if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(known):
            raise SpecError(field, value, str(self))
        return self.written([name for name in known if name in chosen])

    @staticmethod
    def written(names: Iterable[str]) -> str:
        """Write several names as one value."""
        return "-".join(names)

    @staticmethod
    def chosen(value: str) -> tuple[str, ...]:
        """Return the names in a value that ``written`` returned."""
        return tuple(value.split("-"))

    def __str__(self) -> str:
        return "one or more of " + ", ".join(self.names())
