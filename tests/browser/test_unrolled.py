"""The unrolled page as a reader uses it: look, light, step, choose, fold, scroll, change what goes in, save, share."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import OpenPage, settled

ADDRESS = "unrolled"
COLUMN = ".drawing .column"


def shown(page: Page) -> list[int]:
    """The time steps that are drawn, from 0."""
    page.locator(COLUMN).first.wait_for()
    return page.locator(COLUMN).evaluate_all("all => all.map(one => Number(one.dataset.time))")


def readout(page: Page) -> str:
    return page.locator(".graph .readout").inner_text()


def count_messages(page: Page) -> None:
    """Count in ``window.sent`` what the page sends to the server from now on."""
    page.evaluate(
        """() => { window.sent = 0; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (message) { window.sent += 1; return send.call(this, message); }; }"""
    )


def test_the_first_screen_is_a_finished_run_with_one_matrix_everywhere(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    steps = shown(page)
    assert len(steps) >= 8
    expect(page.get_by_role("button", name="Train with another seed")).to_be_in_viewport()
    key = page.locator('.key[data-weight="hh0"]')
    assert re.search(r"32\s*×\s*32", key.text_content() or "")
    key.focus()
    assert "the same weights at every step" in readout(page)
    copies = page.locator(".arrow.hh").count()
    assert copies >= len(steps)  # one into every step drawn, and one on into those that are not
    assert page.locator(".arrow.hh.lit").count() == copies
    assert page.locator(".arrow.xh.lit").count() == 0
    page.get_by_text("None", exact=True).click()
    expect(page.get_by_text(re.compile("Not one more. This network has 5,4|Not one more."))).to_be_visible()


def test_a_matrix_of_several_blocks_has_one_shape_everywhere(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, cell="lstm", guess="none")
    shown(page)
    key = page.locator('.key[data-weight="hh0"]')
    assert "128×32" in (key.text_content() or "")
    key.focus()
    assert "(128×32, 4,096 numbers)" in readout(page)
    assert "4 blocks of 32×32" in readout(page)
    expect(page.get_by_text("is the same 128×32 matrix")).to_be_visible()


def test_stepping_and_folding_are_seen_at_once_and_told_when_at_rest(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, step=3)
    shown(page)
    count_messages(page)
    third = page.locator(f'{COLUMN}[data-time="2"]')
    third.focus()
    page.keyboard.press("ArrowRight")
    assert "Step 4 of" in readout(page)
    assert page.locator(f'{COLUMN}[aria-selected="true"]').get_attribute("data-time") == "3"
    page.keyboard.press("ArrowDown")
    assert "Unit 8 of the hidden state at step 4" in readout(page)
    page.keyboard.press("End")
    last = shown(page)[-1]
    assert f"Step {last + 1} of {last + 1}" in readout(page)
    assert len(shown(page)) <= 24
    page.get_by_role("button", name="Folded").click()
    expect(page.locator(".graph.folded .loops")).to_have_css("opacity", "1")
    page.get_by_role("button", name="Unrolled", exact=True).click()
    expect(page.locator(".graph .loops")).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.tagName") != "BODY"
    expect(page).to_have_url(re.compile(rf"step={last + 1}&unit=8$"))
    expect(page.get_by_text(f"Inside the cell at step {last + 1}, unit 8")).to_be_visible()
    assert page.evaluate("() => window.sent") <= 4, "one message for each rest, none for each step"


@pytest.mark.thorough
def test_folded_is_in_the_link_and_one_step_back(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, step=9, view="folded")
    expect(page.locator(".graph.folded .loops")).to_have_css("opacity", "1")
    expect(page.locator(f"{COLUMN}.current")).to_have_attribute("data-time", "8")
    page.get_by_role("button", name="Unrolled", exact=True).click()
    expect(page).to_have_url(re.compile(r"step=9$"))
    page.locator(".graph .slider").fill("3")
    expect(page).to_have_url(re.compile(r"step=4$"))
    settled(page).go_back()
    expect(page).to_have_url(re.compile(r"step=9$"))
    expect(page.locator(f"{COLUMN}.current")).to_have_attribute("data-time", "8")
    expect(page.locator(".graph.folded")).to_have_count(0)
    settled(page).go_back()
    expect(page).to_have_url(re.compile(r"step=9&view=folded$"))
    expect(page.locator(".graph.folded")).to_have_count(1)


def test_the_tab_key_leaves_the_steps(open_page: OpenPage) -> None:
    page = open_page(ADDRESS)
    shown(page)
    page.locator(f"{COLUMN}.current").focus()
    page.keyboard.press("Tab")
    inside = "() => document.activeElement.shadowRoot?.activeElement?.getAttribute('class') ?? ''"
    assert "column" not in page.evaluate(inside)


def test_play_moves_the_step_and_stops_when_asked(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, step=2)
    shown(page)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".graph .position")).to_have_text(re.compile(r"Step [4-9]"), timeout=6_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_chosen_step_is_worked_out_and_stands_in_the_link(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="many_to_many")
    shown(page)
    page.locator(".drawing").evaluate("one => { one.marked = true }")
    column = page.locator(f'{COLUMN}[data-time="4"]')
    value = column.locator(".strip").bounding_box()
    assert value
    page.mouse.click(value["x"] + value["width"] / 2, value["y"] + value["height"] * (12 + 0.5) / 32)
    expect(page.get_by_text("Inside the cell at step 5, unit 12")).to_be_visible()
    assert page.locator(".drawing").evaluate("one => one.marked") is True, "the drawing is kept, not drawn anew"
    expect(page).to_have_url(re.compile("step=5&unit=12$"))
    shared = open_page(ADDRESS, step=5, unit=12)
    expect(shared.get_by_text("Inside the cell at step 5, unit 12")).to_be_visible()
    assert shared.locator(f"{COLUMN}.current").get_attribute("data-time") == "4"
    here = settled(page).locator(".katex-mathml annotation").all_inner_texts()
    assert here == settled(shared).locator(".katex-mathml annotation").all_inner_texts()


def test_one_answer_at_the_end_of_the_adding_problem(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="many_to_one")
    assert shown(page) == list(range(12)), "the whole sequence is in view"
    assert page.locator(".arrow.hy").count() == 1
    assert page.locator(".mark").count() == 2
    assert "Its answer is" in readout(page)
    page.get_by_text("The same as a table").click()
    rows = page.locator(".graph tbody tr")
    expect(rows).to_have_count(12)
    marked = [row for row in rows.all_inner_texts() if row.split("\t")[2].strip() == "1"]
    total = sum(float(row.split("\t")[1]) for row in marked)
    target = float(rows.nth(11).inner_text().split("\t")[4])
    assert len(marked) == 2
    assert abs(total - target) < 0.011


@pytest.mark.thorough
def test_the_answer_is_in_view_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="many_to_one", width=390, height=844)
    assert shown(page)[-1] == 11
    expect(page.locator(f'{COLUMN}[data-time="11"] .output')).to_be_visible()
    inside = "one => one.getBBox().width <= one.parentNode.querySelector('.result').getBBox().width"
    assert page.locator(f'{COLUMN}[data-time="11"] .result ~ .number').first.evaluate(inside)


@pytest.mark.thorough
def test_what_is_drawn_is_read_next(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="one_to_many")
    steps = shown(page)
    page.get_by_text("The same as a table").click()
    rows = [row.split("\t") for row in page.locator(".graph tbody tr").all_inner_texts()]
    assert [row[1].strip() for row in rows[1:]] == [row[3].split(" ")[0].strip() for row in rows[:-1]]
    assert page.locator(".arrow.feedback.between").count() == len(steps) - 1


@pytest.mark.thorough
def test_whatever_is_drawn_is_framed_and_no_probability_is_nothing(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="one_to_many", temperature=5)
    steps = shown(page)
    assert page.locator(f"{COLUMN} .right").count() == len(steps)
    shares = page.locator(f"{COLUMN} .guess.end").all_inner_texts()
    assert len(shares) > 3 * len(steps), "some are a fourth entry"
    assert "0.00" not in shares
    widths = [page.get_by_text(name, exact=True).first.bounding_box() for name in ("Temperature", "Which draw")]
    assert all(box and box["height"] < 30 for box in widths), "no label is broken in two"


def test_own_text_is_text(open_page: OpenPage) -> None:
    own = "<b>hi</b> $x^2$ **e\u0301** \u202eabc"
    page = open_page(ADDRESS, look_at="own", own=own)
    assert len(shown(page)) > 4
    page.get_by_text("The same as a table").click()
    expect(page.locator(".graph tbody tr")).to_have_count(len(own))
    inputs = [row.split("\t")[1].strip() for row in page.locator(".graph tbody tr").all_inner_texts()]
    assert inputs[:4] == list("<b>h")
    expect(page.get_by_text("never met in training")).to_contain_text("$")
    assert page.locator(".graph b").count() == 0


@pytest.mark.thorough
def test_the_window_scrolls(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, width=390, height=844)
    before = shown(page)
    page.get_by_role("button", name="Show later time steps").click()
    after = shown(page)
    assert after[0] == before[-1] + 1
    assert len(after) == len(before)
    width = page.locator(".drawing").bounding_box()
    assert width
    assert width["x"] + width["width"] <= 390


@pytest.mark.thorough
def test_the_picture_stands_alone(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(ADDRESS, cell="elman", scheme="dark")
    steps = shown(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the graph as it stands here").click()
    assert download.value.suggested_filename.endswith(".svg")
    path = tmp_path / "graph.svg"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    pictures = [node for node in root.iter() if node.tag.endswith("image")]
    assert len(pictures) == len(steps)
    assert all(node.attrib["href"].startswith("data:image/png") for node in pictures)
    assert "var(" not in text
    assert "run-" in text


@pytest.mark.thorough
def test_the_sliders_stand_at_the_step_and_unit_that_the_equations_are_for(open_page: OpenPage) -> None:
    page = open_page("unrolled")
    page.get_by_text("Many to one", exact=True).first.click()
    expect(page.get_by_role("heading", name="Inside the cell at step 12, unit 7")).to_be_visible()
    expect(page.locator('input[aria-label="Which example"]')).to_have_count(1)
    settled(page)
    expect(page.locator('input[aria-label="Time step"]')).to_have_value("12")
    expect(page.locator('input[aria-label="Unit"]')).to_have_value("7")


def test_a_step_out_of_view_is_said_and_one_press_away(open_page: OpenPage) -> None:
    said, later = "不在图中", "更晚 ›"
    page = open_page(ADDRESS, lang="zh", step=1)
    first = shown(page)
    back = page.get_by_role("button", name="回到第 1 步")
    expect(back).to_have_count(0)
    assert said not in readout(page)
    page.get_by_text(later, exact=True).click()
    assert 0 not in shown(page)
    assert said in readout(page)
    back.click()
    assert shown(page) == first
    assert said not in readout(page)
    expect(page.locator(f"{COLUMN}.current")).to_be_focused()


def test_the_keys_of_the_loss_chart_can_be_pressed(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, scheme="dark")
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.hover()
    keys = page.get_by_test_id("stElementToolbar").first.get_by_role("button")
    expect(keys).to_have_count(4)
    for key in keys.all():
        key.click(trial=True)  # would wait in vain for a key that something else lies upon
    room = chart.locator("xpath=ancestor::*[@data-testid='stVerticalBlock'][1]")
    assert room.evaluate("one => one.scrollHeight <= one.clientHeight"), "nothing is cut off or has to be scrolled to"
    keys.last.click()
    expect(page.get_by_role("button", name="Close fullscreen")).to_be_visible()


@pytest.mark.thorough
@pytest.mark.parametrize(
    "query",
    [{"cell": "lstm"}, {"cell": "gru"}, {"pattern": "many_to_one"}, {"pattern": "one_to_many", "top_k": 3}],
    ids=str,
)
def test_a_result_stays_with_its_sign_on_a_phone(open_page: OpenPage, query: dict) -> None:
    page = open_page(ADDRESS, width=390, height=844, **query)
    shown(page)
    parted = page.locator(".katex-html .mrel").evaluate_all(
        """all => all.filter(one => one.textContent === "≈").map(sign => {
            const { bottom } = sign.getBoundingClientRect();
            const digit = [...sign.parentElement.children].slice([...sign.parentElement.children].indexOf(sign) + 1)
                .find(one => one.textContent.trim());
            return !digit || digit.getBoundingClientRect().top > bottom; })"""
    )
    assert parted
    assert not any(parted)
    ends = page.locator(".katex-html .base").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(ends) <= 390


def test_lines_and_map_show_where_the_current_step_looks(open_page: OpenPage) -> None:
    page = open_page(ADDRESS, pattern="sequence_to_sequence", step=12)
    shown(page)
    assert page.locator(".drawing .look").count() > 0
    before = readout(page)
    assert "It looks most at step" in before
    page.locator('.map .weightcell[data-time="10"]').first.click()
    expect(page).to_have_url(re.compile(r"step=11$"))
    assert readout(page) != before
    page.locator(".graph .slider").fill("2")
    expect(page.locator(".drawing .look")).to_have_count(0)
    assert "Nothing is written before all of it is read" in readout(page)
