"""From page to page and back: each keeps its settings, in the address too, and no step of the history is another's."""

import re

from playwright.sync_api import expect

from dashboard.words import labels
from tests.browser.harness import OpenPage, settled


def test_a_page_keeps_its_address_while_others_are_visited(open_page: OpenPage) -> None:
    page = open_page("race", cells="lstm-gru")
    page.get_by_role("link", name="Unrolled").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(labels("en")["unrolled.title"])
    settled(page)
    page.get_by_text("GRU", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/unrolled\?cell=gru$"))
    page.get_by_role("link", name="Race").click()
    expect(page).to_have_url(re.compile(r"/race\?cells=lstm-gru$"))
    settled(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/unrolled\?cell=gru$"))
    settled(page)
    page.go_forward()
    expect(page).to_have_url(re.compile(r"/race\?cells=lstm-gru$"))
    expect(settled(page).locator(".st-key-race-cells [aria-pressed=true]")).to_have_count(2)
