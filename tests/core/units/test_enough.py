"""What is said to be enough for a search is what the search asks for."""

import numpy as np
import pytest

from core.concepts import Kind
from core.concepts.own import by_selection
from core.spec import RunSpec
from core.training import Training
from core.units.enough import FEWEST_RANGES, parted, ranges_by_half
from core.units.finder import Finding, Search

TEXT = "a = b + 1\n" * 60


@pytest.fixture(scope="module")
def search() -> Search:
    training = Training(
        RunSpec(hidden_size=4, updates=1, batch_size=2, truncation_length=8, options=(("length", 2_000),))
    )
    training.advance(1)
    return Search.of(training.run(), TEXT)


def found(search: Search, ranges: list[tuple[int, int]]) -> Finding:
    return search.find(by_selection(TEXT, ranges), Kind.BINARY, probes=False)


@pytest.mark.parametrize("missing", range(4))
def test_a_search_can_tell_as_soon_as_it_is_said_to_be_enough(search: Search, missing: int) -> None:
    part = parted(TEXT)
    first = [(10 * number + 2, 10 * number + 5) for number in range(FEWEST_RANGES)]
    second = [(part + begin, part + end) for begin, end in first]
    ranges = [first + second, first[1:] + second, first + second[:-1], [(0, 5), *first[1:], *second]][missing]
    marked = by_selection(TEXT, ranges).values.astype(bool)
    enough = min(ranges_by_half(marked, part)) >= FEWEST_RANGES
    assert enough == (missing == 0)
    assert (found(search, ranges).found is not None) == enough


def test_half_a_range_is_what_the_middle_or_an_end_cuts() -> None:
    marked = np.zeros(20, dtype=bool)
    marked[[0, 1, 4, 9, 10, 11, 15, 18, 19]] = True
    assert ranges_by_half(marked, 10) == (2.0, 2.0)


def test_nothing_is_parted_in_an_empty_text() -> None:
    assert parted("") == 0
    assert ranges_by_half(np.zeros(0, dtype=bool), 0) == (0, 0)
