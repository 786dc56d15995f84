"""The queue of trainings: the only way from an app process to the engine."""

import asyncio
import atexit
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from core.engine.aside import ASIDE_TOPIC, answer_aside, stop_aside
from core.engine.engine import AnswerLost, Engine, EngineUnavailable
from core.engine.job import ACTIVE, Job, JobState, Points, Status
from core.engine.scheduler import check_in, some_worker, wanted_elsewhere
from core.engine.worker import MEMORY_CEILING, TOPIC, Failure, Problem, stop, train
from core.home import home
from core.pace import NotWanted
from core.spec import COST_CEILING, RunSpec
from core.store import StoreUnwritable, Torn, decode, has, store, unsaved

if TYPE_CHECKING:
    from distributed import Client, Future

log = logging.getLogger(__name__)

Found = TypeVar("Found")

EXPERIMENTS_PER_READER = 2
RUNS_PER_EXPERIMENT = 32
EXPERIMENT_COST_CEILING = 6 * COST_CEILING
QUEUE_LIMIT = 200
SECONDS_OF_AN_ANSWER = 600.0
"""Seconds that one question to a worker may take, including the wait for its turn."""

WORKERS_LOST = 2
"""A question over which this many workers were lost is not asked again."""

SECONDS_TO_STOP = 0.4
ENDED_JOBS = 500


class Refused(Exception):
    """An experiment was not taken on.

    Attributes
    ----------
    reason
        A word for a label: one of those below.
    values
        The numbers that the label mentions.

    Notes
    -----
    The reasons, each with its values:

    - cost: seconds, ceiling
    - memory: megabytes, ceiling
    - runs: count, limit. The experiment has too many runs.
    - active: limit. The reader already has this many experiments under way.
    - full: limit. With this experiment, more trainings than this would be under way or waiting.
    """

    def __init__(self, reason: str, **values: float) -> None:
        super().__init__(f"{reason}: {', '.join(f'{name} {value:g}' for name, value in values.items())}")
        self.reason, self.values = reason, values


class Queue:
    """Submits experiments to the engine and knows how they are getting on.

    A separate thread starts the engine, talks to it, and connects again if it is lost. So ``submit`` and ``status``
    answer from memory. ``cancel`` waits for the engine for 0.4 s at most, and ``ask_aside`` waits for an answer.
    Whether a run is finished is known from the store alone.
    """

    def __init__(self) -> None:
        self._engine = Engine()
        self._jobs: dict[str, Job] = {}
        self._experiments: dict[str, list[frozenset[str]]] = {}  # reader -> the keys of each experiment
        self._unfinished: list[str] = []  # keys that the engine has, the next one first
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._following: set[asyncio.Task[None]] = set()
        self._asides: dict[str, Callable[[float], None] | None] = {}  # token of a question -> who is told its progress
        self._closing = False
        self._unavailable: str | None = None  # why there is no engine, once that has been tried

    @property
    def serves(self) -> tuple[Path, str | None]:
        """The cache directory, and the remote scheduler if there is one."""
        return self._engine.home, self._engine.scheduler

    @property
    def connected(self) -> bool:
        """Whether this process is connected to an engine now."""
        return self._client is not None

    def submit(self, specs: RunSpec | Sequence[RunSpec], reader: str) -> None:
        """Have one experiment trained.

        A finished run is not trained again. If a run is already being trained, this reader waits for that training.

        Parameters
        ----------
        specs
            One spec, or those of a race or a sweep, which count as one experiment.

        Raises
        ------
        Refused
            If the experiment is too large, or too many are under way.
        """
        runs = (specs,) if isinstance(specs, RunSpec) else tuple(specs)
        missing = {spec.key: spec for spec in runs if not has(spec.key)}
        if not missing:
            return
        with self._lock:
            self._check(missing, reader)
            for key, spec in missing.items():
                job = self._jobs.get(key)
                if job is None or job.state not in ACTIVE:
                    # A new job, behind all others, even if an earlier job for this key ended without a result.
                    past = job.past.union(job.begun) if job else frozenset()
                    declined = job.declined if job else set()
                    self._jobs.pop(key, None)
                    state = JobState.STARTING if self._client is None else JobState.QUEUED
                    job = Job(spec, state, past=past, declined=declined)
                    self._jobs[key] = job
                job.declined.discard(reader)
                job.ask(reader)
            mine = self._experiments.setdefault(reader, [])
            if not any(missing.keys() <= keys for keys in mine):
                mine.append(frozenset(missing))
            self._forget()
        self.warm()

    def status(self, key: str, reader: str | None = None) -> Status:
        """Return where an experiment stands, in well under two milliseconds.

        Parameters
        ----------
        reader
            Who asks, and so waits for it. As long as one reader waits, others cannot stop it. If None, all who asked
            before count as still waiting.
        """
        finished = has(key)
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                known = JobState.QUEUED if key in self._unfinished else JobState.ABSENT
                return Status(JobState.FINISHED if finished else known, place=self._place(key))
            if finished:
                state = JobState.FINISHED
            elif job.state is JobState.FINISHED:
                state = JobState.ABSENT  # its arrays were removed from the store
            else:
                state = job.state
            if state in ACTIVE:
                for one in [reader] if reader else list(job.readers):
                    job.ask(one)
                if job.future is None and job.readers:
                    self._wake()
            return Status(
                state=state,
                place=self._place(key) if state is JobState.QUEUED else None,
                update=job.update,
                updates=job.spec.updates,
                seconds_left=job.seconds_left if state is JobState.TRAINING else None,
                attempt=max(1, len(job.begun)),
                declined=reader in job.declined,
                points=job.points,
                error=job.error if state is JobState.FAILED else None,
            )

    def reader_count(self, key: str) -> int:
        """How many readers of this process wait for a training."""
        with self._lock:
            job = self._jobs.get(key)
            return sum(map(job.waits, list(job.readers))) if job else 0

    def cancel(self, keys: str | Sequence[str], reader: str) -> bool:
        """Note that this reader no longer waits, and say whether any training stops.

        A training stops when nobody else waits for it.
        """
        with self._lock:
            stopping = [key for key in ([keys] if isinstance(keys, str) else keys) if self._decline(key, reader)]
            self._wake()  # so that other app processes learn of it
            client, loop = self._client, self._loop
            heard = [key for key in stopping if client is not None and self._engine_has(key)]
            for key in set(stopping).difference(heard):
                self._settle_cancelled(key)
        if client is None or loop is None or not heard:
            return bool(stopping)
        asked = asyncio.run_coroutine_threadsafe(self._stop(client, heard), loop)
        try:
            return asked.result(SECONDS_TO_STOP) or len(heard) < len(stopping)
        except TimeoutError:
            return True  # the engine has been asked and will do it
        except Exception as error:  # noqa: BLE001 - the engine is gone, and the trainings with it
            log.info("stopping %s: %s", ", ".join(heard), error)
            for key in heard:
                self._settle_cancelled(key)
            return True

    def _decline(self, key: str, reader: str) -> bool:
        """Note that this reader no longer waits, and say whether the training is to stop."""
        job = self._jobs.get(key)
        if job is None:
            return key in self._unfinished
        job.decline(reader)
        return job.state in ACTIVE and not job.waited_for

    def _engine_has(self, key: str) -> bool:
        job = self._jobs.get(key)
        return job is None or bool(job.handed) or job.state is JobState.TRAINING or key in self._unfinished

    def ask_aside(
        self,
        function: Callable[..., Found],
        arguments: Sequence[Any],
        options: Mapping[str, Any],
        *,
        long: bool = False,
        token: str = "",
        heard: Callable[[float], None] | None = None,
    ) -> Found:
        """Have a worker answer a question beside its training; see ``core.engine.aside``.

        The call waits until there is a worker. If the worker is lost, it asks another one.

        Parameters
        ----------
        function
            What is called there; pickled by reference.
        token
            Names the question, for ``drop_aside``.
        heard
            Called with the share that is done, 0 to 1, a few times a second; only if the question is a long one.

        Raises
        ------
        EngineUnavailable
            If there is no engine. It is an AnswerLost if there is one, but no answer came in ten minutes, two workers
            were lost over the question, or the queue is closing.
        NotWanted
            If the question was dropped.
        Exception
            What the function raises.
        """
        token = token or secrets.token_hex(8)
        self.warm()
        given_up = time.monotonic() + SECONDS_OF_AN_ANSWER
        lost = 0
        with self._lock:
            self._asides[token] = heard
        try:
            while not self._closing and time.monotonic() < given_up and lost < WORKERS_LOST:
                client, loop = self._client, self._loop
                if token not in self._asides:
                    raise NotWanted
                if client is None and self._unavailable is not None:
                    raise EngineUnavailable(self._unavailable)
                if client is not None and loop is not None:
                    asking = asyncio.run_coroutine_threadsafe(
                        _ask(client, token, function, arguments, options, long), loop
                    )
                    try:
                        answer = asking.result(given_up - time.monotonic())
                    except (OSError, CancelledError):  # the worker or the engine is gone
                        lost += 1
                    except TimeoutError:
                        if not asking.done():
                            break
                        lost += 1
                    else:
                        if answer is not None:
                            return cast(Found, answer[0])
                time.sleep(0.05)
            raise AnswerLost(f"no answer; {lost} workers were lost over the question")
        finally:
            with self._lock:
                self._asides.pop(token, None)

    def drop_aside(self, token: str) -> None:
        """Stop the answer to a question after its current piece, because nobody waits for it; return at once."""
        with self._lock:
            self._asides.pop(token, None)
            client, loop = self._client, self._loop
        if client is not None and loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the thread has ended
                asyncio.run_coroutine_threadsafe(_drop(client, token), loop)

    def warm(self) -> None:
        """Start the engine in the background, or wake the thread that talks to it; return at once."""
        with self._lock:
            if self._closing:
                return
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="queue", daemon=True)
                self._thread.start()
        self._wake()

    def close(self) -> None:
        """Disconnect from the engine; the trainings that it was given go on without this process."""
        self._closing = True
        self._wake()
        if self._thread:
            self._thread.join(timeout=3)

    # Bounds

    def _check(self, missing: dict[str, RunSpec], reader: str) -> None:
        costs = [spec.cost for spec in missing.values()]
        if max(costs) > COST_CEILING:
            raise Refused("cost", seconds=max(costs), ceiling=COST_CEILING)
        if sum(costs) > EXPERIMENT_COST_CEILING:
            raise Refused("cost", seconds=sum(costs), ceiling=EXPERIMENT_COST_CEILING)
        most = max(spec.memory for spec in missing.values())
        if most > MEMORY_CEILING:
            raise Refused("memory", megabytes=most / 10**6, ceiling=MEMORY_CEILING / 10**6)
        if len(missing) > RUNS_PER_EXPERIMENT:
            raise Refused("runs", count=len(missing), limit=RUNS_PER_EXPERIMENT)
        new = [key for key in missing if key not in self._jobs or self._jobs[key].state not in ACTIVE]
        waiting = {key for key, job in self._jobs.items() if job.state in ACTIVE} | set(self._unfinished)
        if new and len(waiting) + len(new) > QUEUE_LIMIT:
            raise Refused("full", limit=QUEUE_LIMIT)
        self._experiments[reader] = [keys for keys in self._experiments.get(reader, ()) if self._active(keys, reader)]
        mine = self._experiments[reader]
        if len(mine) >= EXPERIMENTS_PER_READER and not any(missing.keys() <= keys for keys in mine):
            raise Refused("active", limit=EXPERIMENTS_PER_READER)
        self._experiments[reader] = [keys for keys in mine if not keys <= missing.keys()]

    def _active(self, keys: frozenset[str], reader: str) -> bool:
        jobs = [self._jobs[key] for key in keys if key in self._jobs]
        return any(job.state in ACTIVE and job.waits(reader) and not has(job.spec.key) for job in jobs)

    def _place(self, key: str) -> int | None:
        waiting = [
            one for one in self._unfinished if one not in self._jobs or self._jobs[one].state is not JobState.TRAINING
        ]
        return waiting.index(key) + 1 if key in waiting else None

    def _forget(self) -> None:
        """Keep the table of jobs and readers small."""
        ended = [key for key, job in self._jobs.items() if job.state not in ACTIVE]
        for key in ended[: max(0, len(ended) - ENDED_JOBS)]:
            del self._jobs[key]
        for reader in list(self._experiments):
            if not any(self._active(keys, reader) for keys in self._experiments[reader]):
                del self._experiments[reader]

    # The thread that talks to the engine

    def _wake(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the thread has ended
                self._loop.call_soon_threadsafe(self._woken.set)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._lose()
            self._loop = None

    async def _serve(self) -> None:
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        while not self._closing:
            try:
                client = await self._until_closing(self._engine.connect())
            except (EngineUnavailable, ImportError, OSError, ValueError) as error:
                log.error("no engine: %s", error)
                self._unavailable = str(error)
                self._fail_all(str(error))
                self._woken.clear()
                await self._rest(60.0)
                continue
            if client is None:
                return
            try:
                await self._attend(client)
            except OSError as error:
                log.warning("lost the engine: %s", error)
            except Exception as error:
                log.exception("the engine does not understand")
                self._fail_all(f"{type(error).__name__}: {error}")
                await self._rest(60.0)
            finally:
                self._lose()
                with suppress(Exception):
                    await client.close(timeout=1)

    async def _until_closing(self, connecting: Coroutine[Any, Any, "Client"]) -> "Client | None":
        task = asyncio.create_task(connecting)
        while not task.done() and not self._closing:
            await asyncio.wait({task}, timeout=0.2)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=1)
            return None
        return task.result()

    async def _attend(self, client: "Client") -> None:
        """Hand over what was asked for, and keep up to date, until the engine is lost or the queue closes."""
        client.subscribe_topic(TOPIC, self._hear)
        client.subscribe_topic(ASIDE_TOPIC, self._hear_aside)
        with self._lock:
            self._client, self._unavailable = client, None
        while not self._closing and client.status == "running":
            self._woken.clear()
            given = self._hand_over(client)
            keys = self._waited_for()
            self._note(await client.run_on_scheduler(check_in, client.id, keys))
            await self._rest(0.1 if given else 1.0 if self._busy() else 5.0)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    def _busy(self) -> bool:
        with self._lock:
            return bool(self._unfinished) or any(job.state in ACTIVE for job in self._jobs.values())

    def _waited_for(self) -> list[str]:
        with self._lock:
            return [key for key, job in self._jobs.items() if job.state in ACTIVE and job.waited_for]

    def _hand_over(self, client: "Client") -> int:
        """Give the engine every active job that it does not have from us; equal keys share one task there."""
        from distributed import fire_and_forget

        with self._lock:
            jobs = [
                (key, job)
                for key, job in self._jobs.items()
                if job.state in ACTIVE and job.future is None and (job.handed or job.readers)
            ]
            for key, job in jobs:
                if has(key):
                    job.end(JobState.FINISHED)
                    continue
                job.state = JobState.QUEUED if job.state is JobState.STARTING else job.state
                job.handed += 1
                job.future = client.submit(train, key, job.spec.to_json(), key=key, pure=False, retries=0)
                fire_and_forget(job.future)
                following = asyncio.create_task(self._follow(key, job, job.future))
                self._following.add(following)
                following.add_done_callback(self._following.discard)
        return len(jobs)

    async def _follow(self, key: str, job: Job, future: "Future[bytes | None]") -> None:
        """Wait for the engine's answer, then drop the future: while it is held, the engine regards the key as done."""
        from distributed import KilledWorker

        content: bytes | None = None
        problem: str | None = None
        detail: str | None = None
        error = await future.exception()
        # A future is cancelled if the engine is lost, or if a reader of another app process stopped the training.
        stopped = future.status == "cancelled" and future.client.status == "running"
        if isinstance(error, Failure):
            problem, detail = error.problem, error.detail
        elif isinstance(error, KilledWorker) or future.status in ("cancelled", "lost"):
            problem, detail = Problem.WORKER_LOST, str(error)
        elif error is not None:
            problem, detail = Problem.INTERNAL, f"{type(error).__name__}: {error}"
        elif not has(key):
            try:
                content = await future
                problem = None if content else Problem.WORKER_LOST
            except Exception as lost:  # noqa: BLE001 - the worker that had the result is gone
                problem, detail = Problem.WORKER_LOST, str(lost)
        if content:
            _keep(key, content)
        with self._lock:
            if job.future is not future:
                return  # the job was stopped, or given to another engine
            if has(key):
                job.end(JobState.FINISHED)
            elif stopped and not job.waited_for:
                job.end(JobState.CANCELLED)
            elif problem == Problem.WORKER_LOST:
                job.end_or_begin_again(JobState.QUEUED, detail)
            else:
                job.end(JobState.FAILED, problem or Problem.INTERNAL, detail)
        self._woken.set()

    async def _stop(self, client: "Client", keys: list[str]) -> bool:
        """Stop those that no reader of any app process waits for, and say whether there were any."""
        from distributed import Future

        elsewhere = await client.run_on_scheduler(wanted_elsewhere, client.id, keys)
        futures: list[Future[bytes | None]] = []
        with self._lock:
            for key in set(keys).difference(elsewhere):
                job = self._jobs.get(key)
                if not (job and job.waited_for):  # somebody may have asked for it meanwhile
                    futures.append((job and job.future) or Future(key, client=client))
                    self._settle_cancelled(key)
        if futures:
            await client.cancel(futures, force=True)
            await client.run(stop, [future.key for future in futures], on_error="ignore")
        return bool(futures)

    def _settle_cancelled(self, key: str) -> None:
        with self._lock:
            job = self._jobs.get(key)
            if job:
                job.end(JobState.CANCELLED)
            self._unfinished = [one for one in self._unfinished if one != key]

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take in a progress event of a training, whichever app process asked for it."""
        told = event[1]
        key, token = told["key"], told["token"]
        with self._lock:
            job = self._jobs.get(key)
            anew = job and job.state not in ACTIVE and token not in job.begun and time.monotonic() - job.ended > 2
            if job is None or anew:  # another app process had it begun
                declined = job.declined if job else set()
                self._jobs.pop(key, None)
                job = self._jobs[key] = Job(RunSpec.from_json(told["spec"]), JobState.TRAINING, declined=declined)
                self._forget()
            if job.state not in ACTIVE or token in job.past or token in job.begun[:-1]:
                return  # a late event of a training that was stopped
            if token not in job.begun:
                job.begun.append(token)
            job.state, job.update, job.seconds_left = JobState.TRAINING, told["update"], told.get("seconds_left")
            job.points = Points(**{name: tuple(values) for name, values in told.get("points", {}).items()})

    def _hear_aside(self, event: tuple[float, dict[str, Any]]) -> None:
        """Pass on how far the answer to a question has come; other app processes' questions are ignored."""
        heard = self._asides.get(event[1]["token"])
        if heard is not None:
            with suppress(NotWanted):  # dropped just now
                heard(event[1]["share"])

    def _note(self, unfinished: list[str]) -> None:
        with self._lock:
            self._unfinished = unfinished
            for key, job in self._jobs.items():
                if job.state in ACTIVE and not job.handed and not job.readers and key not in unfinished:
                    job.end(JobState.FINISHED if has(key) else JobState.ABSENT)  # another process's training, now over

    def _lose(self) -> None:
        """Note that the engine is gone, so that the next one is given all jobs of ours that it had."""
        with self._lock:
            self._client, self._unfinished = None, []
            for key, job in self._jobs.items():
                if job.state not in ACTIVE:
                    continue
                if has(key):
                    job.end(JobState.FINISHED)
                elif job.handed or job.readers:
                    job.end_or_begin_again(JobState.STARTING, "the engine was lost")
                else:
                    job.end(JobState.ABSENT)

    def _fail_all(self, detail: str) -> None:
        with self._lock:
            for job in self._jobs.values():
                if job.state in ACTIVE:
                    job.end(JobState.FAILED, Problem.ENGINE, detail)


def _keep(key: str, content: bytes) -> None:
    """Put a run that the engine sent into this process's store, or into memory if the disk does not take it."""
    try:
        run = decode(key, content)
    except Torn as torn:
        log.error("the engine gave something else: %s", torn)
        return
    try:
        store().put(run)
    except StoreUnwritable as error:
        log.error("%s is kept in memory only: %s", key, error)
        unsaved().put(run)


_queue: Queue | None = None
_queue_lock = threading.Lock()


async def _ask(
    client: "Client",
    token: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    options: Mapping[str, Any],
    long: bool,
) -> tuple[Any] | None:
    """Return the answer of one worker, or None while there is no worker."""
    worker = await client.run_on_scheduler(some_worker)
    if worker is None:
        return None
    answers = await client.run(
        answer_aside, token, function, tuple(arguments), dict(options), long=long, workers=[worker]
    )
    return (answers[worker],)


async def _drop(client: "Client", token: str) -> None:
    with suppress(Exception):  # the worker is gone, and the answer with it
        await client.run(stop_aside, token, on_error="ignore")


def queue() -> Queue:
    """Return the queue of this process, in front of the engine that the environment names now."""
    global _queue
    with _queue_lock:
        if _queue is None or _queue.serves != (home(), os.environ.get("UNROLLED_SCHEDULER")):
            if _queue is not None:
                _queue.close()
            _queue = Queue()
        return _queue


def warm() -> None:
    """Start the engine in the background; return at once."""
    queue().warm()


@atexit.register
def _close() -> None:
    if _queue is not None:
        _queue.close()
