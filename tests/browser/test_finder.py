"""A reader guesses, searches, chooses another unit and another concept, and a link says it all."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import OpenPage, serious_findings, settled

BUSY = 60_000


def opened(open_page: OpenPage, **options) -> Page:
    page = open_page("hidden-units", **options)
    expect(page.locator(".timeline .bar")).to_be_visible(timeout=BUSY)
    return settled(page, timeout=BUSY)


def unit(page: Page) -> str:
    return page.get_by_role("combobox", name=re.compile("^Unit")).input_value()


def test_a_guess_is_answered_by_the_search(open_page: OpenPage) -> None:
    page = opened(open_page)
    expect(page.get_by_text("A candidate for “indentation”").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Search all 128 units"))).to_be_visible()
    page.get_by_text("more than a tenth", exact=True).click()
    expect(page.get_by_text(re.compile("You said more than a tenth: (right|wrong)"))).to_be_visible(timeout=BUSY)
    expect(page.get_by_role("button", name=re.compile("Search all"))).to_have_count(0)
    expect(page.get_by_text("Every concept at once")).to_be_visible()
    expect(page.get_by_text("close detector of “indentation”").first).to_be_visible()
    assert "guess=many" in page.url


def test_a_row_of_the_ranking_is_looked_at_in_the_timeline(open_page: OpenPage) -> None:
    page = opened(open_page)
    found = unit(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 35 * 3.5)  # the third unit: a row is 35 pixels high
    expect(page).to_have_url(re.compile(r"unit_lstm=\d+"), timeout=BUSY)
    settled(page, timeout=BUSY)
    chosen = re.search(r"unit_lstm=(\d+)", page.url)[1]
    assert chosen != found
    expect(page.get_by_role("combobox", name=re.compile("^Unit"))).to_have_value(chosen, timeout=BUSY)
    expect(page.get_by_text(re.compile(f"^Unit {chosen} against"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("combobox", name=re.compile("^Unit"))).to_have_value(found, timeout=BUSY)


def test_the_ranking_is_moved_through_from_the_keyboard(open_page: OpenPage) -> None:
    page = opened(open_page)
    found = unit(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.locator("canvas").first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox", name=re.compile("^Unit"))).not_to_have_value(found, timeout=BUSY)
    settled(page, timeout=BUSY)
    chosen = unit(page)
    expect(page.get_by_text(re.compile(f"^Unit {chosen} against"))).to_be_visible()
    expect(page.get_by_text(f"What the gates of unit {chosen} do")).to_be_visible()


@pytest.mark.thorough
def test_another_concept_opens_at_its_own_unit_and_so_does_its_link(open_page: OpenPage) -> None:
    page = opened(open_page, searched="yes", unit_lstm=5)
    assert unit(page) == "5"
    page.get_by_role("combobox", name=re.compile("What might a unit know")).click()
    page.get_by_role("option", name="place in the line").click()
    expect(page).to_have_url(re.compile("concept=column"), timeout=BUSY)
    settled(page, timeout=BUSY)
    expect(page.get_by_text(re.compile("“place in the line”")).first).to_be_visible()
    assert "unit_lstm" not in page.url
    found = unit(page)
    assert found != "5"
    other = opened(open_page, **dict(re.findall(r"(\w+)=([^&]+)", page.url.partition("?")[2])))
    assert unit(other) == found


@pytest.mark.thorough
def test_a_pattern_is_searched_from_the_keyboard_and_a_hostile_one_is_answered(open_page: OpenPage) -> None:
    page = opened(open_page, searched="yes", concept="own")
    field = page.get_by_role("textbox", name="Pattern")
    field.fill("(a+)+$")
    field.press("Enter")
    expect(page.get_by_text("This pattern cannot be read")).to_be_visible(timeout=BUSY)
    field.fill("return")
    field.press("Enter")
    expect(page.get_by_text(re.compile("“your own”")).first).to_be_visible(timeout=BUSY)
    expect(page.get_by_text("This pattern cannot be read")).to_have_count(0)
    expect(page).to_have_url(re.compile("mark=return"))


@pytest.mark.thorough
@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 390, "dark"), ("zh", 1280, "light")])
def test_everybody_can_read_what_was_found(open_page: OpenPage, lang: str, width: int, scheme: str) -> None:
    page = opened(open_page, lang=lang, width=width, scheme=scheme, guess="few")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_findings(page) == []
