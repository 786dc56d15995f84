"""A real browser in front of the real app: one server and one browser for all of these tests, a new visitor for each.

Whatever a test looks at, it also fails when the page logged an error, or asked any other host for anything.
"""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.harness import (
    BROWSER_FLAGS,
    OpenPage,
    Server,
    Watch,
    find_browser,
    settled,
    start_server,
    stop_server,
)

expect.set_options(timeout=20_000)  # a page answers in a tenth of that, but not on a machine that is busy


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, with an empty cache directory."""
    directory = tmp_path_factory.mktemp("server")
    server = start_server(directory / "home", directory / "log.txt")
    yield server
    stop_server(server)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own browser; without one these tests are skipped, and fail in CI."""
    path = find_browser()
    if path is None:
        reason = "no Chromium, Chrome or Edge found (UNROLLED_BROWSER can name one)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS), headless=True)
        yield browser
        browser.close()


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    """Collect what the pages of this test should not do, and fail on it at the end."""
    watch = Watch(server.url)
    yield watch
    assert not watch.complaints, "\n".join(watch.complaints)


LOCALES = {"en": "en-GB", "zh": "zh-CN"}


@pytest.fixture(scope="package")
def known_to(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A reader's browser, by language, that has the app's scripts in its cache already."""
    contexts: dict[str, BrowserContext] = {}

    def known_to(lang: str) -> BrowserContext:
        return contexts.get(lang) or contexts.setdefault(lang, browser.new_context(locale=LOCALES[lang]))

    yield known_to
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(
    browser: Browser, known_to: Callable[[str], BrowserContext], server: Server, watch: Watch
) -> Iterator[OpenPage]:
    """Open the app as a new visitor: the first call of a test has the scripts in its cache, a further one has nothing.

    Neither knows any cookie or anything else of an earlier visit.
    """
    visited: list[BrowserContext] = []

    def open_page(
        path: str = "",
        *,
        lang: str = "en",
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        **query: str | int | float,
    ) -> Page:
        context = browser.new_context(locale=LOCALES[lang]) if visited else known_to(lang)
        visited.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        watch.follow(page)
        page.goto(f"{server.url}/{path}?{urlencode({'lang': lang, **query})}")
        return settled(page)

    yield open_page
    for context in visited[1:]:
        context.close()
    for context in visited[:1]:
        for page in context.pages:
            page.evaluate("localStorage.clear(), sessionStorage.clear()")
            page.close()
        context.clear_cookies()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The first page, as an English reader with a light screen meets it."""
    return open_page()
