"""From page to page and back: each keeps its settings, in the address too, and no step of the history is another's."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.shell.words import labels
from tests.browser.harness import OpenPage, settled

pytestmark = pytest.mark.thorough


def test_a_page_keeps_its_address_while_others_are_visited(open_page: OpenPage) -> None:
    page = open_page("race", cells="lstm-gru")
    page.get_by_role("link", name="Unrolled").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(labels("en")["unrolled.title"])
    settled(page)
    page.get_by_role("combobox", name=labels("en")["controls.cell"]).click()
    page.get_by_role("option", name="GRU", exact=True).click()
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


def test_a_drawer_is_in_the_link_and_one_step_back(open_page: OpenPage) -> None:
    page = open_page("gates", table="yes")
    table, settings = (page.locator(f".st-key-gates-{name} details").first for name in ("table", "settings"))
    expect(table).to_have_attribute("open", "")
    expect(page.locator("[data-testid=stDataFrame]")).to_have_count(1)
    settings.locator("summary").first.click()
    expect(page).to_have_url(re.compile(r"\?table=yes&settings=yes$"))
    settled(page)
    table.locator("summary").click()
    expect(page).to_have_url(re.compile(r"\?settings=yes$"))
    settled(page).go_back()
    expect(page).to_have_url(re.compile(r"\?table=yes&settings=yes$"))
    expect(table).to_have_attribute("open", "")
    settled(page).go_back()
    expect(page).to_have_url(re.compile(r"table=yes$"))
    expect(settings).not_to_have_attribute("open", "")
    expect(table).to_have_attribute("open", "")


def test_the_cursor_stands_where_the_reader_left_it(open_page: OpenPage) -> None:
    page = open_page("gates")
    cursor = page.get_by_role("slider", name="Position in the text")
    cursor.fill("7")
    expect(page).to_have_url(re.compile(r"\?time=8$"))
    settled(page).get_by_role("link", name="Race").click()
    expect(page).to_have_url(re.compile(r"/race$"))
    settled(page).get_by_role("link", name="Gates").click()
    expect(page).to_have_url(re.compile(r"/gates\?time=8$"))
    expect(cursor).to_have_value("7")
    page.get_by_role("button", name="Whole text").click()
    expect(page).to_have_url(re.compile(r"\?time=8&whole=yes$"))
    expect(settled(open_page("gates", whole="yes")).get_by_role("button", name="Whole text")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_what_a_page_stops_to_heed_leaves_the_link(open_page: OpenPage) -> None:
    page = open_page("gates", view="both", unit_gru=5, foo=1)
    notice = page.get_by_text("without meaning on this page")
    expect(notice).to_have_count(1)
    page.get_by_role("radio", name="LSTM", exact=True).click()
    expect(page).to_have_url(re.compile(r"/gates$"))
    expect(notice).to_have_count(0)
    settled(page)
    page.get_by_role("radio", name="GRU", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?view=gru&unit_gru=5$|\?unit_gru=5&view=gru$"))


def test_what_a_link_asked_for_in_vain_is_not_said_any_more_once_the_cursor_has_moved(open_page: OpenPage) -> None:
    page = open_page("gates", foo=1, time=99_999)
    notice = page.locator("[data-testid=stAlert]").filter(has_text="foo")
    expect(notice).to_contain_text("99999")
    page.get_by_role("slider", name="Position in the text").fill("7")
    expect(notice).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/gates\?time=8$"))


def test_another_language_changes_the_words_and_nothing_else(open_page: OpenPage) -> None:
    page = open_page("hidden-units", settings="yes", more="yes", concept="inside_comment")
    opened = page.locator("details[open]")
    for language in ("en", "zh", "en"):
        said = labels(language)
        expect(page.get_by_label(said["hidden_units.concept"])).to_have_value(said["finder.concept_inside_comment"])
        expect(page.get_by_label(said["controls.text"], exact=True)).to_have_value(said["controls.text_tidy_code"])
        expect(opened).to_have_count(2)
        page.get_by_role("radio", name="中文" if language == "en" else "English").click()
        settled(page)
    expect(page).to_have_url(re.compile(r"\?settings=yes&more=yes&concept=inside_comment&lang=zh$"))
