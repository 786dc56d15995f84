"""What every page promises, in both languages, on a projector and on a phone, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.shell.navigation import lessons
from tests.browser.harness import OpenPage, Watch, serious_findings, settled

PAGES = ["", *(lesson.address for lesson in lessons()[1:])]  # the first one lives at the bare address

OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const beyond = [...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.dataset.testid} is ${one.scrollWidth} wide in ${one.clientWidth}`);
  return document.documentElement.scrollWidth > width + 1 ? [...beyond, 'the page scrolls sideways'] : beyond;
}"""


def check_drawn(page: Page) -> None:
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    assert page.get_by_role("heading", level=1).count() == 1, "a page has one title"
    assert page.get_by_test_id("stException").all_inner_texts() == []
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), pytest.param("zh", "dark", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_drawn_and_readable_by_everyone_on_a_projector_and_on_a_phone(
    address: str, lang: str, scheme: str, open_page: OpenPage
) -> None:
    page = open_page(address, lang=lang, scheme=scheme)
    check_drawn(page)
    language = page.locator("html").get_attribute("lang") or ""
    assert language.startswith(lang)
    background = page.get_by_test_id("stApp").evaluate("one => getComputedStyle(one).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (scheme == "light"), "the reader's own choice of light or dark"
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    check_drawn(settled(page))


def test_the_harness_hears_errors_and_sees_strangers(page: Page, watch: Watch) -> None:
    page.evaluate("() => { console.error('as a broken page would'); fetch('http://127.0.0.1:1/').catch(() => {}) }")
    page.wait_for_timeout(100)
    heard = "\n".join(watch.complaints)
    watch.complaints.clear()
    assert "as a broken page would" in heard
    assert "asked another host: http://127.0.0.1:1/" in heard
