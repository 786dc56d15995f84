"""A real browser in front of the real app: one server and one browser for all of these tests, a new visitor for each.

Whatever a test looks at, it also fails when the page logged an error, or asked any other host for anything.
"""

import os
from collections.abc import Iterator
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


@pytest.fixture
def open_page(browser: Browser, server: Server, watch: Watch) -> Iterator[OpenPage]:
    """Open the app as a new visitor; each call is another browser context, with nothing remembered."""
    contexts = []

    def open_page(
        path: str = "",
        *,
        lang: str = "en",
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        **query: str | int | float,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale={"en": "en-GB", "zh": "zh-CN"}[lang],
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        page.goto(f"{server.url}/{path}?{urlencode({'lang': lang, **query})}")
        return settled(page)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The first page, as an English reader with a light screen meets it."""
    return open_page()
