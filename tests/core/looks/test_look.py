"""A look gives the same here and on a worker, says how far it has come, ends when nobody wants it, and has a price."""

import os
import sys
import threading
from types import SimpleNamespace

import psutil
import pytest
import xarray

from core.engine import queue as queues
from core.engine.job import JobState
from core.engine.queue import Queue
from core.looks import clamps, inside, units
from core.looks import look as look_module
from core.looks.look import TooMany, UnderWay, look
from core.looks.price import AT_ALL, BRIEF, Price, TooLarge
from core.pace import NotWanted, in_pieces, tell
from core.runs.run import Run
from core.spec import RunSpec
from core.traces.clamp import Clamp
from core.traces.tracing import trace
from core.training import Training
from core.units.searched import SEARCHED
from tests.core.engine.watching import on_workers, until

SPEC = RunSpec(hidden_size=8, truncation_length=16, batch_size=4, updates=3, options=(("length", 2000),))
TEXT = "for item in items:\n    item.load()\n"
SECONDS = 30
"""For what takes a moment, on a slow machine."""


@pytest.fixture(scope="module")
def run() -> Run:
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


@pytest.fixture
def on_worker(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.delenv("UNROLLED_LOOK", raising=False)
    monkeypatch.setattr(queues, "queue", lambda: queue)
    return queue


@pytest.fixture
def in_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "app")
    monkeypatch.setattr(queues, "queue", lambda: SimpleNamespace(connected=False, drop_aside=lambda token: None))


def test_a_worker_sees_what_this_process_sees_while_it_trains(on_worker: Queue, run: Run) -> None:
    busy = [SPEC.replace(updates=20_000, seed=seed) for seed in (1, 2)]
    on_worker.submit(busy, "reader")
    for spec in busy:
        until(on_worker, spec.key, {JobState.TRAINING}, "reader")
    seen = inside.trace(run, TEXT)
    assert all(on_worker.status(spec.key, "reader").state is JobState.TRAINING for spec in busy)
    xarray.testing.assert_allclose(seen, trace(run, TEXT))


def test_a_look_survives_the_worker_that_dies(on_worker: Queue, run: Run) -> None:
    inside.trace(run, TEXT)
    for pid in on_workers(on_worker, os.getpid).values():
        psutil.Process(pid).kill()
    xarray.testing.assert_allclose(inside.trace(run, TEXT), trace(run, TEXT))


@pytest.mark.parametrize("where", ["in_app", "on_worker"])
def test_what_is_wrong_with_a_question_is_said(where: str, run: Run, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(where)
    with pytest.raises(ValueError, match="no time steps"):
        inside.trace(run, "")


def test_a_long_look_on_a_worker_is_heard_of_and_ends_when_nobody_waits(on_worker: Queue) -> None:
    large = Training(SPEC.replace(hidden_size=256, layer_count=2, options=(("length", 200_000),))).run()
    assert not units.find_each.is_brief(large, ("indentation", "column"), SEARCHED)
    under_way = units.find_each.begin(large, ("indentation", "column"), SEARCHED)
    heard = threading.Event()
    while not (under_way.share or under_way.wait(0.05)):
        pass
    assert not under_way.has_answer
    under_way.when_settled(heard.set)
    under_way.drop()
    assert heard.wait(SECONDS)
    with pytest.raises(NotWanted):
        under_way.result()
    assert inside.trace(large, TEXT).sizes["time"] == len(TEXT), "the worker looks for others again"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_long_looks_give_way_to_brief_ones(on_worker: Queue) -> None:
    ask = (os.PRIO_PROCESS, 0)  # of the thread that asks
    brief = on_worker.ask_aside(os.getpriority, ask, {})
    assert on_worker.ask_aside(os.getpriority, ask, {}, long=True) == min(brief + 5, 19)
    assert on_worker.ask_aside(os.getpriority, ask, {}) == brief


def _slow(steps: list[threading.Event]) -> float:
    for step in in_pieces(steps):
        step.wait(SECONDS)
    return 1.0


def test_a_look_beside_the_pages_is_heard_of_and_dropped(in_app: None) -> None:
    slow = look(lambda steps: Price(10**6, 2 * BRIEF[1]))(_slow)
    steps = [threading.Event() for _ in range(4)]
    steps[0].set()
    under_way = slow.begin(steps)
    while under_way.share != 0.25:
        assert not under_way.wait(0.01)
    under_way.drop()
    steps[1].set()
    with pytest.raises(NotWanted):
        under_way.result()
    for step in steps:
        step.set()
    assert slow(steps) == 1.0


def test_what_nobody_waits_for_is_not_begun(in_app: None) -> None:
    begun: list[int] = []
    price = Price(10**6, 2 * BRIEF[1])
    first = look(lambda steps: price)(_slow)
    second = look(lambda: price)(lambda: begun.append(1))
    gate = [threading.Event()]
    running, waiting = first.begin(gate), second.begin()
    waiting.drop()
    gate[0].set()
    assert running.result() == 1.0
    with pytest.raises(NotWanted):
        waiting.result()
    assert begun == []


def test_so_many_at_most_are_under_way(in_app: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_module, "_slots", threading.BoundedSemaphore(2))
    slow = look(lambda steps: Price(10**6, 2 * BRIEF[1]))(_slow)
    gate = [threading.Event()]
    under_way = [slow.begin(gate) for _ in range(2)]
    with pytest.raises(TooMany):
        slow.begin(gate)
    gate[0].set()
    assert [one.result() for one in under_way] == [1.0, 1.0]
    assert slow(gate) == 1.0


def test_what_is_too_large_is_refused_before_it_begins(in_app: None) -> None:
    large = Training(SPEC.replace(hidden_size=512, layer_count=3)).run()
    with pytest.raises(TooLarge) as refused:
        clamps.sweep.begin(large, TEXT, Clamp("hidden_state", 1.0, (0,)), "indentation", "x" * 20_000)
    assert refused.value.price.seconds > AT_ALL[1]


def test_room_is_given_in_turn_and_what_is_larger_takes_all() -> None:
    room, order, inside_room = look_module.Room(10), [], threading.Event()

    def enter(size: int) -> None:
        with room.taken(size):
            order.append(size)

    with room.taken(8):
        waiting = []
        for size in (1_000, 1):  # the small one would fit, and waits behind the large one
            waiting.append(threading.Thread(target=enter, args=(size,)))
            waiting[-1].start()
            while len(room._waiting) < len(waiting):
                inside_room.wait(0.001)
        assert order == []
    for thread in waiting:
        thread.join(SECONDS)
    assert order == [1_000, 1]


def test_a_look_that_was_dropped_hears_no_more() -> None:
    one: UnderWay[int] = UnderWay()
    one.hear(0.5)
    assert one.share == 0.5
    one._dropped.set()
    with pytest.raises(NotWanted):
        one.hear(0.6)
    tell(0.5)  # nobody listens in this thread
