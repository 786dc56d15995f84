"""The oscillation race of one RNN and one LSTM, through the queue and its workers, against training both in turn."""

import os
import tempfile
import time
from collections.abc import Iterator
from statistics import median

from benchmarks import Row, benchmarks
from core.engine.job import JobState
from core.engine.queue import queue
from core.spec import RunSpec
from core.spec.presets import OSCILLATION
from core.training import Training

PATIENCE = 300.0
ROUNDS = 2
SEED = 8_000_000
WARMING = OSCILLATION.replace(updates=2, hidden_size=8, seed=SEED)
CELLS = ("elman", "lstm")


@benchmarks.register
def measure() -> Iterator[Row]:
    """Wall-clock seconds from submitting both trainings until both are stored, with warm workers. Value: seconds."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["UNROLLED_HOME"] = directory
        raced([WARMING])
        pairs = [(race(SEED + number), in_turn(SEED + number)) for number in range(1, ROUNDS + 1)]
        queue().close()  # before the directory is deleted
    ours, alone = median(one for one, _ in pairs), median(other for _, other in pairs)
    yield Row(
        "oscillation race, RNN and LSTM", ours, alone, "s", "both in turn in this process", value=ours, at_most=20
    )


def race(seed: int) -> float:
    return raced([OSCILLATION.replace(cell=cell, seed=seed) for cell in CELLS])


def raced(specs: list[RunSpec]) -> float:
    begun = time.perf_counter()
    queue().submit(specs, "benchmark")
    while any(queue().status(spec.key, "benchmark").state is not JobState.FINISHED for spec in specs):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError("the race did not end")
        time.sleep(0.05)
    return time.perf_counter() - begun


def in_turn(seed: int) -> float:
    begun = time.perf_counter()
    for cell in CELLS:
        spec = OSCILLATION.replace(cell=cell, seed=seed)
        Training(spec).advance(spec.updates)
    return time.perf_counter() - begun
