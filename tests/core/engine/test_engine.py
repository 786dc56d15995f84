"""The host: one per cache directory, on the loopback interface only, and gone when nobody needs it."""

import asyncio
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from core.engine import engine, host
from core.engine.engine import Engine
from core.engine.job import JobState
from core.engine.queue import Queue
from tests.core.engine.examples import short
from tests.core.engine.watching import eventually, host_process, until


def test_the_engine_listens_on_this_machine_alone(queue: Queue, shared: Path) -> None:
    queue.submit(short(2000), "reader")
    until(queue, short(2000).key, {JobState.FINISHED}, "reader")
    processes = [host_process(shared), *host_process(shared).children(recursive=True)]
    listening = [
        connection.laddr.ip
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert set(listening) == {"127.0.0.1"}


def test_a_second_host_for_the_same_directory_leaves_at_once(queue: Queue, shared: Path) -> None:
    queue.submit(short(2001), "reader")
    until(queue, short(2001).key, {JobState.FINISHED}, "reader")
    first = host_process(shared).pid
    (directory,) = shared.glob("engine-*")
    second = engine.start(directory)
    assert second.wait(timeout=90) == 0
    assert host_process(shared).pid == first


def test_a_directory_where_nothing_can_be_written_is_replaced_by_one_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("no directory")
    monkeypatch.setenv("UNROLLED_HOME", str(file))
    directory = Engine().directory
    try:
        assert not directory.is_relative_to(file)
        (directory / "probe").write_text("can be written")
        assert Engine().directory == directory, "one host is enough"
    finally:
        for left in directory.iterdir():
            left.unlink()
        directory.rmdir()


def test_an_address_that_was_torn_or_outlived_is_passed_over(tmp_path: Path) -> None:
    assert engine.read_address(tmp_path) == {}
    for content in ("", "{", "[1]", "null"):
        (tmp_path / host.ADDRESS).write_text(content)
        assert engine.read_address(tmp_path) == {}
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert engine._living({"address": "tcp://127.0.0.1:1", "pid": ended.pid}) is None


def test_changed_code_gets_an_engine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "core").mkdir()
    monkeypatch.setattr(engine, "ENGINE_ROOT", tmp_path)
    module = tmp_path / "core" / "cell.py"
    module.write_text("")
    before = engine._fingerprint.__wrapped__()
    assert engine._fingerprint.__wrapped__() == before
    module.write_text("# changed")
    assert engine._fingerprint.__wrapped__() != before


class Scheduler:
    def __init__(self) -> None:
        self.tasks: dict[str, object] = {}
        self.clients: dict[str, object] = {"fire-and-forget": object()}
        self.workers: dict[str, object] = {"worker": object()}


def test_a_host_leaves_when_nobody_is_connected_and_nothing_trains() -> None:
    async def seconds_until_it_leaves(after: float, scheduler: Scheduler) -> float:
        started = time.monotonic()
        asyncio.get_running_loop().call_later(after, scheduler.tasks.clear)
        asyncio.get_running_loop().call_later(after, scheduler.clients.pop, "app", None)
        await host._until_idle(scheduler, 0.2, asyncio.Event())
        return time.monotonic() - started

    idle = Scheduler()
    assert 0.2 <= asyncio.run(seconds_until_it_leaves(0, idle)) < 5
    connected = Scheduler()
    connected.clients["app"] = object()
    assert asyncio.run(seconds_until_it_leaves(0.6, connected)) > 0.7
    training = Scheduler()
    training.tasks["run-1"] = object()
    assert asyncio.run(seconds_until_it_leaves(0.6, training)) > 0.7


def test_what_hosts_of_earlier_code_left_is_swept(tmp_path: Path) -> None:
    mine, old, young, lived_in = (tmp_path / f"engine-{name}" for name in ("mine", "old", "young", "lived"))
    for directory in (mine, old, young, lived_in):
        (directory / "scratch").mkdir(parents=True)
        (directory / host.LOCK).touch()
    with host.FileLock(lived_in / host.LOCK):
        for directory in (mine, old, lived_in):
            host.os.utime(directory / host.LOCK, (0, 0))
        host._sweep(mine)
        assert [directory.exists() for directory in (mine, old, young, lived_in)] == [True, False, True, True]
    eventually(lambda: old.exists(), lambda exists: not exists)


def test_a_host_whose_workers_do_not_come_back_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "SECONDS_WITHOUT_WORKERS", 0.3)

    async def left(workers: dict[str, str]) -> bool:
        scheduler = SimpleNamespace(tasks={}, clients={"app": "waits"}, workers=workers)
        with suppress(TimeoutError):
            await asyncio.wait_for(host._until_idle(scheduler, 1.0, asyncio.Event()), 1.5)
            return True
        return False

    assert asyncio.run(left({}))
    assert not asyncio.run(left({"one": "works"}))


def test_a_named_scheduler_that_is_not_there_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_SCHEDULER", "tcp://127.0.0.1:1")
    monkeypatch.setattr(engine, "SECONDS_TO_REACH", 0.5)
    with pytest.raises(engine.EngineUnavailable, match=r"127\.0\.0\.1:1"):
        asyncio.run(Engine().connect())
