"""Memory of the app on a small host, engine and worker included, against a bare Streamlit page."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import psutil

from benchmarks import Row, benchmarks
from benchmarks.refresh import live, train, until_it_trains
from benchmarks.visiting import PATIENCE, Server, Visitor, bare_page, serving
from core.engine.engine import read_address

SMALL = {"UNROLLED_MEMORY": "1400"}  # one worker that is not forked, short searches
PAGES = ("", "gates", "hidden-units", "unrolled")
QUERY = "hidden_size=128&updates=60&seed=1234567"
LIMIT = 690


@benchmarks.register
def measure() -> Iterator[Row]:
    """Megabytes of all processes, with shared memory pages counted once. Linux only. Value: megabytes."""
    if sys.platform != "linux":  # other systems do not tell which memory processes share
        return
    peer = "page with a title, a chart and a button"
    with bare_page() as script, serving(script) as bare, Visitor(bare) as other:
        other.run()
        alone = megabytes(bare)
    with serving(environment=SMALL) as server, ExitStack() as tabs:
        tab = tabs.enter_context(Visitor(server, "hidden-units", QUERY))
        trained(tab)
        for page in PAGES:
            tabs.enter_context(Visitor(server, page)).run()
        time.sleep(2)  # a page starts work in the background
        taken = megabytes(server)
        yield Row("small host, four pages after a training", taken, alone, "MB", peer, value=taken, at_most=LIMIT)
        tabs.enter_context(Visitor(server, "hidden-units", "searched=yes")).run()
        taken = megabytes(server)
        yield Row("the same after a search of all units", taken, alone, "MB", peer, value=taken, at_most=LIMIT)
        tabs.enter_context(Visitor(server, "hidden-units", "searched=yes&emergence=yes")).run()
        taken = megabytes(server)
        yield Row("the same once all are seen to emerge", taken, alone, "MB", peer, value=taken, at_most=LIMIT)


def trained(visitor: Visitor) -> None:
    """Train to the end, with one beat a second as in a browser."""
    train(visitor)
    beat = next(iter(visitor.beats))
    until_it_trains(visitor, beat)
    begun = time.perf_counter()
    while live(visitor):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"it does not end: {visitor.words}")
        time.sleep(1)
        visitor.run(fragment=beat)
    visitor.run()


def megabytes(server: Server) -> float:
    """Return the megabytes of the server, of the engine that it started, and of the engine's workers."""
    started = [psutil.Process(server.process.pid)]
    started += [psutil.Process(told["pid"]) for told in map(read_address, server.home.glob("engine-*")) if told]
    every = {one.pid: one for first in started for one in (first, *first.children(recursive=True))}
    return sum(one.memory_full_info().pss for one in every.values()) / 10**6
