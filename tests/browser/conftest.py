"""A real browser in front of the real app: one server and one browser for all of these tests, a new visitor for each.

Whatever a test looks at, it also fails when the page logged an error, or asked any other host for anything.
"""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

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
def tab_of(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A reader's tab, by language, kept between tests: it has the scripts compiled, which halves the time of a test."""
    tabs: dict[str, Page] = {}

    def tab_of(lang: str) -> Page:
        if lang not in tabs or tabs[lang].is_closed():
            tabs[lang] = browser.new_context(locale=LOCALES[lang]).new_page()
        return tabs[lang]

    yield tab_of
    for tab in tabs.values():
        tab.context.close()


@pytest.fixture
def open_page(browser: Browser, tab_of: Callable[[str], Page], server: Server, watch: Watch) -> Iterator[OpenPage]:
    """Open the app as a new visitor: the first call of a test in a tab that has the scripts,
    a further one in another browser that has nothing.

    Neither knows any cookie or anything else of an earlier visit.
    """
    visited: list[Page] = []

    def open_page(
        path: str = "",
        *,
        lang: str = "en",
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        **query: str | int | float,
    ) -> Page:
        page = browser.new_context(locale=LOCALES[lang]).new_page() if visited else tab_of(lang)
        visited.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
        watch.follow(page)
        page.goto(f"{server.url}/{path}?{urlencode({'lang': lang, **query})}")
        return settled(page)

    yield open_page
    for page in visited[1:]:
        page.context.close()
    for page in visited[:1]:
        watch.leave(page)
        if not page.is_closed():
            page.evaluate("localStorage.clear(), sessionStorage.clear()")
            page.context.clear_cookies()
            page.goto("about:blank")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The first page, as an English reader with a light screen meets it."""
    return open_page()
