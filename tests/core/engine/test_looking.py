"""Looking inside a network gives the same here and in a worker, and does not wait for what trains there."""

import os

import psutil
import pytest
import xarray

from core.engine import looking
from core.engine import queue as queues
from core.engine.job import JobState
from core.engine.queue import Queue
from core.spec import RunSpec
from core.traces.tracing import trace
from core.training import Training
from tests.core.engine.watching import on_workers, until

SPEC = RunSpec(hidden_size=8, truncation_length=16, batch_size=4, updates=3, options=(("length", 2000),))
TEXT = "for item in items:\n    item.load()\n"


@pytest.fixture(scope="module")
def run():
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


def test_a_worker_sees_what_this_process_sees_while_it_trains(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(queues, "queue", lambda: queue)
    busy = [SPEC.replace(updates=20_000, seed=seed) for seed in (1, 2)]
    queue.submit(busy, "reader")
    for spec in busy:
        until(queue, spec.key, {JobState.TRAINING}, "reader")
    seen = looking.look("traces.tracing:trace", run, TEXT)
    assert all(queue.status(spec.key, "reader").state is JobState.TRAINING for spec in busy)
    xarray.testing.assert_allclose(seen, trace(run, TEXT))


def test_a_look_survives_the_worker_that_dies(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(queues, "queue", lambda: queue)
    looking.look("traces.tracing:trace", run, TEXT)
    for pid in on_workers(queue, os.getpid).values():
        psutil.Process(pid).kill()
    xarray.testing.assert_allclose(looking.look("traces.tracing:trace", run, TEXT), trace(run, TEXT))


def test_what_is_wrong_with_a_question_is_said_by_the_worker_too(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(queues, "queue", lambda: queue)
    with pytest.raises(ValueError, match="no time steps"):
        looking.look("traces.tracing:trace", run, "")


def test_a_small_machine_looks_in_the_worker(monkeypatch) -> None:
    monkeypatch.delenv("UNROLLED_LOOK", raising=False)
    for memory, small in ((10**9, True), (8 * 10**9, False)):
        monkeypatch.setattr("distributed.system.MEMORY_LIMIT", memory)
        assert looking.elsewhere() is small
