"""The search for units with all concepts of code and all controls, against the two traces that it always needs."""

from collections.abc import Iterator

from benchmarks import Row, alternate, benchmarks
from benchmarks.training import timed
from core.concepts import of_domain
from core.runs.network import untrained
from core.spec import RunSpec
from core.texts import Concepts
from core.traces.tracing import trace
from core.training import Training
from core.units.unseen import find_each

LENGTH = 20_000
UPDATES = 100
ROUNDS = 3


@benchmarks.register
def measure() -> Iterator[Row]:
    """20,000 characters, LSTM, 128 units, one thread, processor time. Value: seconds of the whole search."""
    options = (("length", 10 * LENGTH),)
    training = Training(RunSpec(cell="lstm", hidden_size=128, updates=UPDATES, options=options))
    training.advance(UPDATES)
    run, text = training.run(), training.task.held_out_text

    concepts = of_domain(Concepts.CODE)

    def both_traces() -> None:
        trace(run, text)
        trace(untrained(run), text)

    ours, traces = alternate(timed(lambda: find_each(run, concepts)), timed(both_traces), ROUNDS)
    yield Row(
        what=f"finding units in {len(text):,} characters, lstm, 128 units, all concepts of code",
        ours=ours,
        peers=traces,
        unit="s",
        peer="the two traces alone",
        value=ours,
        at_most=3,
    )
