"""A full rerun of every page, with its run already stored, against a bare Streamlit page."""

from collections.abc import Iterator

from benchmarks import Row, alternate, benchmarks
from benchmarks.visiting import Visitor, bare_page, serving
from dashboard.shell.navigation import lessons

RUNS = 10  # in one batch, because the system counts processor time in steps of 10 ms
ROUNDS = 5


@benchmarks.register
def measure() -> Iterator[Row]:
    """Processor time of the server process for one rerun of a page in its opening state. Value: milliseconds."""
    with bare_page() as script, serving() as ours, serving(script) as bare:
        for lesson in lessons():
            with Visitor(ours, lesson.address) as visitor, Visitor(bare) as other:
                page, bare_one = alternate(
                    lambda visitor=visitor: visitor.processor_time(RUNS),
                    lambda other=other: other.processor_time(RUNS),
                    ROUNDS,
                )
                yield Row(
                    what=f"rerun of the page {lesson.name}",
                    ours=1000 * page,
                    peers=1000 * bare_one,
                    unit="ms",
                    peer="page with a title, a chart and a button",
                    value=1000 * page,
                    at_most=60,
                )
