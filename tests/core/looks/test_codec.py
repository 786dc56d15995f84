"""An answer comes back from bytes as it was."""

import numpy as np
import pytest
import xarray

from core.concepts import Kind
from core.looks.codec import decode, encode
from core.runs.run import Run
from core.signals import Line
from core.spec import RunSpec
from core.tasks import tasks
from core.traces.tracing import trace_example
from core.training import Training
from core.units.finder import Finding
from core.units.unseen import find_each, glance

SPEC = RunSpec(hidden_size=8, truncation_length=16, batch_size=4, updates=3, options=(("length", 20_000),))


@pytest.fixture(scope="module")
def run() -> Run:
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


@pytest.mark.parametrize("task", tasks.names())
def test_a_trace_of_any_task(task: str) -> None:
    run = Training(RunSpec(task=task, hidden_size=4, updates=1)).run()
    seen = trace_example(run, 0)
    again = decode(encode(seen))
    xarray.testing.assert_identical(again, seen)
    assert {name: one.dtype for name, one in again.variables.items()} == {
        name: one.dtype for name, one in seen.variables.items()
    }


def test_findings(run: Run) -> None:
    found = find_each(run, ("indentation", "inside_comment"), 8_000)
    again = decode(encode(found))
    assert list(again) == list(found)
    for name, one in found.items():
        same(again[name], one)
        assert again[name].kind is one.kind


def test_a_first_look_that_found_nothing() -> None:
    same(decode(encode(Finding(Kind.BINARY, None, 7, 2, first_look=True))), Finding(Kind.BINARY, None, 7, 2, True))


def test_a_first_look(run: Run) -> None:
    same(decode(encode(glance(run, "indentation"))), glance(run, "indentation"))


def test_lines_words_and_numbers_of_any_kind() -> None:
    line = Line("h_t", "\\tanh(a_t)", "0.1", "tanh(0.1)", float("nan"))
    again = decode(encode({"hidden_state": line, "more": (1, [2.5, None, True], "字", np.float32(0.5))}))
    assert repr(again) == repr({"hidden_state": line, "more": (1, [2.5, None, True], "字", 0.5)})


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        encode({"run": object()})


def same(one: Finding, other: Finding) -> None:
    assert (one.kind, one.scored, one.unread, one.first_look) == (
        other.kind,
        other.scored,
        other.unread,
        other.first_look,
    )
    if one.found is None or other.found is None:
        assert one.found is other.found
        return
    assert one.unit == other.unit
    assert (one.verdict, one.grade, one.strength) == (other.verdict, other.grade, other.strength)
    xarray.testing.assert_identical(one.found.scores, other.found.scores)
    xarray.testing.assert_identical(one.found.beside, other.found.beside)
    np.testing.assert_array_equal(one.found.shuffled, other.found.shuffled)
