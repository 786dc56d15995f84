"""Several readers search the largest networks at once, while another reader looks at passages of her own."""

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
    """How many readers search at once, in which network, and the fewest passages that another reader looks at."""

    searching: int = 3
    network: str = LARGEST
    passages: int = 20


@benchmarks.register
def measure(large: Large = Large()) -> Iterator[Row]:
    """95th percentile of the seconds for another reader's passage, and megabytes of the app. Peer: nobody searches."""
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
    """Return the seconds from opening a page until it is complete, each time with a passage that is new to the app."""
    times = []
    for number in numbers:
        begun = time.perf_counter()
        with Visitor(server, "unrolled", PASSAGE.format(number=number)) as visitor:
            visitor.run()
        times.append(time.perf_counter() - begun)
    return times


def search(server: Server, link: str) -> float:
    """Search all units for all concepts, and return the seconds until the page shows the result."""
    begun = time.perf_counter()
    with Visitor(server, "hidden-units", f"{link}&searched=yes&emergence=yes&clamp=off") as visitor:
        visitor.run()
    return time.perf_counter() - begun


@contextmanager
def most_memory(server: Server) -> Iterator[list[int]]:
    """Give the peak memory of the server process so far, in bytes, sampled ten times a second."""
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
