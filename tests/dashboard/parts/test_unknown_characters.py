"""What a page says of characters that the network never met."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts.unknown_characters import MOST_LISTED


def said(text: str) -> list[str]:
    def page(text: str) -> None:
        from dashboard.parts.unknown_characters import say_unknown

        say_unknown(text, ("\ufffd", "a", "b", " "))

    app = AppTest.from_function(page, kwargs={"text": text}).run()
    assert not app.exception
    return [one.value for one in app.text]


def test_nothing_is_said_of_what_is_known() -> None:
    assert said("a b ab") == []


@pytest.mark.parametrize(("text", "listed"), [("aäbä", "ä"), ("a\nb`中", "⏎ ` 中"), ("a$x$", "$ x")])
def test_each_unknown_character_is_listed_once(text: str, listed: str) -> None:
    assert said(text)[0].endswith(f": {listed}")


def test_it_is_said_how_many_there_are() -> None:
    assert said("aäbä€ a")[0].startswith("3 of the 7 characters")


def test_the_list_ends() -> None:
    line = said("".join(chr(0x4E00 + one) for one in range(MOST_LISTED + 5)))[0]
    assert chr(0x4E00 + MOST_LISTED - 1) in line
    assert chr(0x4E00 + MOST_LISTED) not in line
    assert "…" in line
