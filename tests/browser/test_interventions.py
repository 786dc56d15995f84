"""A reader sets something inside a network and sees what follows; a link opens the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.shell.words import labels
from tests.browser.harness import OpenPage, serious_findings, settled

BUSY = 30_000
TITLES = {
    part: re.compile(one)
    for part, one in (("off", "costs|代价"), ("write", "writes|写出"), ("gate", "="), ("edit", "edit|改"))
}
FIGURE = "[data-testid=stVegaLiteChart]"


def drawn(page: Page, part: str) -> None:
    expect(page.get_by_role("heading", level=5).filter(has_text=TITLES[part]).last).to_be_visible(timeout=BUSY)
    expect(page.locator(FIGURE).last.locator("canvas, svg").first).to_be_visible(timeout=BUSY)
    settled(page, timeout=BUSY)


def press(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).click()
    settled(page, timeout=BUSY)


def test_a_press_switches_the_unit_off_and_the_address_says_so(open_page: OpenPage) -> None:
    words = labels("en")
    page = settled(open_page("hidden-units"), timeout=BUSY)
    expect(page.get_by_text(words["interventions.title"])).to_be_visible(timeout=BUSY)
    assert page.get_by_text("nearest in how much they vary").count() == 0, "nothing before the reader asks"
    press(page, words["interventions.clamp_off"])
    drawn(page, "off")
    expect(
        page.get_by_text(re.compile(r"20 other units drawn from those nearest in how much they vary")).first
    ).to_be_visible()
    expect(page).to_have_url(re.compile("clamp=off"))
    press(page, words["interventions.clamp_to_mean"])
    expect(page).to_have_url(re.compile("clamp_to=mean"))
    expect(page.get_by_text(re.compile("held at its mean")).first).to_be_visible(timeout=BUSY)
    page.go_back()
    expect(page.get_by_text(re.compile("held at 0")).first).to_be_visible(timeout=BUSY)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("part", "lang", "scheme", "width"),
    [
        ("off", "en", "dark", 390),
        ("write", "zh", "light", 1280),
        ("gate", "zh", "dark", 390),
        ("edit", "en", "light", 1280),
    ],
)
def test_a_link_opens_each_part_in_any_light_and_on_any_screen(
    part: str, lang: str, scheme: str, width: int, open_page: OpenPage
) -> None:
    page = open_page("hidden-units", lang=lang, scheme=scheme, width=width, clamp=part)
    drawn(page, part)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the edge"
    assert serious_findings(page) == []


@pytest.mark.thorough
def test_pointing_at_a_moment_reads_both_networks_there(open_page: OpenPage) -> None:
    page = open_page("hidden-units", clamp="gate")
    drawn(page, "gate")
    figure = page.locator(FIGURE).last.locator("canvas, svg").first
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    page.mouse.move(box["x"] + box["width"] / 2 + 3, box["y"] + box["height"] / 3)
    expect(page.locator("#vg-tooltip-element")).to_contain_text("as learned", timeout=BUSY)


@pytest.mark.thorough
def test_what_is_set_is_the_unit_that_is_looked_at(open_page: OpenPage) -> None:
    page = open_page("hidden-units", clamp="off", unit_lstm=5)
    drawn(page, "off")
    expect(page.get_by_text("unit 5 of layer 1, tanh c, the one that you look at above").first).to_be_visible()
    expect(page.get_by_text("With unit 5 held at 0").first).to_be_visible()


@pytest.mark.thorough
def test_a_press_on_a_unit_above_is_followed_below(open_page: OpenPage) -> None:
    page = open_page("hidden-units", clamp="off")
    drawn(page, "off")
    expect(page.get_by_text("the one that was found for").first).to_be_visible()
    other = page.locator(".thumb:not([aria-checked=true])").first
    number = other.inner_text().strip()
    other.click()
    expect(page.get_by_text(f"This is unit {number} of layer 1").first).to_be_visible(timeout=BUSY)
    expect(page.get_by_text(f"With unit {number} held at 0").first).to_be_visible(timeout=BUSY)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("part", "of", "more"),
    [
        ("off", "best", {"clamp_best": 3}),
        ("gate", "several", {"clamp_units": "3, 17, 40"}),
    ],
)
def test_several_units_are_set_together(part: str, of: str, more: dict[str, str | int], open_page: OpenPage) -> None:
    page = open_page("hidden-units", clamp=part, clamp_of=of, width=390, height=844, **more)
    drawn(page, part)
    expect(page.get_by_text(re.compile(r"3 units \(")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the edge"


@pytest.mark.thorough
def test_the_reader_gives_the_beginning(open_page: OpenPage) -> None:
    page = open_page("hidden-units", clamp="write", clamp_prompt="def 你(x):\n    if x")
    drawn(page, "write")
    given = page.get_by_test_id("stCode").filter(has_text="def 你(x):")
    expect(given.first).to_be_visible()
    expect(page.get_by_text(labels("en")["interventions.given"])).to_be_visible()
    assert given.count() == 1, "what was given is told from what was written"


def test_a_hostile_link_is_answered_in_words(open_page: OpenPage) -> None:
    mad = {"clamp": "gate", "clamp_gate": "<img src=x onerror=alert(1)>", "clamp_unit": "9" * 50, "clamp_of": "../.."}
    page = open_page("hidden-units", **mad)
    drawn(page, "gate")
    expect(page.get_by_text("onerror").first).to_be_visible()
