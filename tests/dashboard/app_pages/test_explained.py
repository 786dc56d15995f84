"""A word that a first-time reader cannot know is explained where the page first uses it."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]

EXPLAINED = {
    ("unrolled", "en"): ("Held-out:", "Bits per character:", "Nats:", "Perplexity:", "Seed:"),
    ("unrolled", "zh"): ("留出：", "每字符比特：", "奈特（nat）：", "困惑度：", "种子："),
    ("gates", "en"): ("|r|:", "Seed:"),
    ("gates", "zh"): ("|r|：", "种子："),
    ("race", "en"): ("Bits per character:", "Seed:"),
    ("race", "zh"): ("每字符比特：", "种子："),
}


def helps(app: AppTest) -> Iterator[str]:
    for kind in ("markdown", "caption", "button"):
        yield from (one.proto.help for one in app.get(kind))


@pytest.mark.parametrize(("page", "language"), EXPLAINED)
def test_words_are_explained(page: str, language: str, open_page: Open) -> None:
    found = " ".join(helps(open_page(page, lang=language)))
    assert [word for word in EXPLAINED[page, language] if word not in found] == []
