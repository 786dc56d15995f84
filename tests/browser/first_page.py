"""Open the first page of a running app, say what is wrong: ``python -m tests.browser.first_page ADDRESS``."""

import sys

from playwright.sync_api import expect, sync_playwright

from tests.browser.harness import BROWSER_FLAGS, Watch, find_browser, settled


def main(url: str) -> None:
    """Draw the page at ``url`` as a visitor would; leave with a message when it is not drawn, or not without error."""
    path = find_browser()
    if path is None:
        sys.exit("no Chromium, Chrome or Edge found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        page = browser.new_page()
        watch = Watch(url)
        watch.follow(page)
        page.goto(url)
        settled(page)
        expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=15_000)
        if page.get_by_test_id("stException").count():
            sys.exit("the first page shows an exception: " + page.get_by_test_id("stException").first.inner_text())
        if watch.complaints:
            sys.exit("\n".join(watch.complaints))
        print("drawn:", page.title(), "/", page.get_by_role("heading", level=1).first.inner_text())
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
