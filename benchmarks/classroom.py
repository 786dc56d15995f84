"""A class at the door: sixty tabs that open one link together, a hundred that press one button, a day's visitors.

The tabs speak Streamlit's protocol from this process; the server is a process of its own, on the same machine, so what
the tabs cost is not counted as the server's but takes its share of the cores.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

import psutil

from benchmarks import Row, benchmarks
from benchmarks.visiting import Server, Visitor, serving

PAGES = ("", "unrolled", "gates", "hidden-units", "race")
MEGABYTE = 10**6
PATIENCE = 240.0
RACE = "hidden_size=32&updates=1500&truncation_length=32&seed=7"
SHORT_RACE = "hidden_size=32&updates=150&truncation_length=32&seed=7"
OWN_PASSAGE = "look_at=own&own=def+reader_{number}(value):%0A++++return+value+*+{number}%0A" + "x" * 200


@dataclass(frozen=True)
class Size:
    """How large the class is: numbers of tabs, and seconds over which they spread."""

    arriving: int = 60
    arriving_over: float = 12.0
    pressing: int = 100
    pressing_over: float = 10.0
    playing: int = 100
    changes: int = 3
    between_changes: float = 10.0
    sessions: int = 1_000
    own_passages: int = 800
    rest: float = 130.0
    pages: Sequence[str] = PAGES
    race: str = RACE


@benchmarks.register
def measure(size: Size = Size()) -> Iterator[Row]:
    """Wall-clock seconds at the tab, 95 of 100, and megabytes of the server's process. Peer: one tab alone."""
    alone = {}
    for page in size.pages:
        with serving() as server:
            times = arrive(server, page, size.arriving, size.arriving_over)
            alone[page] = min(arrive(server, page, 1, 0.0)[0] for _ in range(3))
            yield _seconds(f"{size.arriving} tabs open {page or 'home'} as the server starts", times, alone[page], 3)
            changed = play(server, page, size)
            yield _seconds(f"{size.playing} tabs play on {page or 'home'}", changed, alone[page], 0.5)
    with serving() as server:
        pressed, beats = train_together(server, size)
        yield _seconds(f"{size.pressing} tabs press the same Train", pressed, alone[size.pages[-1]], 1)
        yield _seconds(f"live beat of {size.pressing} tabs", beats, alone[size.pages[-1]], 1)
    with serving() as server:
        visit(server, size.sessions, lambda number: (size.pages[number % len(size.pages)], ""))
        yield _megabytes(f"the app after {size.sessions:,} sessions", server, 400)
    with serving() as server:
        visit(server, size.own_passages, lambda number: ("gates", OWN_PASSAGE.format(number=number)))
        yield _megabytes(f"the app after {size.own_passages:,} sessions with passages of their own", server, 600)
        time.sleep(size.rest)
        yield _megabytes("the same, two minutes after the last has ended", server, 400)


def arrive(server: Server, page: str, tabs: int, over: float) -> list[float]:
    """Seconds from connecting until the page is whole, of each of ``tabs`` tabs that come within ``over`` seconds."""

    def open_one(number: int) -> float:
        time.sleep(over * number / tabs)
        begun = time.perf_counter()
        with Visitor(server, page) as visitor:
            visitor.run()
            return time.perf_counter() - begun

    return _together(open_one, tabs)


def play(server: Server, page: str, size: Size) -> list[float]:
    """Seconds of each change of a widget, in tabs that change one every ten seconds."""

    def play_one(number: int) -> list[float]:
        with Visitor(server, page) as visitor:
            time.sleep(size.between_changes * number / size.playing)
            visitor.run()
            times = []
            for turn in range(size.changes):
                time.sleep(size.between_changes)
                times.append(visitor.run(change=number + turn))
            return times

    return [seconds for times in _together(play_one, size.playing) for seconds in times]


def train_together(server: Server, size: Size) -> tuple[list[float], list[float]]:
    """Seconds of the press and of each beat, in open tabs that press Train within ten seconds and watch to the end.

    One in ten loses the connection after its press and comes back.

    Raises RuntimeError if an experiment is trained twice, or if a tab does not see the result.
    """

    opened = threading.Barrier(size.pressing)

    def watch(number: int) -> tuple[float, list[float]]:
        with Visitor(server, "race", size.race) as visitor:
            visitor.run()
            opened.wait(PATIENCE)
            time.sleep(size.pressing_over * number / size.pressing)
            pressed = visitor.run(press="train") if any(one.endswith("-train") for one in visitor.buttons) else 0.0
            if number % 10:
                return pressed, _beats(visitor)
        with Visitor(server, "race", size.race) as visitor:
            visitor.run()
            return pressed, _beats(visitor)

    found = _together(watch, size.pressing)
    kept = sum(1 for _ in server.home.rglob("run-*.safetensors"))
    with Visitor(server, "race", size.race) as visitor:
        visitor.run()
        if visitor.beats or kept != 2:  # one of each cell
            raise RuntimeError(f"{kept} runs are kept where 2 were asked for")
    return [pressed for pressed, _ in found if pressed], [beat for _, beats in found for beat in beats]


def visit(server: Server, sessions: int, link: Callable[[int], tuple[str, str]]) -> None:
    """Open and close so many sessions, eight at a time. ``link``: page and query of each, by number."""

    def look(number: int) -> None:
        page, query = link(number)
        with Visitor(server, page, query) as visitor:
            visitor.run()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(sessions)))


def _beats(visitor: Visitor) -> list[float]:
    """Beat once a second, as a browser does, until the page no longer asks for it."""
    times: list[float] = []
    begun = time.perf_counter()
    while visitor.beats:
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"the training does not end: {visitor.words}")
        fragment, seconds = next(iter(visitor.beats.items()))
        time.sleep(seconds)
        times.append(visitor.run(fragment=fragment))
    return times


def _together(work: Callable[[int], object], tabs: int) -> list:
    with ThreadPoolExecutor(tabs) as pool:
        return list(pool.map(work, range(tabs)))


def _seconds(what: str, times: Sequence[float], alone: float, at_most: float) -> Row:
    slow = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Row(
        what=what, ours=slow, peers=alone, unit="s", peer="one tab, the page open before", value=slow, at_most=at_most
    )


def _megabytes(what: str, server: Server, at_most: float) -> Row:
    used = psutil.Process(server.process.pid).memory_info().rss / MEGABYTE
    return Row(what=what, ours=used, peers=0, unit="MB", peer="", value=used, at_most=at_most)
