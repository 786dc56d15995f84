"""Tracing every signal, against torch's fused forward pass, which gives only the outputs."""

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch.nn.functional import one_hot

from benchmarks import Row, alternate, benchmarks
from benchmarks.training import MODULES, timed
from core.spec import RunSpec
from core.traces.tracing import trace
from core.training import Training

LENGTH = 2_000
HIDDEN_SIZE = 128
ROUNDS = 9


@benchmarks.register
def measure() -> Iterator[Row]:
    """2,000 characters, 128 units, all signals, one thread, processor time. Value: ours / torch's forward pass."""
    for cell, module in MODULES.items():
        training = Training(RunSpec(cell=cell, hidden_size=HIDDEN_SIZE, updates=1))
        run = replace(training.run(), outcome="untrained")
        text = training.task.held_out_text[:LENGTH]
        index = torch.from_numpy(training.task.indices(text))[None]
        network = module(training.task.outputs.size, HIDDEN_SIZE, batch_first=True)

        symbols = len(run.symbols)

        def forward(network=network, index=index, symbols=symbols) -> None:
            with torch.inference_mode():
                network(one_hot(index, symbols).float())

        ours, fused = alternate(timed(lambda run=run, text=text: trace(run, text)), timed(forward), ROUNDS)
        yield Row(
            what=f"trace of {LENGTH:,} characters, {cell}, {HIDDEN_SIZE} units",
            ours=1000 * ours,
            peers=1000 * fused,
            unit="ms",
            peer=f"forward pass of nn.{module.__name__}",
            value=ours / fused,
            at_most=3,
        )
