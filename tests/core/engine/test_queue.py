"""The queue in front of a real engine: what two readers, two app processes and a Stop button may count on."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.engine import job
from core.engine import queue as queues
from core.engine.job import ACTIVE, JobState
from core.engine.queue import Queue, Refused
from core.store import Store, load, store, unsaved
from core.store import places as stores
from tests.core.engine.examples import long, short, trained
from tests.core.engine.watching import eventually, until

ROOT = Path(__file__).parents[3]
ENDED = {JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}


def test_a_training_is_queued_seen_and_kept(queue: Queue) -> None:
    spec = short(1).replace(updates=400)
    assert queue.status(spec.key).state is JobState.ABSENT
    started = time.perf_counter()
    queue.submit(spec, "reader")
    assert time.perf_counter() - started < 0.5  # however long the engine takes to start
    assert queue.status(spec.key, "reader").state in {JobState.STARTING, JobState.QUEUED, JobState.TRAINING}
    seen = until(queue, spec.key, {JobState.TRAINING, *ENDED}, "reader")
    assert (seen.updates, seen.attempt, seen.error) == (400, 1, None)
    ended = until(queue, spec.key, ENDED, "reader")
    assert ended.state is JobState.FINISHED
    kept = load(spec.key)
    direct = trained(spec)
    for name, array in direct.weights.items():
        np.testing.assert_array_equal(kept.weights[name], array)
    assert kept.outcome == "finished"
    # The store may know of the end before the last event has come.
    points = eventually(lambda: queue.status(spec.key, "reader").points, lambda points: len(points.update) == 200)
    assert points.update == tuple(range(1, 401, 2))
    assert points.loss == tuple(kept.curves["loss"][::2])
    assert points.gradient_norm == tuple(kept.curves["gradient_norm"][::2])
    assert points.clipped == tuple(bool(one) for one in kept.curves["clipped"][::2])
    assert points.held_out_update == tuple(kept.curves["held_out_update"])
    assert points.held_out_loss == tuple(kept.curves["held_out_loss"])


def test_progress_is_seen_soon_and_goes_on(queue: Queue) -> None:
    queue.submit(short(2), "reader")  # so that the workers are there
    until(queue, short(2).key, {JobState.FINISHED}, "reader")
    spec = long(1)
    started = time.perf_counter()
    queue.submit(spec, "reader")
    eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.points.loss)
    assert time.perf_counter() - started < 10  # 0.2 s on a quiet machine
    first = queue.status(spec.key, "reader")
    assert first.state is JobState.TRAINING
    assert first.place is None
    later = eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.update > first.update + 100)
    assert later.points.loss[: len(first.points.loss)] == first.points.loss
    assert later.seconds_left is not None
    assert later.seconds_left > 0
    assert len(later.points.loss) <= 300


def test_asking_costs_next_to_nothing(queue: Queue) -> None:
    spec = long(2)
    queue.submit(spec, "reader")
    eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.points.loss)
    for key in (spec.key, long(3).key):
        took = []
        for _ in range(200):
            started = time.perf_counter()
            queue.status(key, "reader")
            took.append(time.perf_counter() - started)
        assert statistics.median(took) < 0.002


OTHER_APP = """
import sys, time
from core.engine.job import JobState
from core.engine.queue import queue
from core.spec import RunSpec
spec = RunSpec.from_json(sys.argv[1])
apps = queue()
apps.submit(spec, "somebody else")
while (status := apps.status(spec.key, "somebody else")).state is not JobState.FINISHED:
    assert status.state in {JobState.STARTING, JobState.QUEUED, JobState.TRAINING}, status
    time.sleep(0.02)
print(status.attempt, "torch" in sys.modules, *status.points.loss)
"""


@pytest.mark.thorough
def test_two_app_processes_share_one_training(queue: Queue) -> None:
    spec = short(3).replace(updates=2000)
    queue.submit(short(303), "reader")
    until(queue, short(303).key, ENDED, "reader")  # a training of its own: it hears of every one from now on
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_APP, spec.to_json()], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as other:
        eventually(
            lambda: queue.status(spec.key), lambda status: status.state is JobState.TRAINING
        )  # heard of, not asked for
        queue.submit(spec, "reader")
        ended = until(queue, spec.key, ENDED, "reader")
        told, _ = other.communicate(timeout=60)
    assert other.returncode == 0
    assert ended.state is JobState.FINISHED
    # One beginning was seen by each; a second training of the same key would have been another attempt.
    assert ended.attempt == 1
    attempt, torch_loaded, *losses = told.split()
    assert (attempt, torch_loaded) == ("1", "False")
    # Which of the last points reach a process before it hears of the end is chance; the curve is the same.
    heard = min(len(losses), len(ended.points.loss))
    assert heard > 100
    assert [float(loss) for loss in losses[:heard]] == list(ended.points.loss[:heard])


def test_an_app_process_that_comes_later_sees_what_trains_already(queue: Queue, other_app: Queue) -> None:
    """Also the one that was closed or killed, and comes back."""
    spec = long(4)
    queue.submit(spec, "reader")
    before = eventually(lambda: queue.status(spec.key, "reader"), lambda status: len(status.points.loss) > 1)
    other_app.warm()
    seen = eventually(lambda: other_app.status(spec.key, "reader"), lambda status: status.points.loss)
    assert seen.state is JobState.TRAINING
    assert seen.points.loss[: len(before.points.loss)] == before.points.loss  # from the first update on


def test_what_was_asked_for_goes_on_without_the_app_that_asked(queue: Queue, other_app: Queue) -> None:
    spec = short(4).replace(updates=600)
    other_app.submit(spec, "reader")
    until(other_app, spec.key, {JobState.TRAINING})
    other_app.close()
    assert until(queue, spec.key, {JobState.FINISHED}).state is JobState.FINISHED


def test_stop_answers_at_once_and_frees_the_worker(queue: Queue) -> None:
    both = [long(5), long(6)]
    queue.submit(both, "reader")
    for spec in both:
        eventually(lambda key=spec.key: queue.status(key, "reader"), lambda status: status.points.loss)
    waiting = short(5)
    queue.submit(waiting, "somebody else")
    queued = eventually(lambda: queue.status(waiting.key, "somebody else"), lambda status: status.place)
    assert (queued.state, queued.place) == (JobState.QUEUED, 1)
    started = time.perf_counter()
    assert queue.cancel(both[0].key, "reader")
    assert time.perf_counter() - started < 0.5
    stopped = queue.status(both[0].key, "reader")
    assert stopped.state is JobState.CANCELLED
    assert stopped.points.loss  # what was seen so far stays on the page
    until(queue, waiting.key, {JobState.TRAINING, JobState.FINISHED}, "somebody else")
    assert time.perf_counter() - started < 10  # under a second on a quiet machine
    assert queue.status(both[1].key, "reader").state is JobState.TRAINING
    time.sleep(0.6)  # its last events have come in: it is not thought to train again
    assert queue.status(both[0].key, "reader").state is JobState.CANCELLED
    assert not stores.has(both[0].key)


def test_what_was_stopped_can_be_trained_again(queue: Queue) -> None:
    spec = short(6).replace(updates=1500)
    for _ in range(2):
        queue.submit(spec, "reader")
        eventually(lambda: queue.status(spec.key, "reader"), lambda status: status.points.loss)
        assert queue.cancel(spec.key, "reader")
    queue.submit(spec, "reader")
    assert until(queue, spec.key, ENDED, "reader").state is JobState.FINISHED
    assert len(load(spec.key).curves["loss"]) == 1500


def test_what_waits_has_a_place_and_leaves_it(queue: Queue) -> None:
    queue.submit([long(7), long(8)], "one")
    for spec in (long(7), long(8)):
        until(queue, spec.key, {JobState.TRAINING}, "one")
    queue.submit(long(9), "two")
    queue.submit(long(10), "three")
    places = lambda: (queue.status(long(9).key, "two").place, queue.status(long(10).key, "three").place)  # noqa: E731
    assert eventually(places, lambda found: None not in found) == (1, 2)
    assert queue.cancel(long(9).key, "two")
    assert queue.status(long(9).key, "two").state is JobState.CANCELLED
    eventually(lambda: queue.status(long(10).key, "three"), lambda status: status.place == 1)


def test_a_training_that_another_reader_waits_for_is_not_stopped(queue: Queue) -> None:
    spec = long(11)
    queue.submit(spec, "one")
    until(queue, spec.key, {JobState.TRAINING}, "one")
    queue.status(spec.key, "two")  # opened the same link
    assert not queue.cancel(spec.key, "one")
    assert queue.status(spec.key, "two").state is JobState.TRAINING
    watching = queue.status(spec.key, "one")  # the page of the first is still open
    assert watching.declined
    assert not queue.status(spec.key, "two").declined
    assert queue.cancel(spec.key, "two"), "the first waits no more, although the page looks on"
    assert queue.status(spec.key).state is JobState.CANCELLED


def test_who_has_stopped_a_training_may_ask_for_it_again(queue: Queue) -> None:
    spec = long(18)
    queue.submit(spec, "one")
    until(queue, spec.key, {JobState.TRAINING}, "one")
    queue.status(spec.key, "two")
    assert not queue.cancel(spec.key, "one")
    queue.submit(spec, "one")
    assert not queue.status(spec.key, "one").declined
    assert not queue.cancel(spec.key, "two")
    assert queue.cancel(spec.key, "one")


def test_who_has_stopped_a_training_is_not_signed_up_again_by_another_reader(queue: Queue) -> None:
    spec = long(17)
    queue.submit(spec, "one")
    until(queue, spec.key, {JobState.TRAINING}, "one")
    assert queue.cancel(spec.key, "one")
    queue.submit(spec, "two")
    until(queue, spec.key, {JobState.TRAINING}, "two")
    assert queue.status(spec.key, "one").declined  # the page of the first is still open
    assert queue.cancel(spec.key, "two")


def test_many_trainings_are_stopped_at_once(queue: Queue) -> None:
    specs = [long(seed) for seed in range(100, 124)]
    queue.submit(specs, "one")
    until(queue, specs[0].key, {JobState.TRAINING}, "one")
    began = time.monotonic()
    assert queue.cancel([spec.key for spec in specs], "one")
    assert time.monotonic() - began < 2 * queues.SECONDS_TO_STOP
    for spec in specs:
        eventually(lambda key=spec.key: queue.status(key).state, lambda state: state not in ACTIVE)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_queue_whose_thread_has_died_starts_another(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise AssertionError("as no engine fails")

    with monkeypatch.context() as patched:
        patched.setattr(queue._engine, "connect", broken)
        queue.submit(short(19), "one")
        eventually(lambda: queue._thread and queue._thread.is_alive(), lambda alive: not alive)
    queue.warm()
    assert until(queue, short(19).key, ENDED, "one").state is JobState.FINISHED


def test_nor_one_that_a_reader_of_another_app_process_waits_for(queue: Queue, other_app: Queue) -> None:
    spec = long(12)
    queue.submit(spec, "one")
    until(queue, spec.key, {JobState.TRAINING}, "one")
    other_app.warm()
    until(other_app, spec.key, {JobState.TRAINING}, "two")
    time.sleep(1.5)  # its app process says so once a second
    update = queue.status(spec.key, "one").update
    assert not queue.cancel(spec.key, "one")
    eventually(lambda: other_app.status(spec.key, "two"), lambda status: status.update > update + 100)
    assert other_app.cancel(spec.key, "two")
    eventually(lambda: queue.status(spec.key).state, lambda state: state not in ACTIVE)


def test_a_reader_who_has_gone_waits_no_more(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "SECONDS_OF_A_CLAIM", 0.5)
    spec = long(13)
    queue.submit(spec, "closed tab")
    until(queue, spec.key, {JobState.TRAINING}, "reader")
    time.sleep(0.6)
    assert queue.status(spec.key, "reader").state is JobState.TRAINING  # and yet it goes on
    assert queue.cancel(spec.key, "reader")


def test_two_experiments_per_reader_and_a_race_is_one(queue: Queue) -> None:
    race = [long(14), long(15), long(16)]
    queue.submit(race, "one")
    queue.submit(race, "one")  # pressed twice
    queue.submit(race[0], "one")  # a part of it
    queue.submit(long(17), "one")
    with pytest.raises(Refused) as raised:
        queue.submit(long(18), "one")
    assert (raised.value.reason, raised.value.values) == ("active", {"limit": 2})
    queue.submit(long(18), "two")
    queue.cancel(long(17).key, "one")
    queue.submit(long(19), "one")  # one has ended, so there is room
    queue.submit([], "one")


@pytest.mark.parametrize(
    ("specs", "reason", "named"),
    [
        ([short(0).replace(hidden_size=512, updates=20_000)], "cost", {"seconds", "ceiling"}),
        ([long(seed).replace(hidden_size=256) for seed in range(20)], "cost", {"seconds", "ceiling"}),
        (
            [short(0).replace(hidden_size=512, layer_count=3, batch_size=256, length=200, updates=1)],
            "memory",
            {"megabytes", "ceiling"},
        ),
        ([short(seed) for seed in range(100, 133)], "runs", {"count", "limit"}),
    ],
)
def test_what_is_too_much_is_refused_with_the_numbers(specs: list, reason: str, named: set[str], queue: Queue) -> None:
    with pytest.raises(Refused) as raised:
        queue.submit(specs, "reader")
    assert raised.value.reason == reason
    assert raised.value.values.keys() == named
    first, second = raised.value.values.values()
    assert first > second
    assert queue.status(specs[0].key).state is JobState.ABSENT


def test_a_full_queue_refuses(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "QUEUE_LIMIT", 3)
    queue.submit([long(20), long(21), long(22)], "one")
    with pytest.raises(Refused) as raised:
        queue.submit(long(23), "two")
    assert (raised.value.reason, raised.value.values) == ("full", {"limit": 3})
    queue.submit(long(20), "two")  # to join what trains already takes no place


def test_a_text_that_is_not_to_be_had_fails_in_words(queue: Queue) -> None:
    spec = short(0).__class__(options=(("text", "own-" + "0" * 32),), updates=5)
    queue.submit(spec, "reader")
    failed = until(queue, spec.key, ENDED, "reader")
    assert (failed.state, failed.error) == (JobState.FAILED, "text")
    assert failed.attempt == 1


def test_a_diverged_training_is_a_result(queue: Queue) -> None:
    spec = short(7).replace(
        optimiser="sgd", learning_rate=10.0, clip_norm=None, updates=3000, momentum=0.99, cell="elman"
    )
    queue.submit(spec, "reader")
    assert until(queue, spec.key, ENDED, "reader").state is JobState.FINISHED
    assert load(spec.key).outcome == trained(spec).outcome


def test_a_store_that_cannot_be_written_loses_no_result(queue: Queue, shared: Path) -> None:
    runs, aside = shared / "runs", shared / "aside"
    runs.mkdir(exist_ok=True)
    runs.rename(aside)
    runs.write_text("a file where the directory should be")
    try:
        spec = short(8)
        queue.submit(spec, "reader")
        ended = until(queue, spec.key, ENDED, "reader")
        assert ended.state is JobState.FINISHED
        assert not store().has(spec.key)
        assert unsaved().has(spec.key)
        np.testing.assert_array_equal(load(spec.key).curves["loss"], trained(spec).curves["loss"])
    finally:
        runs.unlink()
        aside.rename(runs)


def test_an_app_that_sees_another_disk_gets_the_result_all_the_same(
    queue: Queue, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Store(tmp_path, 10**9)
    monkeypatch.setattr(stores, "store", lambda: elsewhere)
    monkeypatch.setattr(queues, "store", lambda: elsewhere)
    spec = short(9)
    queue.submit(spec, "reader")
    assert until(queue, spec.key, ENDED, "reader").state is JobState.FINISHED
    assert elsewhere.has(spec.key)
    assert (shared / "runs" / spec.key[4:6] / f"{spec.key}.safetensors").exists()


def test_a_finished_run_that_was_removed_is_absent_and_can_be_trained_again(queue: Queue, shared: Path) -> None:
    spec = short(10)
    file = shared / "runs" / spec.key[4:6] / f"{spec.key}.safetensors"

    for _ in range(2):
        queue.submit(spec, "reader")
        assert until(queue, spec.key, ENDED, "reader").state is JobState.FINISHED
        eventually(lambda: queue._jobs[spec.key].future, lambda future: future is None)  # the engine has answered
        file.unlink()
        assert queue.status(spec.key).state is JobState.ABSENT


def test_the_module_has_one_queue_for_each_cache_directory(
    shared: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        monkeypatch.setattr(queues, "_queue", None)
        first = queues.queue()
        assert queues.queue() is first
        monkeypatch.setenv("UNROLLED_HOME", str(shared))
        assert queues.queue() is not first
    finally:
        queues.queue().close()
