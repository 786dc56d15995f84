"""A page shows how far a long look has come, and says in words why there is none."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.engine.engine import AnswerLost, EngineUnavailable
from core.looks.look import TooMany, UnderWay
from core.looks.price import AT_ALL, Price, TooLarge
from core.once import MEGABYTE, Kept
from core.spec import RunSpec
from core.training import Training
from dashboard.experiment import looks
from dashboard.shell.words import label

SPEC = RunSpec(hidden_size=4, truncation_length=8, batch_size=2, updates=1, options=(("length", 2000),))


class Long:
    """A look that takes long, or cannot be had."""

    def __init__(self, begin: Callable[[], UnderWay[Any]]) -> None:
        self._begin = begin

    def is_brief(self, *_: Any) -> bool:
        return False

    def begin(self, *_: Any) -> UnderWay[Any]:
        return self._begin()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], UnderWay[Any]]], AppTest]:
    """Run a page that shows what a look gives."""
    run = Training(SPEC).run()

    def script() -> None:
        import streamlit as st

        given = st.session_state["given"]
        st.text(str(given["answer"](given["answers"], "asked", given["look"], given["run"])))

    def show(begin: Callable[[], UnderWay[Any]]) -> AppTest:
        app = AppTest.from_function(script, default_timeout=30)
        answers = looks._Answers(1)
        app.session_state["given"] = {"answer": looks._answer, "answers": answers, "look": Long(begin), "run": run}
        return app.run()

    monkeypatch.setattr(looks, "BEAT", 0.02)
    return show


def test_a_long_look_is_watched_until_its_answer_is_there(shown, monkeypatch) -> None:
    seen: list[float | None] = []
    beats = threading.Event()
    wait = UnderWay.wait

    def watched(one: UnderWay[Any], seconds: float | None) -> bool:
        seen.append(one.share)
        if len(seen) == 2:
            one.hear(0.5)
        if len(seen) == 4:
            beats.set()
        return wait(one, seconds)

    def begin() -> UnderWay[Any]:
        one: UnderWay[Any] = UnderWay()
        threading.Thread(target=lambda: one.settle(lambda: beats.wait(30) and "the answer")).start()
        return one

    monkeypatch.setattr(UnderWay, "wait", watched)
    app = shown(begin)
    assert [text.value for text in app.text] == ["the answer"]
    assert seen[:4] == [None, None, 0.5, 0.5]
    assert not app.get("progress")


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (TooMany(), label("train.look_too_many")),
        (
            TooLarge(Price(2 * AT_ALL[0], 500.0)),
            label("train.look_too_large", megabytes=2 * AT_ALL[0] / MEGABYTE, seconds=500.0),
        ),
        (EngineUnavailable("none"), label("train.failed_engine")),
        (AnswerLost("none"), label("train.look_lost")),
    ],
)
def test_what_cannot_be_had_is_said_in_words(shown, refused: Exception, words: str) -> None:
    def begin() -> UnderWay[Any]:
        raise refused

    app = shown(begin)
    assert [one.value for one in (*app.warning, *app.error)] == [words]
    assert not app.text
    assert not app.exception


def test_an_answer_that_is_kept_is_not_looked_for_again() -> None:
    kept: Kept[Any] = Kept(10**6)
    assert kept.get("key", lambda: 1) == kept.get("key", lambda: 2) == 1
    assert kept.makings == 1
