"""Training throughput against a bare loop around torch's own module."""

from collections.abc import Callable, Iterator
from time import process_time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from benchmarks import Row, alternate, benchmarks
from core.spec import RunSpec
from core.tasks import Batch
from core.training import Training

MODULES = {"elman": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
HIDDEN_SIZES = (32, 128, 256)
UPDATES = 10  # in one chunk; only one chunk in five has an evaluation (every 50th update), so the median has none
ROUNDS = 7


@benchmarks.register
def measure() -> Iterator[Row]:
    """Characters, B=32, T=64, Adam, clip norm 1, one thread, processor time. Value: updates per second, ours / bare."""
    for cell in MODULES:
        for hidden_size in HIDDEN_SIZES:
            spec = RunSpec(cell=cell, hidden_size=hidden_size, batch_size=32, truncation_length=64, updates=20_000)
            training = Training(spec)
            ours, bare = alternate(
                timed(lambda training=training: training.advance(UPDATES)), timed(bare_loop(spec)), ROUNDS
            )
            yield Row(
                what=f"training throughput, {cell}, {hidden_size} units",
                ours=UPDATES / ours,
                peers=UPDATES / bare,
                unit="updates/s",
                peer=f"bare loop around nn.{MODULES[cell].__name__}",
                value=bare / ours,
                at_least=0.95,
            )


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Return a function that does ``work`` and returns its processor time over all threads, in seconds."""

    def measured() -> float:
        begun = process_time()
        work()
        return process_time() - begun

    return measured


def bare_loop(spec: RunSpec) -> Callable[[], None]:
    """Return a loop written without this project: one module, one readout, one optimiser, the state carried along."""
    torch.set_num_threads(1)
    task = spec.build_task()
    symbols = task.outputs.size
    network = MODULES[spec.cell](symbols, spec.hidden_size, batch_first=True)
    readout = nn.Linear(spec.hidden_size, symbols)
    parameters = [*network.parameters(), *readout.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=spec.learning_rate)
    batches: Iterator[Batch] = task.batches(spec.batch_size, spec.truncation_length, torch.Generator().manual_seed(0))
    state = None
    losses = []

    def loop() -> None:
        nonlocal state
        for _ in range(UPDATES):
            batch = next(batches)
            outputs, state = network(one_hot(batch.inputs, symbols).float(), state)
            state = tuple(one.detach() for one in state) if isinstance(state, tuple) else state.detach()
            loss = cross_entropy(readout(outputs).flatten(0, 1), batch.targets.flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, spec.clip_norm)
            optimiser.step()
            losses.append(loss.item())

    return loop
