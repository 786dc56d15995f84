"""When did it begin to know? Asked of the unit that is looked at, of a concept and of the reader's own pattern."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.shell.words import labels
from tests.browser.harness import OpenPage, serious_findings, settled

BUSY = 60_000
FIGURE = "[data-testid=stVegaLiteChart]"
POINTS = 4
"""Networks that the saved run has kept: untrained, two on the way, trained."""


def drawn(page: Page, lang: str) -> None:
    title = labels(lang)["emergence.title"]
    expect(page.get_by_text(title)).to_be_visible(timeout=BUSY)
    end = {"en": r"half of the way|less than 0.15 apart|knew less of", "zh": "走完了一半|相差不到|少了"}[lang]
    expect(page.get_by_text(re.compile(end)).first).to_be_visible(timeout=BUSY)
    expect(page.locator(FIGURE).last.locator("canvas, svg").first).to_be_visible(timeout=BUSY)
    settled(page, timeout=BUSY)


@pytest.mark.thorough
def test_a_press_opens_it_and_the_address_says_so(open_page: OpenPage) -> None:
    page = settled(open_page("hidden-units"), timeout=BUSY)
    page.get_by_text(labels("en")["emergence.title"]).click()
    drawn(page, "en")
    expect(page).to_have_url(re.compile("emergence=yes"))
    expect(page.get_by_text("the one that was found for “indentation”").first).to_be_visible()


@pytest.mark.thorough
def test_a_link_opens_it_for_any_unit_on_a_small_screen(open_page: OpenPage) -> None:
    words = labels("zh")
    where = {"emergence": "yes", "table_emergence": "yes", "unit_lstm": 5}
    page = open_page("hidden-units", lang="zh", scheme="dark", width=390, **where)
    drawn(page, "zh")
    expect(page.get_by_text("也就是你在上面看的那一个").first).to_be_visible()
    table = page.get_by_test_id("stDataFrame").filter(has=page.get_by_text(words["emergence.column_update"]))
    expect(table.locator("[role=row]")).to_have_count(POINTS + 1)  # the heading is one
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the edge"
    assert serious_findings(page) == []


@pytest.mark.thorough
def test_a_pattern_of_the_readers_own_is_followed_too(open_page: OpenPage) -> None:
    page = open_page("hidden-units", emergence="yes", concept="own", mark="[a-z]+", searched="yes")
    drawn(page, "en")
    bad = open_page("hidden-units", emergence="yes", concept="own", mark="(a|b)")
    expect(bad.get_by_text("cannot be read").or_(bad.get_by_text("Parentheses")).first).to_be_visible(timeout=BUSY)
