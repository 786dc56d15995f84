"""What an engine's worker does: train one experiment to its end, and put the result into the store."""

import math
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import psutil

from core.engine.spare import give_back, give_way
from core.spec import RunSpec
from core.store import FILE_LIMIT, Missing, StoreUnwritable, Torn, encode, store
from core.texts import TextUnavailable

if TYPE_CHECKING:
    from core.training import History, Progress, Training

TOPIC = "unrolled-progress"
"""One topic for all runs, because an engine never forgets a topic."""

POINTS = 300
SECONDS_BETWEEN_EVENTS = 0.25
SECONDS_OF_TRAINING = 3600.0
"""A training that takes longer is stopped: the estimate by which it was accepted was wrong, and others wait."""

MEMORY_CEILING = 1000 * 10**6
"""A training that needs more bytes than this is refused."""

_running: dict[str, threading.Event] = {}


class Problem(StrEnum):
    """Why a training gave no result."""

    TEXT = "text"  # its text is not available on the worker's machine
    MEMORY = "memory"  # it did not fit into memory
    TOO_LARGE = "too_large"  # its weights are more than a run may keep
    OVERTIME = "overtime"  # it took too long
    WORKER_LOST = "worker_lost"  # the worker that trained it died, several times
    ENGINE = "engine"  # there is no engine and none can be started
    INTERNAL = "internal"  # anything else: a fault in this program


class Failure(Exception):
    """A training ended without a result; this exception travels from the worker to the app."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail


def train(key: str, spec_json: str) -> bytes | None:
    """Train an experiment and keep it in the store.

    Returns
    -------
    bytes or None
        The content of the file that the store keeps, because the app may not share the worker's disk. None if the
        training was stopped.

    Raises
    ------
    Failure
        If the training ended without a result.
    """
    stopped = _running[key] = threading.Event()
    give_way()
    try:
        return _train(key, RunSpec.from_json(spec_json), stopped, _Engine())
    except Failure:
        raise
    except MemoryError as error:
        raise Failure(Problem.MEMORY, str(error)) from None
    except TextUnavailable as error:
        raise Failure(Problem.TEXT, error.reason) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader is told and the worker lives on
        raise Failure(Problem.INTERNAL, f"{type(error).__name__}: {error}") from None
    finally:
        _running.pop(key, None)
        give_back()


def stop(keys: Sequence[str]) -> None:
    """Ask those of the trainings ``keys`` that run in this process to end after their current update."""
    for key in keys:
        if stopped := _running.get(key):
            stopped.set()


def _train(key: str, spec: RunSpec, stopped: threading.Event, engine: "_Engine") -> bytes | None:
    if spec.key != key:
        raise Failure(Problem.INTERNAL, f"{key} is not the key of its settings")
    with suppress(Missing, Torn):
        return encode(store().load(key))
    event = {"key": key, "token": secrets.token_hex(8), "spec": spec.to_json(), "updates": spec.updates, "update": 0}
    engine.report(event)
    from core.training import Outcome, Training

    training = Training(spec)
    _check_size(training, engine.room())
    started = time.monotonic()
    reported = -math.inf
    while training.outcome is Outcome.RUNNING and not stopped.is_set() and engine.wants(key):
        progress = training.advance(1)
        now = time.monotonic()
        if now - reported >= SECONDS_BETWEEN_EVENTS or training.outcome is not Outcome.RUNNING:
            engine.report(event | _seen(training, progress, now - started))
            reported = now
        if now - started > SECONDS_OF_TRAINING:
            raise Failure(Problem.OVERTIME, f"{now - started:.0f} s")
    if training.outcome is Outcome.RUNNING:
        return None
    run = training.run()
    with suppress(StoreUnwritable):  # the app gets the bytes, and reports what is wrong with the disk
        store().put(run)
    return encode(run)


def _check_size(training: "Training", room: float) -> None:
    weights = sum(parameter.nbytes for parameter in training.network.parameters())
    if weights > FILE_LIMIT * 0.9:
        raise Failure(Problem.TOO_LARGE, f"{weights / 10**6:.0f} MB of weights")
    wanted = training.spec.memory + 4 * weights  # the weights, their gradient, and two arrays of the optimiser
    if wanted > room:
        raise Failure(Problem.MEMORY, f"about {wanted / 10**6:.0f} MB wanted, {room / 10**6:.0f} MB there")


def _seen(training: "Training", progress: "Progress", seconds: float) -> dict[str, Any]:
    return {
        "update": progress.update,
        "seconds_left": seconds / progress.update * (progress.updates - progress.update)
        if progress.update > 5
        else None,
        "points": points(training.history, progress.updates),
    }


def points(history: "History", updates: int) -> dict[str, list[Any]]:
    """Return what a page draws while it waits: every n-th update, at most 300 of them, and nothing averaged."""
    every = math.ceil(updates / POINTS)
    evaluations = math.ceil(len(history.held_out_update) / POINTS) or 1
    return {
        "update": list(range(1, len(history.loss) + 1, every)),
        "loss": history.loss[::every],
        "gradient_norm": history.gradient_norm[: len(history.loss) : every],
        "clipped": history.clipped[: len(history.loss) : every],
        "held_out_update": history.held_out_update[::evaluations],
        "held_out_loss": history.held_out_loss[::evaluations],
    }


class _Engine:
    """The connection of this worker process to its engine."""

    def __init__(self) -> None:
        from distributed import get_worker

        self._worker = get_worker()

    def report(self, event: dict[str, Any]) -> None:
        """Send an event to every app process."""
        self._worker.log_event(TOPIC, event)

    def wants(self, key: str) -> bool:
        """Whether the scheduler still wants the task.

        This also notices a task that was cancelled before it began, when ``stop`` had nothing to stop yet.
        """
        task = self._worker.state.tasks.get(key)
        return task is not None and task.state != "cancelled"

    def room(self) -> float:
        """Bytes that this process may still take before the engine ends it."""
        limit = self._worker.memory_manager.memory_limit
        return limit * 0.9 - psutil.Process().memory_info().rss if limit else math.inf
