"""One engine for all tests of jobs, with a cache directory of its own, and nothing left of it afterwards."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.engine import engine
from core.engine.queue import Queue
from tests.core.engine.watching import processes_of


@pytest.fixture(scope="session")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache directory of the engine that the tests share; its host starts with the first submission."""
    home = tmp_path_factory.mktemp("engine") / "home"
    yield home
    engine.stop(home)
    left = processes_of(home)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
    assert left == []


@pytest.fixture
def shared(engine_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this test see the shared engine: two workers, whatever the machine has."""
    monkeypatch.setenv("UNROLLED_HOME", str(engine_home))
    monkeypatch.setenv("UNROLLED_WORKERS", "2")
    monkeypatch.delenv("UNROLLED_SCHEDULER", raising=False)
    return engine_home


@pytest.fixture
def queue(shared: Path) -> Iterator[Queue]:
    """An app process's queue; what it still trains at the end is stopped."""
    queue = Queue()
    yield queue
    stop_everything(queue)
    queue.close()


@pytest.fixture
def other_app(shared: Path) -> Iterator[Queue]:
    """A second app process's queue, in front of the same engine."""
    queue = Queue()
    yield queue
    stop_everything(queue)
    queue.close()


def stop_everything(queue: Queue) -> None:
    for key, job in list(queue._jobs.items()):
        for reader in [*job.readers, "nobody"]:
            queue.cancel(key, reader)
