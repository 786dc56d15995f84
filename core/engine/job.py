"""One training as an app process knows it: where it stands, who waits for it, how it ended."""

import logging
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.engine.worker import Problem
from core.spec import RunSpec

if TYPE_CHECKING:
    from distributed import Future

log = logging.getLogger(__name__)

TRAINING_STARTS = 3
"""How often a training is begun at most; if the last worker is lost too, it has failed."""

SECONDS_OF_A_CLAIM = 20.0
"""A reader whose page has not asked for this many seconds no longer counts as waiting."""


class JobState(StrEnum):
    """How far a training has come, as this app process knows it."""

    ABSENT = "absent"
    STARTING = "starting"
    QUEUED = "queued"
    TRAINING = "training"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({JobState.STARTING, JobState.QUEUED, JobState.TRAINING})


@dataclass(frozen=True)
class Points:
    """The curve so far, in at most 300 points.

    The points are every n-th update as it was; nothing is averaged.

    Parameters
    ----------
    loss
        In the unit of the task.
    gradient_norm
        Before clipping.
    clipped
        Whether the gradient of that update was clipped.
    """

    update: tuple[int, ...] = ()
    loss: tuple[float, ...] = ()
    gradient_norm: tuple[float, ...] = ()
    clipped: tuple[bool, ...] = ()
    held_out_update: tuple[int, ...] = ()
    held_out_loss: tuple[float, ...] = ()


@dataclass(frozen=True)
class Status:
    """Where an experiment stands.

    Parameters
    ----------
    place
        Position in the queue; 1 is next. None when the experiment does not wait, or its position is not known yet.
    update, updates
        Updates done, and updates asked for. Both are 0 if this process did not see the experiment train.
    seconds_left
        Seconds of training that are left, estimated from its speed so far.
    attempt
        2 or more if a worker that trained it was lost and it was begun again.
    declined
        Whether this reader has stopped it. It goes on if another reader waits for it.
    error
        Why the experiment failed: a word for a label, see core.engine.worker.Problem.
    """

    state: JobState
    place: int | None = None
    update: int = 0
    updates: int = 0
    seconds_left: float | None = None
    attempt: int = 1
    declined: bool = False
    points: Points = Points()
    error: str | None = None


@dataclass(eq=False)
class Job:
    """One training that this process has asked for, or has heard of."""

    spec: RunSpec
    state: JobState
    readers: dict[str, float] = field(default_factory=dict)  # reader -> when its page last asked
    declined: set[str] = field(default_factory=set)  # readers who have stopped it, and now only watch
    future: "Future[bytes | None] | None" = None
    handed: int = 0  # how often it was handed to the engine
    begun: list[str] = field(default_factory=list)  # one token for each time that a worker began it
    past: frozenset[str] = frozenset()  # tokens of an earlier job for the same key
    ended: float = 0.0
    update: int = 0
    seconds_left: float | None = None
    points: Points = field(default_factory=Points)
    error: str | None = None

    @property
    def waited_for(self) -> bool:
        """Say whether any reader still waits for it."""
        return any(map(self.waits, self.readers))

    def waits(self, reader: str) -> bool:
        """Say whether this reader's page has asked for it lately."""
        return reader in self.readers and time.monotonic() - self.readers[reader] < SECONDS_OF_A_CLAIM

    def ask(self, reader: str) -> None:
        """Note that the reader's page is open; this counts as waiting unless the reader has stopped the training."""
        if reader not in self.declined:
            self.readers[reader] = time.monotonic()

    def decline(self, reader: str) -> None:
        """Note that the reader no longer waits, although the page may still show the training."""
        self.readers.pop(reader, None)
        self.declined.add(reader)

    def end(self, state: JobState, error: str | None = None, detail: str | None = None) -> None:
        """End the job in ``state``; ``error`` is shown to the reader, ``detail`` goes to the log."""
        if error:
            log.error("%s: %s: %s", self.spec.key, error, detail)
        self.state, self.error, self.ended, self.future = state, error, time.monotonic(), None

    def end_or_begin_again(self, state: JobState, detail: str | None) -> None:
        """Begin again in ``state`` after a worker or the engine was lost, or fail if that has happened too often."""
        if len(self.begun) < TRAINING_STARTS and self.handed <= TRAINING_STARTS:
            self.state, self.future = state, None
        else:
            self.end(JobState.FAILED, Problem.WORKER_LOST, detail)
