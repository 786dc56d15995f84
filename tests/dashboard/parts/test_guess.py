"""A guess is answered: one answer of each question is right, every other is called wrong."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]
ANSWERS = {
    "gates": ("rarely", "half", "mostly"),
    "unrolled": ("none", "few", "twice"),
    "hidden_units": ("none", "few", "many"),
}
RIGHT, WRONG = {"en": "right.", "zh": "猜对了"}, {"en": "wrong.", "zh": "猜错了"}


@pytest.mark.parametrize(("page", "language"), [("gates", "zh"), ("unrolled", "en"), ("hidden_units", "zh")])
def test_one_answer_is_right_and_the_others_are_called_wrong(page: str, language: str, open_page: Open) -> None:
    verdicts = []
    for answer in ANSWERS[page]:
        app = open_page(page, lang=language, guess=answer)
        assert not app.exception
        said = " ".join(one.value for one in app.markdown)
        verdicts.append((RIGHT[language] in said, WRONG[language] in said))
    assert sorted(verdicts) == [(False, True), (False, True), (True, False)]
