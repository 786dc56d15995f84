"""Small runs to keep, and specs that train for about as long as a test wants."""

from dataclasses import replace

from core.runs.run import Run
from core.spec import RunSpec
from core.training import Training

SPEC = RunSpec(task="adding", options=(("length", 12),), hidden_size=8, learning_rate=0.01, updates=20)


def short(seed: int) -> RunSpec:
    """A training of a fraction of a second."""
    return SPEC.replace(seed=seed)


def long(seed: int) -> RunSpec:
    """A training that outlasts any test and ends with it: some 20,000 updates of at least a millisecond."""
    return SPEC.replace(seed=seed, updates=20_000, hidden_size=16)


def trained(spec: RunSpec = SPEC) -> Run:
    training = Training(spec)
    training.advance(spec.updates)
    return training.run()


def copies(run: Run, count: int) -> list[Run]:
    """The same numbers under ``count`` other seeds: other keys, no training."""
    return [replace(run, spec=run.spec.replace(seed=run.spec.seed + 1 + number)) for number in range(count)]
