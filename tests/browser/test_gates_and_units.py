"""A reader moves one cursor over a text and sees gates, units and predictions follow; and takes it along."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import OpenPage, settled

PAGES = ("gates", "hidden-units")
BUSY = 60_000


def slider(page: Page):
    return page.get_by_role("slider", name="Position in the text")


def opened(open_page: OpenPage, address: str, **options) -> Page:
    page = open_page(address, **options)
    expect(page.locator(".timeline .bar")).to_be_visible(timeout=BUSY)
    return settled(page, timeout=BUSY)


def place(page: Page) -> int:
    return int(slider(page).input_value())


@pytest.mark.parametrize("address", PAGES)
def test_keys_move_one_moment_and_the_address_remembers_it(address: str, open_page: OpenPage) -> None:
    page = opened(open_page, address)
    before = place(page)
    page.locator(".window.text").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert place(page) == before + 2
    page.keyboard.press("Home")
    assert place(page) == 0
    page.keyboard.press("ArrowDown")
    below = place(page)
    assert below > 0, "the line below"
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(rf"^character {below + 1} of \d+, .+: [−\d.]+"))
    expect(page).to_have_url(re.compile(rf"[?&]time={below + 1}(&|$)"), timeout=BUSY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement !== null")
    assert place(page) == below, "Tab goes on and moves nothing"


@pytest.mark.thorough
def test_a_link_opens_the_same_moment_and_unit_elsewhere(open_page: OpenPage) -> None:
    page = opened(open_page, "gates")
    page.get_by_role("combobox", name=re.compile("^Unit, LSTM")).select_option("7")
    page.locator(".window.text").first.focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("unit_lstm=7"), timeout=BUSY)
    settled(page, timeout=BUSY)
    expect(page.get_by_text(re.compile("unit 7$")).first).to_be_visible()
    said = slider(page).get_attribute("aria-valuetext")
    other = opened(open_page, "gates", **dict(re.findall(r"(\w+)=([^&]+)", page.url.partition("?")[2])))
    expect(slider(other)).to_have_attribute("aria-valuetext", said)


@pytest.mark.thorough
def test_a_unit_is_chosen_in_the_strip_by_keyboard(open_page: OpenPage) -> None:
    page = opened(open_page, "hidden-units")
    chosen = page.get_by_role("radio", checked=True)
    chosen.last.focus()
    page.keyboard.press("Home")
    first = page.locator(".thumb").first
    expect(first).to_have_attribute("aria-checked", "true")
    unit = first.inner_text().strip()
    expect(page.get_by_role("combobox", name=re.compile("^Unit"))).to_have_value(unit)
    expect(page).to_have_url(re.compile(rf"unit_lstm={unit}(&|$)"), timeout=BUSY)


def test_pointing_shows_a_moment_and_clicking_keeps_it(open_page: OpenPage) -> None:
    page = opened(open_page, "gates")
    before = place(page)
    box = page.locator(".window.text").first.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 12)
    expect(page.locator(".readout")).to_have_text(re.compile(r"^4 /"))
    assert place(page) == before, "pointing moves nothing for good"
    page.mouse.click(box["x"] + 30, box["y"] + 12)
    assert place(page) == 3


@pytest.mark.thorough
def test_the_same_picture_stays_while_the_page_runs_again(open_page: OpenPage) -> None:
    page = opened(open_page, "gates")
    page.locator(".timeline").evaluate("one => { one.mark = 'the same element' }")
    page.locator(".window.text").first.evaluate("one => { one.mark = 'the same window' }")
    page.locator(".window.text").first.focus()
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("time="), timeout=BUSY)
    settled(page, timeout=BUSY)
    assert page.locator(".timeline").evaluate("one => one.mark") == "the same element"
    assert page.locator(".window.text").first.evaluate("one => one.mark") == "the same window"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.thorough
def test_the_view_is_saved_as_a_picture(address: str, open_page: OpenPage) -> None:
    page = opened(open_page, address)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == f"unrolled-{address.replace('-', '_')}.png"
    content = download.value.path().read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(content[16:20], "big") >= 2000, "twice as sharp as the screen"


def test_lstm_and_gru_stand_side_by_side_with_one_cursor(open_page: OpenPage) -> None:
    page = opened(open_page, "gates", view="both")
    expect(page.locator(".panel")).to_have_count(2)
    page.locator(".window.text").last.focus()
    page.keyboard.press("Home")
    said = slider(page).get_attribute("aria-valuetext")
    assert "LSTM" in said
    assert "GRU" in said
    lines = page.locator(".katex-mathml annotation", has_text=r"\approx")
    expect(lines).to_have_count(6 + 4, timeout=BUSY)


@pytest.mark.thorough
def test_the_question_is_about_the_lstm_of_the_page_where_only_the_gru_is_in_view(open_page: OpenPage) -> None:
    page = opened(open_page, "gates", view="gru")
    expect(page.locator(".panel .title")).to_have_text(["GRU, 128 units"])
    expect(page.get_by_text("forget gates of this page's LSTM")).to_be_visible()
    page.get_by_text("more than two thirds of the time").click()
    expect(page.get_by_text("Over all units and characters they are wide open")).to_be_visible(timeout=BUSY)
    expect(page.get_by_text("LSTM", exact=True).last).to_be_visible()


@pytest.mark.thorough
def test_hostile_text_is_shown_and_not_obeyed(open_page: OpenPage) -> None:
    own = "<b>a</b> $x$ **y** \u202eabc\u0301 中文"
    page = opened(open_page, "hidden-units", look_at="own", own=own)
    assert int(slider(page).get_attribute("max")) == len(own) - 1
    assert page.locator(".timeline b").count() == 0
    expect(page.locator(".notes")).to_contain_text("never met in training")


def test_a_reader_without_motion_is_not_offered_any(open_page: OpenPage) -> None:
    page = opened(open_page, "gates")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    expect(page.locator(".timeline .bar")).to_be_visible(timeout=BUSY)
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.get_by_role("button", name="Next character")).to_be_visible()


def test_playing_walks_on_until_it_is_paused(open_page: OpenPage) -> None:
    page = opened(open_page, "gates")
    before = place(page)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".readout")).not_to_have_text(re.compile(rf"^{before + 1} /"))
    page.get_by_role("button", name="Pause").click()
    assert place(page) > before
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"time={place(page) + 1}(&|$)"), timeout=BUSY)


def test_train_watch_and_look_inside(open_page: OpenPage) -> None:
    page = opened(
        open_page, "hidden-units", cell="gru", hidden_size=8, updates=60, length=5000, truncation_length=32, seed=5
    )
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".panel .title")).to_have_text("GRU, 8 units", timeout=120_000)
    expect(page.get_by_text(re.compile("trained live"))).to_be_visible(timeout=BUSY)
