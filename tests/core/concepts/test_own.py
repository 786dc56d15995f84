"""The reader's own concept: the same characters as Python's own matcher, and no pattern that takes long."""

import re
from time import process_time

import numpy as np
import pytest

from core.concepts.own import BadConcept, by_pattern, by_selection, matched, read_places, stretches, write_places

TEXT = "def f(a1):\n    return a12 + 'ab' # [x]\n\nababb\n"


def reference(text: str, pattern: str) -> list[bool]:
    """Every stretch that Python's matcher takes as a whole, tried one by one: the first, then the longest."""
    body = pattern.removeprefix("^")
    body = body.removesuffix("$") if not body.endswith("\\$") else body
    one, marked, at = re.compile(body), [False] * len(text), 0
    for begin in range(len(text)):
        for end in range(len(text), begin, -1):
            starts = not pattern.startswith("^") or begin == 0 or text[begin - 1] == "\n"
            ends = body == pattern.removeprefix("^") or end == len(text) or text[end] == "\n"
            if begin >= at and starts and ends and one.fullmatch(text, begin, end):
                marked[begin:end], at = [True] * (end - begin), end
    return marked


def test_what_stands_between_two_strings_is_in_neither() -> None:
    text = 'a = "b" + "c" + d\n'
    found = by_pattern(text, '"[^"]*"').values.astype(int)
    assert "".join(map(str, found)) == "000011100011100000"


@pytest.mark.parametrize(
    "pattern",
    [
        "a", "ab", "ab?b", "a*b", "a+b+", "[a-c]+", "[^a-z\\s]", r"\d+", r"\w*\d", ".", "a.b", "^ *r", "b$", "^a.*b$",
        r"\(.*\)", "'[^']*'", r"\[x\]", "[]x]+", "a*a*b", r"\s+\S", "# .*", r"\\?d", "a?a?a1", r"\w+ ?=? ?\+", "[a-]+1",
    ],
)  # fmt: skip
def test_what_is_marked_is_what_pythons_matcher_would_take(pattern: str) -> None:
    assert by_pattern(TEXT, pattern).values.astype(bool).tolist() == reference(TEXT, pattern)


def test_a_pattern_is_matched_once_in_a_text_and_what_is_kept_cannot_be_changed() -> None:
    matched.kept.clear()
    before = matched.kept.makings
    marked = by_pattern(TEXT, "a+").values.astype(bool)
    assert marked.tolist() == matched(TEXT, "a+").tolist()
    assert matched.kept.makings == before + 1
    with pytest.raises(ValueError, match="read-only"):
        matched(TEXT, "a+")[0] = True


def test_random_patterns_on_random_texts() -> None:
    generator = np.random.default_rng(0)
    compared = 0
    for _ in range(400):
        text = "".join(generator.choice(list("aab\n"), 14))
        pattern = "".join(
            generator.choice(["a", "b", ".", "[ab]"]) + generator.choice(["", "?", "*", "+"]) for _ in range(4)
        )
        pattern = generator.choice(["", "^"]) + pattern + generator.choice(["", "$"])
        expected = reference(text, pattern)
        if any(expected) and not all(expected):
            assert by_pattern(text, pattern).values.astype(bool).tolist() == expected, (text, pattern)
            compared += 1
    assert compared > 100


@pytest.mark.parametrize(
    "pattern", ["a*" * 40, "a*" * 39 + "b", "a?" * 30 + "a" * 20, ".*" * 39 + "$", "^" + "[ab]+" * 15 + "c?"]
)
@pytest.mark.parametrize("text", ["a" * 20_000 + "b\n", "ab" * 10_000 + "\n", "a\n" * 10_000])
def test_a_hostile_pattern_takes_no_time(pattern: str, text: str) -> None:
    begun = process_time()
    try:
        by_pattern(text, pattern)
    except BadConcept as error:
        assert error.reason in ("matches_nothing", "matches_everything")  # noqa: PT017
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("a" * 81, "too_long"),
        ("(a+)+", "unsupported"),
        ("a|b", "unsupported"),
        (r"(a)\1", "unsupported"),
        (r"\1", "unsupported"),
        (r"\b", "unsupported"),
        ("a{2,}", "unsupported"),
        ("a**", "unsupported"),
        ("a+?", "unsupported"),
        ("*a", "unsupported"),
        ("a^b", "unsupported"),
        ("[a", "unsupported"),
        ("[z-a]", "unsupported"),
        ("[[a]", "unsupported"),
        ("(?i)a", "unsupported"),
        ("a\\", "unsupported"),
        ("zz", "matches_nothing"),
        ("^$", "matches_nothing"),
        ("[^q]", "matches_everything"),
    ],
)
def test_a_pattern_that_will_not_do_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(BadConcept) as caught:
        by_pattern(TEXT, pattern)
    assert caught.value.reason == reason


def test_a_selection_marks_its_characters() -> None:
    assert by_selection("abcdef", [(0, 2), (4, 5)]).values.tolist() == [1, 1, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("ranges", "reason"),
    [
        ([], "empty"),
        ([(2, 2)], "outside"),
        ([(-1, 2)], "outside"),
        ([(0, 7)], "outside"),
        ([(0, 6)], "matches_everything"),
    ],
)
def test_a_selection_that_will_not_do_says_why(ranges: list[tuple[int, int]], reason: str) -> None:
    with pytest.raises(BadConcept) as caught:
        by_selection("abcdef", ranges)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["", "\n", "字“字”\U0001f600\x00"])
def test_odd_texts_are_answered(text: str) -> None:
    with pytest.raises(BadConcept):
        by_pattern(text, "q")


@pytest.mark.parametrize(
    ("written", "ranges"),
    [("3-9, 20", [(2, 9), (19, 20)]), ("3－9，20、31–32；", [(2, 9), (19, 20), (30, 32)]), ("", []), (" ; ,", [])],
)
def test_places_are_read_however_they_are_typed(written: str, ranges: list[tuple[int, int]]) -> None:
    assert read_places(written) == ranges


@pytest.mark.parametrize("written", ["a-b", "3-", "-3", "1-2-3", "1.5", "<b>", "3 4", "1--2"])
def test_what_is_no_place_is_unreadable(written: str) -> None:
    with pytest.raises(BadConcept) as caught:
        read_places(written)
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("written", ["0-0", "0", "9999999-1", "5-4", "1-" + "9" * 60])
def test_places_that_are_nowhere_lie_outside(written: str) -> None:
    with pytest.raises(BadConcept) as caught:
        by_selection("abcdef", read_places(written))
    assert caught.value.reason == "outside"


def test_stretches_are_written_and_read_back() -> None:
    generator = np.random.default_rng(0)
    for _ in range(100):
        marked = generator.random(generator.integers(1, 60)) < 0.5
        again = np.zeros_like(marked)
        for begin, end in read_places(write_places(stretches(marked))):
            assert not (again[max(0, begin - 1) : end + 1]).any(), "each as long as it can be"
            again[begin:end] = True
        assert again.tolist() == marked.tolist()
