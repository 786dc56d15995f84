"""Who asks for the same look waits with the others; it ends with the last of them."""

from contextlib import ExitStack
from typing import Any

import pytest

from core.looks.joint import Joint
from core.looks.look import UnderWay
from core.once import Kept
from core.pace import NotWanted


@pytest.fixture
def joint() -> Joint:
    return Joint(Kept(10**6))


class Begun:
    """Looks that were begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.all: list[UnderWay[Any]] = []
        self.dropped: list[UnderWay[Any]] = []
        monkeypatch.setattr(UnderWay, "drop", lambda one: self.dropped.append(one))

    def begin(self) -> UnderWay[Any]:
        self.all.append(UnderWay())
        return self.all[-1]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    return Begun(monkeypatch)


def test_it_is_begun_once_and_dropped_with_the_last(joint: Joint, begun: Begun) -> None:
    first, second = ExitStack(), ExitStack()
    assert first.enter_context(joint.joined("key", begun.begin)) is second.enter_context(
        joint.joined("key", begun.begin)
    )
    first.close()
    assert begun.dropped == []
    second.close()
    assert begun.dropped == begun.all
    assert len(begun.all) == 1


def test_what_was_answered_is_kept(joint: Joint, begun: Begun) -> None:
    with joint.joined("key", begun.begin) as one:
        one.settle(lambda: "answer")
    with joint.joined("key", begun.begin) as again, joint.joined("other", begun.begin):
        assert again.result() == "answer"
    assert len(begun.all) == 2


def test_what_took_long_is_not_forgotten_as_cheap(joint: Joint, begun: Begun) -> None:
    for key, seconds in (("brief", 0.0), ("long", 10.0)):
        with joint.joined(key, begun.begin) as one:
            one.begun -= seconds
            one.settle(lambda: "answer")
    joint._kept.forget_cheap(unused_for=0.0, made_in=5.0)
    assert [joint._kept.found(key) is None for key in ("brief", "long")] == [True, False]


def test_what_failed_is_begun_again(joint: Joint, begun: Begun) -> None:
    def fail() -> None:
        raise NotWanted

    with joint.joined("key", begun.begin) as one:
        one.settle(fail)
    with joint.joined("key", begun.begin) as again:
        assert again is not one


def test_who_comes_when_the_answer_is_kept_leaves_those_who_wait_alone(joint: Joint, begun: Begun) -> None:
    with ExitStack() as first:
        one = first.enter_context(joint.joined("key", begun.begin))
        second = ExitStack()
        second.enter_context(joint.joined("key", begun.begin))
        one.settle(lambda: "answer")
        second.close()  # the answer is kept now, while the first still holds the look
        with joint.joined("key", begun.begin) as late:
            assert late.result() == "answer"
    assert len(begun.all) == 1
