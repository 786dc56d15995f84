"""A reader marks a text by hand, with the mouse or from the keyboard, and asks the units about it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from core.spec import RunSpec
from dashboard.shell.words import labels
from tests.browser.harness import OpenPage, serious_findings, settled

pytestmark = pytest.mark.thorough

BUSY = 60_000
HOSTILE = "<b>bold</b> <img src=x onerror=alert(1)> \u202eright to left\u202c שלום e\u0301 👩\u200d👧 **x** a\tb\n"
CODE = "def total(rows):\n    return rows[0]\n\nfor row in table:\n    total(row)\n    print(row)\n"


def opened(open_page: OpenPage, passage: str | None = None, **options: str | int) -> Page:
    """The page with one's own concept, to be marked by hand in ``passage``."""
    own = {} if passage is None else {"look_at": "own", "own": passage}
    page = open_page("hidden-units", concept="own", mark_by="characters", **own, **options)
    expect(page.locator(".marker .text").first).to_be_visible(timeout=BUSY)
    return settled(page, timeout=BUSY)


def cell(page: Page, at: int) -> Locator:
    return page.locator(f'.open .cell[data-at="{at}"]')


def drag(page: Page, begin: int, end: int) -> None:
    """From the character at ``begin`` to the one before ``end``."""
    for at, then in ((begin, page.mouse.down), (end - 1, page.mouse.up)):
        box = cell(page, at).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        then()


def marked(page: Page) -> list[int]:
    return [int(one.get_attribute("data-at") or "") for one in page.locator(".open .marked").all()]


def asked(page: Page, setting: str, value: str) -> None:
    """The address says so, and the page has answered."""
    expect(page).to_have_url(
        re.compile(rf"[?&]{setting}={re.escape(value).replace(',', '(?:,|%2C)')}(&|$)"), timeout=BUSY
    )
    settled(page, timeout=BUSY)


def test_ranges_are_marked_and_unmarked_with_the_mouse(open_page: OpenPage) -> None:
    page = opened(open_page, CODE)
    page.locator(".marker .text").scroll_into_view_if_needed()
    at = CODE.index("return")
    drag(page, at, at + 6)
    asked(page, "marks", f"{at + 1}-{at + 6}")
    drag(page, at + 5, at + 4)  # backwards, on what is marked
    asked(page, "marks", f"{at + 1}-{at + 3}")
    expect(page.get_by_role("textbox", name="The same in numbers")).to_have_value(f"{at + 1}-{at + 3}")
    first = CODE.index("row")
    drag(page, first, first + 3)
    page.get_by_role("button", name="and everywhere else: row").click()
    rows = [one.start() for one in re.finditer("row", CODE)]
    expected = sorted({at, at + 1, at + 2} | {one + along for one in rows for along in range(3)})
    expect(page.get_by_text(f"marked in {len(rows) - 1} more places")).to_be_visible()
    asked(page, "marks", ",".join([f"{one + 1}-{one + 3}" for one in sorted([*rows, at])]))
    assert marked(page) == expected
    expect(page.get_by_role("button", name="marked everywhere: row")).to_be_disabled()
    page.reload()
    settled(page, timeout=BUSY)
    expect(page.locator(".open .marked")).to_have_count(len(expected), timeout=BUSY)
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".open .marked")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("marks="), timeout=BUSY)


def test_a_range_is_marked_from_the_keyboard_and_searched_for(open_page: OpenPage) -> None:
    page = opened(open_page)
    text = page.get_by_role("application", name=re.compile("^The text to mark"))
    text.focus()
    for key in ("ArrowDown", "End", "Home", "Shift+ArrowRight", "Shift+ArrowRight", "Escape", "ArrowUp", "Home"):
        text.press(key)
    assert marked(page) == []
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        text.press(key)
    asked(page, "marks", "2-4")
    expect(page.get_by_text("ranges: 1, of these in the first half of the text: 1; in the second: 0.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Search all 128 units")).click()
    expect(page.get_by_text("This text cannot tell")).to_be_visible(timeout=2 * BUSY)
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".open .marked")).to_have_count(0)
    cell(page, 0).scroll_into_view_if_needed()
    cell(page, [one.inner_text() for one in page.locator(".open .cell").all()].index("e")).click()
    page.get_by_role("button", name="and everywhere else: e").click()
    expect(page.get_by_text("Enough for a search")).to_be_visible()
    expect(page.get_by_text(re.compile("“your own”")).first).to_be_visible(timeout=BUSY)
    expect(page.get_by_text("This text cannot tell")).to_have_count(0, timeout=BUSY)
    expect(page.get_by_text("Would this much be found anyway? “your own”")).to_be_visible(timeout=BUSY)


def test_fast_marking_loses_nothing(open_page: OpenPage) -> None:
    page = opened(open_page, CODE)
    page.locator(".marker .text").scroll_into_view_if_needed()
    for begin in range(0, 16, 4):
        drag(page, begin, begin + 2)
    asked(page, "marks", "1-2,5-6,9-10,13-14")
    assert marked(page) == [at for begin in range(0, 16, 4) for at in (begin, begin + 1)]


def test_what_is_typed_is_marked_and_back_undoes_it(open_page: OpenPage) -> None:
    page = opened(open_page, CODE)
    field = page.get_by_role("textbox", name="The same in numbers")
    field.fill("1-3, 5")
    field.press("Enter")
    expect(page.locator(".open .marked")).to_have_count(4, timeout=BUSY)
    assert marked(page) == [0, 1, 2, 4]
    page.go_back()
    expect(page.locator(".open .marked")).to_have_count(0, timeout=BUSY)


def test_a_text_is_shown_and_never_obeyed(open_page: OpenPage) -> None:
    page = opened(open_page, HOSTILE, marks="4-7")
    shown = page.locator(".open .cell").all_inner_texts()
    assert len(shown) == len(HOSTILE), "one for each code point"
    assert "".join(shown[:4]) == "<b>b"
    assert page.locator("img[src=x]").count() == 0
    places = [page.locator(f'.open .cell[data-at="{at}"]').bounding_box() for at in range(41, 60)]
    lefts = [box["x"] for box in places if box and places[0] and box["y"] == places[0]["y"]]
    assert lefts == sorted(lefts), "nothing in it directs the writing"
    assert marked(page) == [3, 4, 5, 6]


def test_a_passage_is_chosen_by_dragging_and_its_matches_are_listed(open_page: OpenPage) -> None:
    page = open_page("hidden-units", matching="yes")
    text = page.get_by_role("application", name=re.compile("^The text to choose"))
    text.scroll_into_view_if_needed()
    settled(page, timeout=BUSY)
    drag(page, 4, 10)
    asked(page, "match_from", "5")
    expect(page.get_by_text("Passage: characters 5 to 10.")).to_be_visible(timeout=BUSY)
    assert marked(page) == list(range(4, 10))
    drag(page, 20, 90)
    expect(page.get_by_text("Passage: characters 21 to 60.")).to_be_visible(timeout=BUSY)
    text.focus()
    for key in ("Home", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        text.press(key)
    expect(page.get_by_text(re.compile(r"Passage: characters \d+ to \d+\."))).to_be_visible(timeout=BUSY)
    found = page.get_by_role("img", name=re.compile(r"^Share \d+%"))
    expect(found.first).to_be_visible(timeout=BUSY)


@pytest.mark.parametrize(
    ("query", "reason", "lang"),
    [
        ("9999999-1", "outside", "zh"),
        ("<img src=x>", "unreadable", "en"),
    ],
)
def test_places_that_are_none_are_answered_in_words(query: str, reason: str, lang: str, open_page: OpenPage) -> None:
    page = opened(open_page, lang=lang, marks=query)
    expect(page.get_by_text(labels(lang)[f"finder.own_{reason}"])).to_be_visible(timeout=BUSY)
    assert marked(page) == []
    assert page.get_by_test_id("stException").count() == 0


def test_a_passage_that_is_nowhere_is_answered_in_words(open_page: OpenPage) -> None:
    page = open_page("hidden-units", lang="zh", matching="yes", match_from="999")
    expect(page.get_by_text(re.compile("= 999"))).to_be_visible(timeout=BUSY)
    expect(page.locator(".open .marked")).to_have_count(8, timeout=BUSY)


CHINESE = RunSpec(hidden_size=32, updates=60, options=(("text", "chinese"),))
OWN_CHINESE = "小明说：“今天下雨，我不出门。”老师问：“你吃饭了吗？”他说：“还没有。”" * 20


def test_a_chinese_text_of_ones_own_is_read_marked_and_searched(open_page: OpenPage) -> None:
    own = OWN_CHINESE[:600]
    words = labels("zh")
    settings = {"text": "chinese", "hidden_size": CHINESE.hidden_size, "updates": CHINESE.updates, "length": 20_000}
    page = opened(open_page, own, lang="zh", searched="yes", **settings)
    page.get_by_role("button", name=words["train.button"], exact=True).click()
    expect(page.get_by_role("button", name=words["train.another"])).to_be_visible(timeout=3 * BUSY)
    settled(page, timeout=BUSY)
    unknown = page.get_by_text(re.compile("未知符号”："))
    expect(unknown.first).to_be_visible(timeout=BUSY)
    cell(page, 0).scroll_into_view_if_needed()
    at = own.index("“")
    drag(page, at, own.index("”") + 1)
    expect(page.locator(".open .marked")).to_have_count(own.index("”") + 1 - at)
    for mark in ("“今", "你吃"):
        begin = own.index(mark)
        drag(page, begin, begin + 2)
    cell(page, own.index("说")).click()
    page.get_by_role("button", name=re.compile("其余相同之处也标出")).click()
    expect(page.get_by_text(words["marker.enough"].format(needed=10))).to_be_visible()
    expect(page.get_by_text(re.compile("“自己的概念”")).first).to_be_visible(timeout=BUSY)
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "light"), ("zh", 390, "dark")])
def test_everybody_can_mark(open_page: OpenPage, lang: str, width: int, scheme: str) -> None:
    page = opened(open_page, lang=lang, width=width, scheme=scheme, marks="3-9,20", matching="yes")
    expect(page.get_by_role("img", name=re.compile(r"\d+%")).first).to_be_visible(timeout=BUSY)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_findings(page) == []
