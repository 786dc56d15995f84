"""One live-progress refresh of a page while its network trains, against a rerun of a page with one chart."""

import time
from collections.abc import Iterator

from benchmarks import Row, alternate, benchmarks
from benchmarks.visiting import PATIENCE, Visitor, bare_page, serving

QUERY = "updates=20000&hidden_size=32&seed=1234567"
RUNS = 20  # in one batch, because the system counts processor time in steps of 10 ms
ROUNDS = 5


@benchmarks.register
def measure() -> Iterator[Row]:
    """Processor time of the server process for one beat of the panel on a page that trains. Value: milliseconds."""
    with (
        bare_page() as script,
        serving() as ours,
        serving(script) as bare,
        Visitor(ours, "gates", QUERY) as visitor,
        Visitor(bare) as other,
    ):
        train(visitor)
        (beat,) = visitor.beats
        until_it_trains(visitor, beat)
        beats, reruns = alternate(
            lambda: visitor.processor_time(RUNS, fragment=beat), lambda: other.processor_time(RUNS), ROUNDS
        )
        if not live(visitor):
            raise RuntimeError("the training ended before it was measured")
        visitor.run(press="stop")
        yield Row(
            what="live-progress refresh",
            ours=1000 * beats,
            peers=1000 * reruns,
            unit="ms",
            peer="rerun of a page with a title, a chart and a button",
            value=1000 * beats,
            at_most=25,
        )


def train(visitor: Visitor) -> None:
    """Open the page, give its background work time to start, and press Train."""
    visitor.run()
    time.sleep(5)
    visitor.run()
    visitor.run(press="train")
    if not visitor.beats:
        raise RuntimeError("pressing Train began nothing")


def until_it_trains(visitor: Visitor, beat: str) -> None:
    """Beat once a second, as a browser does, until a training has done its first updates."""
    begun = time.perf_counter()
    while not live(visitor):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError(f"nothing trains: {visitor.words}")
        time.sleep(1)
        visitor.run(fragment=beat)


def live(visitor: Visitor) -> bool:
    """Say whether the line above the progress bar counts updates, which it does from the first live point on."""
    return visitor.words[:1].isdigit() and not visitor.words.startswith("0 ")
