"""Time from the command to a healthy server, and to the first page in a browser, against a bare Streamlit page."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, sync_playwright

from benchmarks import Row, benchmarks
from benchmarks.visiting import OURS, Visitor, bare_page, serving
from tests.browser.harness import BROWSER_FLAGS, find_browser

ROUNDS = 3
DRAWN = "[data-testid=stApp][data-test-script-state=notRunning] [data-testid=stHeading], [data-testid=stMarkdown] h1"


@benchmarks.register
def measure() -> Iterator[Row]:
    """Wall-clock seconds on a warm disk, with a new process each time. Value: seconds.

    Also the megabytes of torch, which must not be loaded when the first page is drawn.
    """
    path = find_browser()
    if path is None:
        raise RuntimeError("this benchmark needs Chromium, Chrome or Edge")
    with sync_playwright() as playwright, bare_page() as script:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS), headless=True)
        once(browser, OURS), once(browser, script)  # a warm disk on both sides
        pairs = [(once(browser, OURS), once(browser, script)) for _ in range(ROUNDS)]
        browser.close()
    (healthy, drawn, torch), (bare_healthy, bare_drawn, _) = (
        [median(values) for values in zip(*side, strict=True)] for side in zip(*pairs, strict=True)
    )
    peer = "page with a title, a chart and a button"
    yield Row("server healthy after launch", healthy, bare_healthy, "s", peer, value=healthy, at_most=2)
    yield Row("first page drawn after launch", drawn, bare_drawn, "s", peer, value=drawn, at_most=3)
    if torch >= 0:
        yield Row("torch in memory when it is drawn", torch, 0, "MB", peer, value=torch, at_most=0)


def once(browser: Browser, script: Path) -> tuple[float, float, float]:
    """Return the seconds until healthy, the seconds until the first page is drawn, and the megabytes of torch by then.

    A visitor without a browser measures torch at the end of its first run, because an app that looks inside networks
    itself imports torch soon after its first page.
    """
    with serving(script) as server, Visitor(server) as visitor:
        visitor.run()
        torch = mapped(server.process.pid, "torch")
    begun = time.perf_counter()
    with serving(script) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.wait_for_selector(DRAWN)
        drawn = time.perf_counter() - begun
        page.close()
        return server.healthy_after, drawn, torch


def mapped(pid: int, library: str) -> float:
    """Return the megabytes of mapped files with ``library`` in their path; -1 if the system does not tell."""
    try:
        maps = psutil.Process(pid).memory_maps()
    except (AttributeError, psutil.AccessDenied):
        return -1
    return sum(one.rss for one in maps if library in Path(one.path).parts) / 2**20
