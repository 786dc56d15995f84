"""Whatever a reader or a machine does wrong: a clear sentence in the reader's language, nothing lost, no traceback."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from core.engine import engine
from dashboard.shell.words import labels
from tests.browser.harness import OpenPage, Server, Watch, settled, start_server, stop_server

pytestmark = pytest.mark.thorough

ENOUGH = 90_000  # milliseconds
SMALLER_THAN_A_RUN = 10_000  # bytes
QUICK = {"hidden_size": 8, "batch_size": 4, "truncation_length": 16, "length": 2_000}

BAD_TEXTS = {
    "empty": (b"", "There is no text yet"),
    "too short": (b"only a few words", "The text has 16 characters; 200 are the least"),
    "one character": (b"<" * 500, "one repeated character"),
    "binary": (bytes(range(256)) * 4, "This is not a text"),
    "wrong encoding": ("循环神经网络".encode("gbk") * 100, "The text is not UTF-8"),
}

HOSTILE = (
    "<img src=x onerror=alert(1)> **bold** $x^2$ [link](javascript:1) \u202eright to left\u202c שלום a\u0301e\u0308 "
)


def no_trace_of_an_error(page: Page) -> None:
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Traceback").count() == 0


def upload(page: Page, name: str, content: bytes) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    settled(page)


@pytest.fixture
def own_text(open_page: OpenPage) -> Page:
    """A page with the place for a text of one's own laid open."""
    page = open_page("hidden-units")
    page.get_by_text("Settings of the network").click()
    settled(page)  # nothing moves under the pointer
    page.get_by_role("button", name="Your own text").click()
    expect(page.get_by_role("button", name="Use this text")).to_be_visible()
    return page


def test_a_text_that_cannot_be_used_is_refused_in_words(own_text: Page) -> None:
    before = own_text.url
    for name, (content, sentence) in BAD_TEXTS.items():
        if content:
            upload(own_text, f"{name}.txt", content)
        own_text.get_by_role("button", name="Use this text").click()
        expect(own_text.get_by_text(re.compile(re.escape(sentence)))).to_be_visible()
        no_trace_of_an_error(own_text)
        assert own_text.url == before, "the experiment is still the one that was on the screen"
    upload(own_text, "five megabytes.txt", b"all work and no play\n" * 250_000)
    expect(own_text.get_by_text(re.compile("1.0MB or smaller"))).to_be_visible()  # it never reaches the server
    no_trace_of_an_error(own_text)


def test_a_hostile_text_is_learned_from_and_never_obeyed(own_text: Page, watch: Watch, server: Server) -> None:
    upload(own_text, "<b>name</b>.txt", (HOSTILE * 20).encode())
    own_text.get_by_role("button", name="Use this text").click()
    expect(own_text).to_have_url(re.compile("text=own-[0-9a-f]{32}"))
    expect(own_text.get_by_role("button", name="Use this text")).to_have_count(0)  # its place is closed
    query = settled(own_text).url.partition("?")[2]
    for address in ("hidden-units", "unrolled", "gates"):
        own_text.goto(f"{server.url}/{address}?{query}&hidden_size=8&updates=50&look_at=own&own={HOSTILE * 2}")
        settled(own_text)
        if address == "hidden-units":
            own_text.get_by_role("button", name="Train", exact=True).click()
            expect(own_text.get_by_role("button", name="Train with another seed")).to_be_visible(timeout=ENOUGH)
        no_trace_of_an_error(own_text)
        assert own_text.locator("img[src=x]").count() == 0
        assert own_text.locator("a[href^=javascript]").count() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_link_out_of_range_falls_back_and_says_so(lang: str, open_page: OpenPage) -> None:
    page = open_page("gates", lang=lang, hidden_size=99_999, text="<script>", seed="many")
    sentence = max(re.split(r"\{\w+\}", labels(lang)["controls.refused"]), key=len).strip()
    expect(page.get_by_text(sentence)).to_have_count(3)
    no_trace_of_an_error(page)


def test_train_twice_reload_and_train_again_is_one_training(open_page: OpenPage, server: Server) -> None:
    before = set(server.home.glob("runs/*/run-*.safetensors"))
    page = open_page("hidden-units", **QUICK, updates=1_000, seed=77)
    page.get_by_role("button", name="Train", exact=True).dblclick()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(timeout=ENOUGH)
    assert page.get_by_role("button", name="Train", exact=True).count() == 0
    expect(page.get_by_role("button", name="Train with another seed")).to_be_visible(timeout=ENOUGH)
    no_trace_of_an_error(page)
    assert len(set(server.home.glob("runs/*/run-*.safetensors")) - before) == 1


def test_a_killed_worker_is_replaced_and_the_page_says_so(open_page: OpenPage, server: Server) -> None:
    page = open_page("hidden-units", **QUICK, updates=20_000, seed=78)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"of 20,000 updates · loss"))).to_be_visible(timeout=ENOUGH)
    busy_worker(server.home).kill()
    expect(page.get_by_text("begun again, because a worker was lost")).to_be_visible(timeout=ENOUGH)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped after"))).to_be_visible(timeout=ENOUGH)
    no_trace_of_an_error(page)


def busy_worker(home: Path) -> psutil.Process:
    """The process that trains for the app of this cache directory now."""
    hosts = [psutil.Process(told["pid"]) for told in map(engine.read_address, home.glob("engine-*")) if told]
    below = [process for host in hosts for process in host.children(recursive=True)]
    before = {process: process.cpu_times().user for process in below}
    time.sleep(0.5)
    return max(below, key=lambda process: process.cpu_times().user - before[process])


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Server]:
    """The app on a disk that is full as soon as a run is to be written: no file may grow longer than this."""
    if not hasattr(psutil, "RLIMIT_FSIZE"):
        pytest.skip("this system has no limit on the size of a file")
    server = start_server(tmp_path / "home", tmp_path / "log.txt")
    # Inherited by the engine, which starts with the first page.
    psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_FSIZE, (SMALLER_THAN_A_RUN, SMALLER_THAN_A_RUN))
    yield server
    stop_server(server)


@pytest.fixture
def neighbour(server: Server, tmp_path: Path) -> Iterator[Server]:
    """A second app process on the same cache directory."""
    second = start_server(server.home, tmp_path / "log.txt")
    yield second
    second.process.terminate()
    second.process.wait(timeout=20)


def test_on_a_full_disk_a_result_is_shown_and_said_to_be_unsaved(browser: Browser, full: Server) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    query = "&".join(f"{name}={value}" for name, value in {**QUICK, "updates": 50, "seed": 79}.items())
    page.goto(f"{full.url}/hidden-units?lang=en&{query}")
    settled(page).get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile("The result could not be written to disk"))).to_be_visible(timeout=ENOUGH)
    no_trace_of_an_error(page)
    context.close()


def test_two_apps_on_one_cache_directory_share_a_training(
    open_page: OpenPage, browser: Browser, neighbour: Server, server: Server
) -> None:
    before = set(server.home.glob("runs/*/run-*.safetensors"))
    page = open_page("hidden-units", **QUICK, updates=1_500, seed=80)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"of 1,500 updates"))).to_be_visible(timeout=ENOUGH)
    context = browser.new_context(locale="en-GB")
    other = context.new_page()
    other.goto(page.url.replace(server.url, neighbour.url))
    settled(other)
    if other.get_by_role("button", name="Train", exact=True).count():
        other.get_by_role("button", name="Train", exact=True).click()
    for one in (page, other):
        expect(one.get_by_role("button", name="Train with another seed")).to_be_visible(timeout=ENOUGH)
        no_trace_of_an_error(one)
    context.close()
    assert len(set(server.home.glob("runs/*/run-*.safetensors")) - before) == 1
