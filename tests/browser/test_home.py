"""The front page: a network reads, in the browser alone, and one press leads on."""

from playwright.sync_api import expect

from tests.browser.harness import OpenPage, settled

WATCH_THE_SERVER = """() => {
  window.runs = 0;
  new MutationObserver(() => window.runs++).observe(
    document.querySelector('[data-testid=stApp]'), { attributes: true, attributeFilter: ['data-test-script-state'] });
}"""


def test_it_plays_without_asking_the_server(open_page: OpenPage) -> None:
    page = open_page()
    slider = page.get_by_role("slider", name="Character that is being read")
    slider.fill("3")
    before = slider.input_value()
    page.evaluate(WATCH_THE_SERVER)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function(
        "([slider, before]) => Number(slider.value) > Number(before) + 2", arg=[slider.element_handle(), before]
    )
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("window.runs") == 0
    slider.press("ArrowRight")
    expect(page.get_by_text("expects next")).to_be_visible()


def test_one_press_leads_to_the_first_lesson(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="See one unrolled").click()
    page.wait_for_url("**/unrolled*")
    expect(settled(page).get_by_role("heading", level=1)).not_to_have_text("Unrolled")


def test_every_other_page_is_on_the_map(open_page: OpenPage) -> None:
    page = open_page(lang="zh")
    for name in ("unrolled", "gates", "hidden-units", "race"):
        assert page.get_by_test_id("stMain").locator(f'a[href*="{name}"]').count() == 1, name
