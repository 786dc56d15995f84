"""How fast the app is, against a simpler peer that is measured in the same run: ``python -m benchmarks [name]``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from core.choices.registry import Registry


@dataclass(frozen=True)
class Row:
    """One measurement and the bound that it has to hold.

    what : what was measured, in words
    ours, peers : medians of both sides, in ``unit``
    peer : what the other side was, in words
    value : the bounded figure: a ratio of the medians, or ours alone
    at_least, at_most : its bound
    """

    what: str
    ours: float
    peers: float
    unit: str
    peer: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def bound(self) -> str:
        return f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"


Measure = Callable[[], Iterator[Row]]
benchmarks: Registry[Measure] = Registry(
    "benchmark", __name__, beside=frozenset({"__main__", "changes", "studies", "visiting"})
)


def alternate(ours: Callable[[], float], peers: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Return the medians of both sides over ``rounds``, measured in turn (A B A B), so that a busy moment affects both.

    Each side is called once beforehand, without being measured.

    ours, peers : do the work once and return what it took
    """
    ours(), peers()
    pairs = [(ours(), peers()) for _ in range(rounds)]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


HEADING = "| What | Ours | Peer | Ratio | Bounded figure | Bound | Holds |\n| --- | --- | --- | --- | --- | --- | --- |"


def as_markdown(row: Row) -> str:
    """Return one line of the table under ``HEADING``."""
    ratio = f"{row.ours / row.peers:.2f}" if row.peers else ""
    return (
        f"| {row.what} | {row.ours:.3g} {row.unit} | {row.peers:.3g} {row.unit}, {row.peer} | {ratio} "
        f"| {row.value:.3g} | {row.bound} | {'yes' if row.holds else '**no**'} |"
    )
