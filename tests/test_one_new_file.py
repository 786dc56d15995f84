"""A new cell is one new file: everything from the spec to the page takes it up, and nothing else changes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import core.cells
from core.cells import cells
from core.spec import RunSpec, SpecError

MINIMAL_GATED = r'''
"""Minimal gated unit: one gate forgets, writes and resets.

Source: Zhou et al. (2016), Minimal gated unit for recurrent neural networks, Int. J. Automation and Computing 13; here
the gate acts after the matrix product, as in torch's GRU.
"""

from typing import NamedTuple

from torch import Tensor

from core.cells import Cell, Hold, Role, Signal, Step, cells


class State(NamedTuple):
    hidden: Tensor  # (example, unit)


@cells.register
class MinimalGated(Cell):
    title = "Minimal gated unit"
    source = "Zhou et al. 2016"
    blocks = ("forget_gate", "candidate")
    signals = {
        "forget_gate": Signal(
            "f_t",
            r"\sigma(W_{xf} x_t + b_{xf} + W_{hf} h_{t-1} + b_{hf})",
            Role.GATE,
            "sigma({forget_gate.x} + {forget_gate.h})",
        ),
        "candidate": Signal(
            r"\tilde h_t",
            r"\tanh(W_{xh} x_t + b_{xh} + f_t \odot (W_{hh} h_{t-1} + b_{hh}))",
            Role.CANDIDATE,
            "tanh({candidate.x} + {forget_gate} * {candidate.h})",
        ),
        "hidden_state": Signal(
            "h_t",
            r"(1 - f_t) \odot h_{t-1} + f_t \odot \tilde h_t",
            Role.STATE,
            "(1 - {forget_gate}) * {hidden_state.previous} + {forget_gate} * {candidate}",
        ),
    }

    def initial_state(self, batch_size: int) -> State:
        return State(self.weight_hh.new_zeros(batch_size, self.hidden_size))

    def step(self, from_input: Tensor, from_hidden: Tensor, state: State, hold: Hold) -> Step:
        x_f, x_n = from_input.chunk(2, dim=1)
        h_f, h_n = from_hidden.chunk(2, dim=1)
        f = hold("forget_gate", (x_f + h_f).sigmoid())
        n = hold("candidate", (x_n + f * h_n).tanh())
        h = hold("hidden_state", (1 - f) * state.hidden + f * n)
        return Step(h, State(h), {"forget_gate": f, "candidate": n, "hidden_state": h})
'''


@pytest.fixture
def new_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a cell that is one file in a folder of its own."""
    (tmp_path / "minimal_gated.py").write_text(MINIMAL_GATED, encoding="utf-8")
    monkeypatch.setattr(core.cells, "__path__", [*core.cells.__path__, str(tmp_path)])
    yield "minimal_gated"
    cells._plugins.pop("minimal_gated", None)


def test_without_the_file_there_is_no_such_cell() -> None:
    with pytest.raises(SpecError, match="minimal_gated"):
        RunSpec(cell="minimal_gated")


def test_it_is_chosen_trained_traced_and_its_equations_hold(new_cell: str) -> None:
    from core.traces.tracing import trace
    from core.traces.worked import worked
    from core.training import Training

    assert new_cell in cells.names()
    spec = RunSpec(cell=new_cell, hidden_size=16, layer_count=2, updates=60, options=(("length", 4_000),))
    training = Training(RunSpec.from_json(spec.to_json()))
    training.advance(spec.updates)
    run = training.run()
    assert run.outcome == "finished"
    assert run.curves["loss"][-10:].mean() < run.curves["loss"][:10].mean() - 0.3

    seen = trace(run, "def total(values):\n    return 0\n")
    for name, signal in cells[new_cell].signals.items():
        assert dict(seen[name].sizes) == {"layer": 2, "example": 1, "time": 32, "unit": 16}
        assert seen[name].attrs["symbol"] == signal.symbol

    tools = {"__builtins__": {}, "sigma": lambda value: 1 / (1 + np.exp(-value)), "tanh": np.tanh}
    for layer in (0, 1):
        for line in worked(run, seen, time=7, unit=3, layer=layer).values():
            assert eval(line.expression, tools) == pytest.approx(line.value, abs=1e-5)
