"""Time to insight: from pressing Train to the first live point on the page, with warm workers."""

import time
from collections.abc import Iterator
from statistics import median

from benchmarks import Row, benchmarks
from benchmarks.refresh import live, train, until_it_trains
from benchmarks.visiting import PATIENCE, Visitor, serving
from core.spec import RunSpec
from core.training import Training

ROUNDS = 5
UPDATES = 20_000


@benchmarks.register
def measure() -> Iterator[Row]:
    """Wall-clock seconds of a visitor whose page beats once a second, as in a browser, with another seed each time.

    Value: seconds. The peer is the same training in this process, from its construction to its first update.
    """
    ours, alone = [], []
    with serving() as server:
        for number in range(ROUNDS + 1):
            query = f"updates={UPDATES}&hidden_size=32&seed={7_000_000 + number}"
            with Visitor(server, "gates", query) as visitor:
                if number == 0:  # the workers are warm afterwards
                    train(visitor)
                    until_it_trains(visitor, next(iter(visitor.beats)))
                else:
                    ours.append(pressed(visitor))
                visitor.run(press="stop")
            begun = time.perf_counter()
            Training(RunSpec(updates=UPDATES, hidden_size=32, seed=number)).advance(1)
            alone.append(time.perf_counter() - begun)
    value = median(ours)
    peer = "training in this process, to its first update"
    yield Row("from Train to the first live point", value, median(alone[1:]), "s", peer, value=value, at_most=1.5)


def pressed(visitor: Visitor) -> float:
    """Return the seconds from the press to the end of the run that shows the first point."""
    visitor.run()
    begun = time.perf_counter()
    visitor.run(press="train")
    (beat,) = visitor.beats
    due = time.perf_counter()
    while not live(visitor):
        due += visitor.beats[beat]
        time.sleep(max(0.0, due - time.perf_counter()))
        visitor.run(fragment=beat)
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"nothing trains: {visitor.words}")
    return time.perf_counter() - begun
