"""Looking inside a network gives the same here and in a worker, and does not wait for what trains there."""

import os
from dataclasses import replace
from types import SimpleNamespace

import psutil
import pytest
import xarray

from core import machine
from core.engine import looking
from core.engine.job import JobState
from core.engine.queue import Queue
from core.media import Symbols
from core.runs.price import AT_ALL, TooLarge, price, searched_characters
from core.spec import RunSpec
from core.traces.tracing import trace
from core.training import Training
from tests.core.engine.watching import on_workers, until

SPEC = RunSpec(hidden_size=8, truncation_length=16, batch_size=4, updates=3, options=(("length", 2000),))
LETTERS = Symbols(tuple(map(chr, range(40))))
TEXT = "for item in items:\n    item.load()\n"


@pytest.fixture(scope="module")
def run():
    training = Training(SPEC)
    training.advance(SPEC.updates)
    return training.run()


def test_a_worker_sees_what_this_process_sees_while_it_trains(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(looking, "queue", lambda: queue)
    busy = [SPEC.replace(updates=20_000, seed=seed) for seed in (1, 2)]
    queue.submit(busy, "reader")
    for spec in busy:
        until(queue, spec.key, {JobState.TRAINING}, "reader")
    seen = looking.look("traces.tracing:trace", run, TEXT)
    assert all(queue.status(spec.key, "reader").state is JobState.TRAINING for spec in busy)
    xarray.testing.assert_allclose(seen, trace(run, TEXT))


def test_a_look_survives_the_worker_that_dies(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(looking, "queue", lambda: queue)
    looking.look("traces.tracing:trace", run, TEXT)
    for pid in on_workers(queue, os.getpid).values():
        psutil.Process(pid).kill()
    xarray.testing.assert_allclose(looking.look("traces.tracing:trace", run, TEXT), trace(run, TEXT))


def test_what_is_wrong_with_a_question_is_said_by_the_worker_too(queue: Queue, run, monkeypatch) -> None:
    monkeypatch.setenv("UNROLLED_LOOK", "worker")
    monkeypatch.setattr(looking, "queue", lambda: queue)
    with pytest.raises(ValueError, match="no time steps"):
        looking.look("traces.tracing:trace", run, "")


def test_a_small_machine_looks_in_the_worker(monkeypatch) -> None:
    monkeypatch.delenv("UNROLLED_LOOK", raising=False)
    for memory, small in ((10**9, True), (8 * 10**9, False)):
        monkeypatch.setattr(machine, "memory_limit", lambda memory=memory: memory)
        assert machine.elsewhere() is small


@pytest.mark.parametrize(("cell", "hidden_size", "layer_count"), [("lstm", 128, 1), ("gru", 256, 2), ("lstm", 512, 3)])
def test_a_search_costs_what_it_holds_and_of_a_large_network_reads_less(run, cell, hidden_size, layer_count) -> None:
    spec = RunSpec(cell=cell, hidden_size=hidden_size, layer_count=layer_count)
    large = replace(run, spec=spec, inputs=LETTERS, outputs=LETTERS)
    cost = price("units.unseen:find_each", large, (("indentation",),))
    values = searched_characters(large) * hidden_size * layer_count * (2 if cell == "lstm" else 1)
    assert cost.within(AT_ALL)
    assert cost.size == pytest.approx(50 * values)
    assert (searched_characters(large) < 20_000) is (hidden_size == 512)


def test_what_is_large_goes_to_a_worker_and_what_is_larger_is_refused(run, monkeypatch) -> None:
    asked = []
    monkeypatch.setenv("UNROLLED_LOOK", "app")
    monkeypatch.setattr(looking, "queue", lambda: SimpleNamespace(look=lambda *arguments, **_: asked.append(arguments)))
    monkeypatch.setattr(looking, "call", lambda *arguments: "here")
    assert looking.look("traces.tracing:trace", run, TEXT) == "here"
    large = replace(run, spec=RunSpec(hidden_size=512, layer_count=3), inputs=LETTERS, outputs=LETTERS)
    looking.look("units.unseen:find_each", large, ("indentation",))
    assert [name for name, *_ in asked] == ["units.unseen:find_each"]
    with pytest.raises(TooLarge) as refused:
        looking.look("interventions.writing:sweep", large, "x" * 20_000, ("indentation",))
    assert refused.value.price.seconds > AT_ALL[1]
