"""What a machine says of itself, and what it is told."""

from pathlib import Path

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


@pytest.mark.parametrize(
    ("has", "asked", "told"),
    [(True, None, {"ATEN_CPU_CAPABILITY": "avx2"}), (False, None, {}), (True, "default", {}), (True, "avx512", {})],
)
def test_a_processor_with_more_is_asked_for_what_the_saved_runs_were_made_with(
    has: bool, asked: str | None, told: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_has_avx512", lambda: has)
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    if asked:
        monkeypatch.setenv("ATEN_CPU_CAPABILITY", asked)
    assert machine.instructions() == told


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="only Linux lists what a processor can do")
def test_the_processor_is_known() -> None:
    assert machine._has_avx512() == (" avx512f " in Path("/proc/cpuinfo").read_text())
