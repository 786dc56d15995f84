"""A reader's journey through a race: guess, train, watch, read the verdict, pass it on, take it home."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.harness import OpenPage, settled

QUICK = {"hidden_size": 8, "updates": 300, "batch_size": 32, "truncation_length": 16, "seed": 41}
ENOUGH = 240_000


def titles(page: Page) -> list[str]:
    return page.locator("h5").all_inner_texts()


def test_the_first_screen_is_a_claim_beside_its_counter_example(open_page: OpenPage) -> None:
    page = open_page("race")
    claim, counter = titles(page)[:2]
    assert "Elman RNN oscillates, LSTM is still falling" in claim
    assert "all are still falling, Elman RNN lowest after 400 updates" in counter
    button = page.get_by_role("button", name="Train", exact=True)
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800, "the one prominent button is on the first screen"


def test_a_race_from_guess_to_download(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("race", **QUICK)
    page.locator(".st-key-race-guess").locator("button", has_text="nobody's").click()
    settled(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible(timeout=ENOUGH)
    expect(page.get_by_text("The verdict, computed from these runs")).to_be_visible(timeout=ENOUGH)
    settled(page)
    expect(page.get_by_text("Predicted: nobody's.")).to_be_visible()
    verdict = page.get_by_role("listitem").filter(has_text="bits per character").all_inner_texts()
    assert len(verdict) == 3, "one sentence for each of two cells, and one about the lead"

    other = open_page(page.url.split("?")[0].rsplit("/", 1)[1], lang="zh", **QUICK, guess="none")
    expect(other.get_by_text("由这些训练算出的结论")).to_be_visible(timeout=ENOUGH)
    assert other.get_by_role("button", name="停止").count() == 0, "nothing is trained again for a second reader"

    table = other.get_by_role("table")
    other.set_viewport_size({"width": 390, "height": 844})
    expect(table.get_by_role("columnheader", name="LSTM")).to_be_visible()
    box = table.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390, "the whole table is seen on a phone"

    page.get_by_text("The runs behind it").click()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="All curves as CSV").click()
    download.value.save_as(tmp_path / "race.csv")
    with (tmp_path / "race.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * QUICK["updates"]
    assert {row["cell"] for row in rows} == {"elman", "lstm"}


def test_a_stopped_race_says_so(open_page: OpenPage) -> None:
    page = open_page("race", **QUICK | {"updates": 20_000, "seed": 42})
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("2 networks × 20,000 updates")).to_be_visible(timeout=ENOUGH)
    expect(page.locator("h5", has_text="Under way: Elman RNN and LSTM")).to_be_visible(timeout=ENOUGH)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.locator("h5", has_text="No result yet: Elman RNN and LSTM")).to_be_visible(timeout=ENOUGH)


def test_after_stop_one_sentence_tells_of_all_seeds(open_page: OpenPage) -> None:
    page = open_page("race", **QUICK | {"updates": 20_000, "seed": 43, "seeds": 4})
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("8 networks × 20,000 updates")).to_be_visible(timeout=ENOUGH)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Of 8 networks, trained and kept: 0; stopped on the way:")).to_be_visible()
    assert page.get_by_test_id("stMain").get_by_text(re.compile("^Stopped")).count() == 1


def test_another_experiment_needs_another_guess(open_page: OpenPage) -> None:
    page = open_page("race", guess="lstm")
    chosen = page.locator(".st-key-race-guess [aria-checked=true]")
    expect(chosen).to_have_count(1)
    page.locator(".st-key-race-preset label").filter(has_text="No clipping, Adam 0.01").click()
    settled(page)
    expect(chosen).to_have_count(0)
    assert "guess" not in page.url
    assert "optimiser=adam" in page.url
