"""Whoever trains may die: no finished result is lost, and a training that is repeated says so."""

import os
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.engine import engine
from core.engine.job import JobState
from core.engine.queue import Queue
from core.store import has, load
from tests.core.engine.examples import long, short, trained
from tests.core.engine.watching import eventually, host_process, until, worker_process

ENDED = {JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}


@pytest.mark.thorough
def test_a_training_whose_worker_is_killed_is_repeated_and_says_so(queue: Queue) -> None:
    spec = short(1000).replace(updates=1500)
    queue.submit(spec, "reader")
    eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.update > 100)
    worker_process(queue, spec.key).kill()
    repeated = eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.attempt == 2)
    assert repeated.state is JobState.TRAINING
    ended = until(queue, spec.key, ENDED, "reader")
    assert (ended.state, ended.attempt) == (JobState.FINISHED, 2)
    np.testing.assert_array_equal(load(spec.key).curves["loss"], trained(spec).curves["loss"])


def test_a_training_that_kills_its_worker_every_time_is_given_up(queue: Queue) -> None:
    spec = long(1001)
    queue.submit(spec, "reader")
    for attempt in (1, 2, 3):
        eventually(
            lambda attempt=attempt: queue.status(spec.key, "reader"),
            lambda status, attempt=attempt: status.attempt == attempt and status.update > 100,
        )
        worker_process(queue, spec.key).kill()
    ended = until(queue, spec.key, ENDED, "reader")
    assert (ended.state, ended.error, ended.attempt) == (JobState.FAILED, "worker_lost", 3)
    queue.submit(short(1002), "reader")  # and the engine is well
    assert until(queue, short(1002).key, ENDED, "reader").state is JobState.FINISHED


@pytest.mark.thorough
def test_when_the_engine_host_is_killed_what_is_finished_stays_and_the_rest_begins_again(
    queue: Queue, shared: Path
) -> None:
    finished, under_way = short(1003), short(1004).replace(updates=1500)
    queue.submit(finished, "reader")
    until(queue, finished.key, {JobState.FINISHED}, "reader")
    queue.submit(under_way, "reader")
    eventually(lambda: queue.status(under_way.key, "reader"), lambda status: status.update > 100)
    host = host_process(shared)
    workers = host.children(recursive=True)
    host.kill()
    assert queue.status(finished.key).state is JobState.FINISHED
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []  # workers do not outlive it
    repeated = eventually(lambda: queue.status(under_way.key, "reader"), lambda status: status.attempt == 2)
    assert repeated.state is JobState.TRAINING
    ended = until(queue, under_way.key, ENDED, "reader")
    assert (ended.state, ended.attempt) == (JobState.FINISHED, 2)
    assert has(finished.key)
    assert host_process(shared).pid != host.pid


def test_without_an_engine_a_training_fails_in_words(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNROLLED_SCHEDULER", raising=False)
    monkeypatch.setattr(engine, "ENGINE_ROOT", tmp_path)  # no host is found there
    queue = Queue()
    try:
        queue.submit(short(1005), "reader")
        failed = until(queue, short(1005).key, ENDED, "reader")
        assert (failed.state, failed.error) == (JobState.FAILED, "engine")
        begun = time.monotonic()
        with pytest.raises(engine.EngineUnavailable, match="after 5 starts") as unavailable:
            queue.ask_aside(os.getpid, (), {})
        assert not isinstance(unavailable.value, engine.AnswerLost)
        assert time.monotonic() - begun < 30, "not after the ten minutes that an answer may take"
    finally:
        queue.close()
