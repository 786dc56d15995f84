"""Readers who search the largest networks at once, and another who looks at passages of her own meanwhile."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

import psutil

from benchmarks import Row, benchmarks
from benchmarks.classroom import watch_to_the_end
from benchmarks.visiting import Server, Visitor, serving

MEGABYTE = 10**6
LARGEST = "cell=lstm&hidden_size=512&layer_count=3&updates=2&seed={seed}"
PASSAGE = "look_at=own&own=def+reader_{number}(value):%0A++++return+value+*+{number}"
SECONDS_BETWEEN_PASSAGES = 1.0


@dataclass(frozen=True)
class Large:
    """How many search at once, in what, and how many passages another reader looks at at least."""

    searching: int = 3
    network: str = LARGEST
    passages: int = 20


@benchmarks.register
def measure(large: Large = Large()) -> Iterator[Row]:
    """Seconds of another reader's passage, 95 of 100, and megabytes of the app's process. Peer: nobody searches."""
    with serving() as server, ThreadPoolExecutor(large.searching) as pool, most_memory(server) as most:
        links = [large.network.format(seed=seed) for seed in range(large.searching)]
        for link in links:
            with Visitor(server, "hidden-units", link) as visitor:
                visitor.run()
                visitor.run(press="train")
                watch_to_the_end(visitor)
        alone = median(passages(server, range(large.passages)))
        searches = [pool.submit(search, server, link) for link in links]
        times: list[float] = []
        while len(times) < large.passages or not all(one.done() for one in searches):
            times += passages(server, [large.passages + len(times)])
            time.sleep(SECONDS_BETWEEN_PASSAGES)
        took = max(one.result() for one in searches)
        slow = quantiles(times, n=20)[-1]
        peer = f"nobody searches; the searches took {took:.0f} s"
        yield Row(f"a passage while {large.searching} search", slow, alone, "s", peer, value=slow, at_most=2)
        yield Row("the app at its most", most[0] / MEGABYTE, 1.0, "MB", "1 MB", value=most[0] / MEGABYTE, at_most=700)


def passages(server: Server, numbers: range | list[int]) -> list[float]:
    """Seconds from opening a page with a passage that nobody has looked at until it is whole."""
    times = []
    for number in numbers:
        begun = time.perf_counter()
        with Visitor(server, "unrolled", PASSAGE.format(number=number)) as visitor:
            visitor.run()
        times.append(time.perf_counter() - begun)
    return times


def search(server: Server, link: str) -> float:
    """Search all units for all concepts; return the seconds until the page shows what was found."""
    begun = time.perf_counter()
    with Visitor(server, "hidden-units", f"{link}&searched=yes&emergence=yes&clamp=off") as visitor:
        visitor.run()
    return time.perf_counter() - begun


@contextmanager
def most_memory(server: Server) -> Iterator[list[int]]:
    """Bytes that the server's process took at its most so far, looked at ten times a second."""
    most, ended, process = [0], threading.Event(), psutil.Process(server.process.pid)

    def watch() -> None:
        while not ended.wait(0.1):
            most[0] = max(most[0], process.memory_info().rss)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()
