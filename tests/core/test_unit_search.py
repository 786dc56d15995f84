"""The search for a unit that follows the indentation finds a planted one, and believes no untrained network."""

import numpy as np
import pytest
import xarray

import core.tracing
from core.neurons.tracking import Found, Tracking, searched_text, tracking
from core.run import Run
from core.spec import RunSpec
from core.training import Training

TEXT = "".join(f"{' ' * 4 * (line % 3)}value = {line}\n" for line in range(60))


@pytest.fixture(scope="module")
def run() -> Run:
    training = Training(RunSpec(cell="lstm", hidden_size=6, updates=1, options=(("length", 5000),)))
    training.advance(1)
    return training.run()


def test_a_planted_unit_is_found_and_its_untrained_twin_is_not_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = np.repeat([0.0, 4.0, 8.0] * 20, [len(line) for line in TEXT.splitlines(keepends=True)])
    real = core.tracing.trace

    def planted(network: Run, text: str) -> xarray.Dataset:
        read = real(network, text)
        if network.outcome != "untrained":
            read["cell_state"][0, 0, :, 4] = 0.1 - 0.05 * depth
        return read

    monkeypatch.setattr(core.tracing, "trace", planted)
    found = tracking(run, TEXT)
    assert (found.signal, found.trained.unit) == ("cell_state", 4)
    assert found.trained.score < -0.99
    assert abs(found.untrained.score) < 0.8
    assert found.holds
    assert found.characters == sum(not one.isspace() for one in TEXT[len(TEXT) // 2 :])


def found(score: float, unit: int | None = 0) -> Found:
    return Found(unit, score, xarray.DataArray([score], dims="unit"))


@pytest.mark.parametrize(
    ("trained", "untrained", "holds"),
    [
        (0.9, 0.1, True),
        (-0.9, 0.1, True),
        (0.9, -0.8, False),
        (0.45, 0.0, False),
        (0.66, 0.5, True),
        (0.64, 0.5, False),
    ],
)
def test_a_claim_needs_a_clear_score_and_a_margin(trained: float, untrained: float, holds: bool) -> None:
    assert Tracking(found(trained), found(untrained), "cell_state", 100).holds is holds


def test_without_any_moving_unit_there_is_no_claim() -> None:
    nan = float("nan")
    assert not Tracking(found(nan, None), found(nan, None), "cell_state", 100).holds
    assert Tracking(found(0.6), found(nan, None), "cell_state", 100).holds


def test_code_is_searched_from_a_line_that_no_training_saw(run: Run) -> None:
    text = searched_text(run)
    assert text is not None
    assert text.endswith("\n")
    assert len(text) <= 4000


def test_prose_has_no_indentation_to_follow(run: Run) -> None:
    training = Training(RunSpec(cell="gru", hidden_size=2, updates=1, options=(("text", "english"), ("length", 5000))))
    training.advance(1)
    assert searched_text(training.run()) is None
