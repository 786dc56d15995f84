"""What every test stands on: a cache directory of its own, and one thread for each network."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Before anything imports torch: with the default of one thread per core, a busy machine trains a hundred times slower.
os.environ["OMP_NUM_THREADS"] = "1"

HOME = Path(tempfile.mkdtemp(prefix="unrolled-tests-"))
os.environ["UNROLLED_HOME"] = str(HOME)
# Looks inside a network are made in the test's own process, unless a test asks for the engine.
os.environ["UNROLLED_LOOK"] = "app"


def pytest_unconfigure() -> None:
    """Leave nothing behind, no engine either."""
    from core.engine import engine, queue

    queue.queue().close()
    engine.stop(HOME)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give one test an empty cache directory that no other test has seen."""
    directory = tmp_path / "home"
    directory.mkdir()
    monkeypatch.setenv("UNROLLED_HOME", str(directory))
    return directory


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: their driver keeps an event loop running in this thread, in which no test can start its own."""
    items.sort(key=lambda item: "browser" in item.path.parts)
