"""What a worker does, without an engine around it."""

import math
import threading
from pathlib import Path
from typing import Any

import pytest

from core.engine import worker
from core.engine.worker import POINTS, Failure, points
from core.spec import RunSpec
from core.store import decode, has
from core.training import History
from tests.core.engine.examples import SPEC, long, trained


class Heard:
    """Stands in the place of distributed's worker: room for everything, and a memory of what was reported."""

    def __init__(self, room: float = math.inf, stop_at: int | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self.stopped = threading.Event()
        self.called_back = False
        self._room, self._stop_at = room, stop_at

    def report(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if self._stop_at is not None and event["update"] >= self._stop_at:
            self.stopped.set()

    def wants(self, key: str) -> bool:
        return not self.called_back

    def room(self) -> float:
        return self._room


def train(spec: RunSpec, engine: Heard) -> bytes | None:
    return worker._train(spec.key, spec, engine.stopped, engine)


def test_the_result_is_in_the_store_before_it_is_given_back(home: Path) -> None:
    engine = Heard()
    content = train(SPEC, engine)
    assert content
    assert has(SPEC.key)
    assert decode(SPEC.key, content).weights["weight_hh_l0"].tolist() == trained().weights["weight_hh_l0"].tolist()
    assert engine.events[0]["update"] == 0  # it has begun, says the first word, before torch is asked for anything
    assert engine.events[1]["update"] == 1
    assert engine.events[-1]["update"] == SPEC.updates
    assert len({event["token"] for event in engine.events}) == 1


def test_what_is_in_the_store_is_not_trained_again(home: Path) -> None:
    first = train(SPEC, Heard())
    engine = Heard()
    assert train(SPEC, engine) == first
    assert engine.events == []


def test_a_stopped_training_leaves_no_result(home: Path) -> None:
    engine = Heard(stop_at=1)
    spec = long(0)
    assert train(spec, engine) is None
    assert engine.events[-1]["update"] < 50
    assert not has(spec.key)


def test_a_training_that_the_scheduler_has_called_back_ends(home: Path) -> None:
    engine = Heard()
    engine.called_back = True
    assert train(long(2), engine) is None
    assert not has(long(2).key)


def test_stop_reaches_only_what_runs(home: Path) -> None:
    worker._running[SPEC.key] = stopped = threading.Event()
    try:
        worker.stop([long(0).key])
        assert not stopped.is_set()
        worker.stop([long(0).key, SPEC.key])
        assert stopped.is_set()
    finally:
        del worker._running[SPEC.key]


def test_events_are_at_most_four_a_second(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]

    def clock() -> float:
        now[0] += 0.01  # each update takes so long
        return now[0]

    monkeypatch.setattr(worker.time, "monotonic", clock)
    engine = Heard()
    spec = SPEC.replace(updates=200)  # two seconds
    train(spec, engine)
    assert 8 <= len(engine.events) <= 4 * 2 + 3


def test_a_training_that_does_not_fit_is_not_begun(home: Path) -> None:
    wanted = SPEC.memory
    with pytest.raises(Failure) as raised:
        train(SPEC, Heard(room=wanted))
    assert raised.value.problem == "memory"
    assert train(SPEC, Heard(room=2 * wanted))


def test_weights_that_no_file_may_hold_are_not_trained(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FILE_LIMIT", 1000)
    with pytest.raises(Failure) as raised:
        train(SPEC, Heard())
    assert raised.value.problem == "too_large"


def test_a_training_that_takes_too_long_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "SECONDS_OF_TRAINING", 0.0)
    with pytest.raises(Failure) as raised:
        train(long(1), Heard())
    assert raised.value.problem == "overtime"
    assert not has(long(1).key)


def test_settings_under_another_key_are_not_trained(home: Path) -> None:
    with pytest.raises(Failure):
        worker._train("run-" + "0" * 40, SPEC, threading.Event(), Heard())


@pytest.mark.parametrize("updates", [1, 7, 299, 300, 301, 400, 1000, 20_000])
def test_a_page_draws_three_hundred_points_at_most_and_each_as_it_was(updates: int) -> None:
    history = History()
    for update in range(1, updates + 1):
        history.loss.append(1 / update)
        history.gradient_norm.append(float(update))
        history.clipped.append(update % 3 == 0)
        if update % 50 == 0:
            history.held_out_update.append(update)
            history.held_out_loss.append(2 / update)
    seen = points(history, updates)
    assert seen["update"][0] == 1
    assert updates / 2 < len(seen["update"]) * math.ceil(updates / POINTS) < updates + POINTS
    assert len(seen["update"]) <= POINTS
    for index, update in enumerate(seen["update"]):
        assert seen["loss"][index] == 1 / update
        assert seen["gradient_norm"][index] == update
        assert seen["clipped"][index] == (update % 3 == 0)
    assert [2 / update for update in seen["held_out_update"]] == seen["held_out_loss"]
    assert len(seen["held_out_update"]) <= POINTS
    half = History(loss=history.loss[: updates // 2], gradient_norm=history.gradient_norm, clipped=history.clipped)
    assert seen["update"][: len(points(half, updates)["update"])] == points(half, updates)["update"]  # no point moves
