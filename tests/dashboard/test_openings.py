"""The first screens of all pages need no worker, and show what a worker would say."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import xarray

from core.looks import saved
from core.looks.saved import Answered, SavedAnswers
from core.signals import Line
from core.store import saved as saved_runs
from core.units.finder import Finding
from dashboard import openings
from dashboard.experiment import looks

Question = tuple[Callable[..., Any], tuple[Any, ...], Mapping[str, Any]]


class Heard(SavedAnswers):
    """What comes with the app, and who asked for it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, tuple[Question, Answered | None]] = {}

    def found(
        self, look: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Answered | None:
        answer = super().found(look, arguments, options)
        path = self.path(look, arguments, options)
        self.asked[f"{path.parent.name}/{path.name}"] = (look, arguments, options), answer
        return answer


@pytest.fixture(scope="module")
def heard() -> Heard:
    with pytest.MonkeyPatch.context() as patched:
        looks._large_answers.kept.clear()  # by earlier tests of this process: a page asks for no answer twice
        answers = Heard()
        patched.setattr(saved, "answers", answers)
        for app in openings.opened(["en"]):  # the same looks in every language
            assert not app.exception
        return answers


def test_each_look_of_a_first_screen_is_saved(heard: Heard) -> None:
    assert len(heard.asked) >= len(openings.VIEWS)
    missing = [name for name, (_, answer) in heard.asked.items() if answer is None]
    assert missing == [], "python -m dashboard.openings makes them"


def test_nothing_else_is_saved(heard: Heard) -> None:
    files = {f"{path.parent.name}/{path.name}" for path in saved.DIRECTORY.rglob("*.safetensors")}
    assert files == set(heard.asked)
    assert sum(path.stat().st_size for path in saved.DIRECTORY.rglob("*.safetensors")) < 6 * 10**6


def test_each_is_what_this_machine_computes(heard: Heard) -> None:
    for (look, arguments, options), answer in heard.asked.values():
        assert answer is not None
        assert saved_runs().has(arguments[0].spec.key)
        close(answer.answer, look.here(*arguments, **options))  # type: ignore[attr-defined]


def close(one: Any, other: Any) -> None:
    """Fail unless the answers are equal but for the last digits, which differ between machines."""
    assert type(one) is type(other)
    match one:
        case xarray.Dataset():
            assert list(one) == list(other)
            xarray.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)
        case Finding():
            assert (one.unit, one.verdict, one.grade, one.scored) == (
                other.unit,
                other.verdict,
                other.grade,
                other.scored,
            )
            np.testing.assert_allclose(
                [one.strength, one.chance, *one.interval], [other.strength, other.chance, *other.interval], atol=0.01
            )
        case Line():
            assert (one.symbol, one.equation) == (other.symbol, other.equation)
            np.testing.assert_allclose(one.value, other.value, rtol=1e-3, atol=1e-4)
        case dict():
            assert list(one) == list(other)
            for name, value in one.items():
                close(value, other[name])
        case _:
            assert one == other
