"""A class at the door: sixty tabs open one link together, a hundred press one button, and a day's visitors come.

The tabs speak Streamlit's protocol from this process. The server is a process of its own on the same machine. So the
work of the tabs is not counted as the server's, but it takes its share of the cores.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeVar

import psutil

from benchmarks import Row, benchmarks
from benchmarks.visiting import Server, Visitor, serving

Seen = TypeVar("Seen")

PAGES = ("", "unrolled", "gates", "hidden-units", "race")
MEGABYTE = 10**6
PATIENCE = 240.0
COMPETITORS = 2
OWN_PASSAGE = "look_at=own&own=def+reader_{number}(value):%0A++++return+value+*+{number}%0A" + "x" * 200


@dataclass(frozen=True)
class Size:
    """How large the class is: numbers of tabs, and seconds over which they are spread.

    race : the query of the race that they train together
    changes : number of changes in each tab that plays
    rest : seconds to wait after the last session
    """

    arriving: int = 60
    arriving_over: float = 12.0
    pressing: int = 100
    pressing_over: float = 10.0
    race: str = "updates=600&seed=7"
    playing: int = 100
    changes: int = 3
    between_changes: float = 10.0
    sessions: int = 1_000
    own_passages: int = 800
    rest: float = 120.0
    pages: Sequence[str] = PAGES


@benchmarks.register
def measure(size: Size = Size()) -> Iterator[Row]:
    """95th percentile of wall-clock seconds at the tab, and megabytes of the server process. Peer: one tab alone."""
    for page in size.pages:
        yield from measure_page(size, page)
    yield from measure_training(size)
    yield from measure_memory(size)


def measure_page(size: Size, page: str) -> Iterator[Row]:
    """Measure tabs that open one page as the server starts, and tabs that play on it afterwards."""
    with serving() as server:
        times = arrive(server, page, size.arriving, size.arriving_over)
        alone = min(arrive(server, page, 1, 0.0)[0] for _ in range(3))
        yield _seconds(f"{size.arriving} tabs open {page or 'home'} as the server starts", times, alone, 3)
        yield _seconds(f"{size.playing} tabs play on {page or 'home'}", play(server, page, size), alone, 0.5)


def measure_training(size: Size) -> Iterator[Row]:
    """Measure tabs that train one race together. When a training ends, all of them redraw the whole page."""
    with serving() as server:
        alone = min(arrive(server, "race", 1, 0.0)[0] for _ in range(4))
        seen = train_together(server, size)
        yield _seconds(f"{size.pressing} tabs press the same Train", [one.pressed for one in seen], alone, 1)
        yield _seconds(f"live beat of {size.pressing} tabs", [beat for one in seen for beat in one.beats], alone, 1)
        yield _seconds(f"{size.pressing} tabs draw the result", [one.result for one in seen], alone, 3)


def measure_memory(size: Size) -> Iterator[Row]:
    """Measure the memory of the app after sessions have ended."""
    with serving() as server:
        visit(server, size.sessions, lambda number: (size.pages[number % len(size.pages)], ""))
        yield _megabytes(f"the app after {size.sessions:,} sessions", server, 400)
    with serving() as server:
        visit(server, size.own_passages, lambda number: ("gates", OWN_PASSAGE.format(number=number)))
        yield _megabytes(f"the app after {size.own_passages:,} sessions with passages of their own", server, 600)
        time.sleep(size.rest)
        yield _megabytes("the same, two minutes after the last has ended", server, 400)


def arrive(server: Server, page: str, tabs: int, over: float) -> list[float]:
    """Return the seconds from connecting to the complete page, for ``tabs`` tabs that come within ``over`` seconds."""

    def open_one(number: int) -> float:
        time.sleep(over * number / tabs)
        begun = time.perf_counter()
        with Visitor(server, page) as visitor:
            visitor.run()
            return time.perf_counter() - begun

    return _together(open_one, tabs)


def play(server: Server, page: str, size: Size) -> list[float]:
    """Return the seconds of each change of a widget, in tabs that make one change every ten seconds.

    Each tab begins with another widget. A change is due ten seconds after the previous one was due, not after that was
    answered. So tabs that once waited together do not change together ever after. The delay of a late tab is counted.
    """

    def play_one(number: int) -> list[float]:
        time.sleep(size.between_changes * number / size.playing)
        with Visitor(server, page) as visitor:
            visitor.run()
            times = []
            opened = time.perf_counter()
            for turn in range(number, number + size.changes):
                due = opened + size.between_changes * (turn - number + 1)
                time.sleep(max(due - time.perf_counter(), 0.0))
                names = list(visitor.changes)
                change = (names[turn % len(names)], turn // len(names) + 1) if names else None
                visitor.run(change=change)
                times.append(time.perf_counter() - due)
            return times

    return [seconds for times in _together(play_one, size.playing) for seconds in times]


@dataclass(frozen=True)
class Watching:
    """Seconds that one tab waited: for its press, for each beat during the training, and for the result."""

    pressed: float
    beats: Sequence[float]
    result: float


def train_together(server: Server, size: Size) -> list[Watching]:
    """Return the waiting times of tabs that press Train within ten seconds of each other and watch to the end.

    One tab in ten loses its connection after the press and comes back.

    Raises RuntimeError if a run is trained twice, or if a tab does not see the result.
    """
    all_there = threading.Barrier(size.pressing, timeout=PATIENCE)

    def watch(number: int) -> Watching:
        time.sleep(size.arriving_over * number / size.pressing)
        with Visitor(server, "race", size.race) as visitor:
            visitor.run()
            all_there.wait()
            time.sleep(size.pressing_over * number / size.pressing)
            pressed = visitor.run(press="train")
            if number % 10 == 0:
                visitor.reconnect()
                visitor.run()
            *beats, result = watch_to_the_end(visitor) or [pressed]
            visitor.button("another")  # the page offers it only once everything is trained
            return Watching(pressed, beats, result)

    with writings(server) as written:
        found = _together(watch, size.pressing)
    if len(written) != COMPETITORS:
        raise RuntimeError(f"{len(written)} runs were written where {COMPETITORS} were asked for")
    return found


def watch_to_the_end(visitor: Visitor) -> list[float]:
    """Beat once a second, as a browser does, until the page no longer asks for it; return the seconds of each."""
    times: list[float] = []
    begun = time.perf_counter()
    while visitor.beats:
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"the training does not end: {visitor.words}")
        fragment, seconds = next(iter(visitor.beats.items()))
        time.sleep(seconds)
        times.append(visitor.run(fragment=fragment))
    return times


@contextmanager
def writings(server: Server) -> Iterator[set[tuple[str, int]]]:
    """Collect the name and inode of each run that is written to the store; one that is written twice appears twice."""
    found: set[tuple[str, int]] = set()
    ended = threading.Event()

    def look() -> None:
        for path in (server.home / "runs").rglob("run-*.safetensors"):
            with suppress(OSError):
                found.add((path.name, path.stat().st_ino))

    def keep_looking() -> None:
        while not ended.wait(0.2):
            look()

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()
        look()


def visit(server: Server, sessions: int, link: Callable[[int], tuple[str, str]]) -> None:
    """Open and close ``sessions`` sessions, eight at a time. ``link`` gives the page and query of each, by number."""

    def look(number: int) -> None:
        page, query = link(number)
        with Visitor(server, page, query) as visitor:
            visitor.run()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(sessions)))


def _together(work: Callable[[int], Seen], tabs: int) -> list[Seen]:
    with ThreadPoolExecutor(tabs) as pool:
        return list(pool.map(work, range(tabs)))


def _seconds(what: str, times: Sequence[float], alone: float, at_most: float) -> Row:
    slow = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    peer = f"one tab, the page open before; median of the class {median(times):.2f}"
    return Row(what=what, ours=slow, peers=alone, unit="s", peer=peer, value=slow, at_most=at_most)


def _megabytes(what: str, server: Server, at_most: float) -> Row:
    used = psutil.Process(server.process.pid).memory_info().rss / MEGABYTE
    return Row(what=what, ours=used, peers=0, unit="MB", peer="", value=used, at_most=at_most)
