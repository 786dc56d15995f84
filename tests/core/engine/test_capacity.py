"""How many workers a machine is given, and how much memory each."""

from pathlib import Path

import pytest

from core import machine
from core.engine import capacity
from core.engine.capacity import worker_count, worker_memory
from core.machine import available

GB = 10**9


@pytest.mark.parametrize(
    ("cores", "total", "free", "count"),
    [
        (2, 0.69 * GB, 0.5 * GB, 1),
        (8, 1.4 * GB, 1.3 * GB, 1),
        (2, 2 * GB, 1.5 * GB, 2),
        (8, 2 * GB, 1.2 * GB, 4),
        (8, 16 * GB, 12 * GB, 8),
        (8, 16 * GB, 0.1 * GB, 1),
        (128, 512 * GB, 400 * GB, 16),
    ],
)
def test_one_worker_per_core_as_far_as_memory_goes(
    cores: int, total: float, free: float, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNROLLED_WORKERS", raising=False)
    assert worker_count(cores, int(total), int(free)) == count


def test_what_a_machine_is_told_bounds_its_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNROLLED_WORKERS", raising=False)
    monkeypatch.setattr(capacity, "available", lambda: 24 * GB)
    monkeypatch.setenv("UNROLLED_MEMORY", "1600")
    assert worker_count(16) == 7
    monkeypatch.setenv("UNROLLED_MEMORY", "24000")
    assert worker_count(16) == 16


def test_an_operator_may_say_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_WORKERS", "3")
    assert worker_count(8, 10**9, 0) == 3
    for wrong in ("0", "-1", "many"):
        monkeypatch.setenv("UNROLLED_WORKERS", wrong)
        assert worker_count(2, 10 * GB, 10 * GB) == 2


def test_workers_and_all_else_stay_within_what_there_is() -> None:
    for total in (1.0 * GB, 1.5 * GB, 2 * GB, 4 * GB, 64 * GB):
        for count in (1, 2, 4):
            limit = worker_memory(count, int(total))
            own = limit - capacity.SHARED
            assert limit <= capacity.WORKER_CEILING
            assert own * count + capacity.APP_AND_ENGINE <= total or limit == capacity.WORKER_FLOOR


@pytest.mark.parametrize(
    ("limit", "use", "statistics", "name"),
    [
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat", "total_inactive_file"),
    ],
)
def test_the_container_is_asked_as_well_as_the_machine(
    limit: str, use: str, statistics: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "CGROUPS", tmp_path)
    free = available()
    folder = tmp_path if limit == "memory.max" else tmp_path / "memory"
    folder.mkdir(exist_ok=True)
    (folder / use).write_text("500100\n")
    (folder / statistics).write_text(f"active_file 9\n{name} 100\nslab 1\n")
    (folder / limit).write_text("max\n")
    assert available() == pytest.approx(free, rel=0.3)
    (folder / limit).write_text("690000\n")
    assert available() == 190_000
    (folder / limit).write_text("400000\n")
    assert available() == 0
