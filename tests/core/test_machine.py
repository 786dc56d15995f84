"""What a machine says of itself, and what it is told."""

import pytest

from core import machine


def test_only_an_app_that_is_told_to_looks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked, itself in (("", False), ("worker", False), ("app", True)):
        monkeypatch.setenv("UNROLLED_LOOK", asked)
        assert machine.looks_in_app() is itself


@pytest.mark.parametrize(
    ("told", "limit"), [("1000", 10**9), ("8000", 8 * 10**9), ("", None), ("much", None), ("-5", None), ("0", None)]
)
def test_a_machine_has_as_much_memory_as_it_is_told(
    told: str, limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNROLLED_MEMORY", raising=False)
    measured = machine.memory_limit()
    monkeypatch.setenv("UNROLLED_MEMORY", told)
    assert machine.memory_limit() == (limit or measured)
    assert limit is None or machine.is_small() == (told == "1000")
