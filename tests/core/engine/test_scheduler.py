"""A scheduler of the reader's own, on other machines: here one `dask scheduler` and two `dask worker` on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.engine.job import JobState
from core.engine.queue import Queue
from core.store import load
from tests.core.engine.examples import long, short, trained
from tests.core.engine.watching import eventually, until

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster whose workers keep what they train on a disk of their own."""
    directory = tmp_path_factory.mktemp("cluster")
    told = directory / "scheduler.json"
    common = [f"--scheduler-file={told}", "--host=127.0.0.1", "--no-dashboard"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "UNROLLED_HOME": str(directory / "home"),
        "OMP_NUM_THREADS": "1",
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    }
    commands = [
        ["scheduler", "--port=0", *common],
        *(["worker", "--nthreads=1", "--no-nanny", f"--local-directory={directory}", *common] for _ in range(2)),
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            cwd=directory,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        yield json.loads(eventually(lambda: told.read_text() if told.exists() else "", bool))["address"]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


@pytest.fixture
def queue(cluster: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setenv("UNROLLED_SCHEDULER", cluster)
    queue = Queue()
    yield queue
    queue.close()


@pytest.mark.thorough
def test_the_same_queue_submits_to_a_cluster_and_collects_from_it(queue: Queue, home: Path) -> None:
    race = [short(3000).replace(cell=cell, updates=300) for cell in ("elman", "lstm", "gru")]
    queue.submit(race, "reader")
    for spec in race:
        ended = until(queue, spec.key, {JobState.FINISHED, JobState.FAILED}, "reader")
        assert ended.state is JobState.FINISHED, ended
        assert len(ended.points.loss) == 300
        assert load(spec.key).curves["loss"].tolist() == trained(spec).curves["loss"].tolist()
        assert (home / "runs" / spec.key[4:6] / f"{spec.key}.safetensors").exists()
    assert not list(home.glob("engine-*"))  # no host of this machine's own was started


@pytest.mark.thorough
def test_stop_reaches_a_worker_of_the_cluster(queue: Queue) -> None:
    both = [long(3001), long(3002)]
    queue.submit(both, "reader")
    for spec in both:
        eventually(lambda key=spec.key: queue.status(key, "reader"), lambda status: status.points.loss)
    assert queue.cancel(both[0].key, "reader")
    after = short(3003)
    queue.submit(after, "reader two")
    assert until(queue, after.key, {JobState.FINISHED, JobState.FAILED}, "reader two").state is JobState.FINISHED
    assert queue.status(both[1].key, "reader").state is JobState.TRAINING
    assert queue.cancel(both[1].key, "reader")
