"""A planted detector is found; what the controls explain as well is none; an untrained network has none."""

from dataclasses import replace

import numpy as np
import pytest
import xarray

from core.concepts import Kind, labelled
from core.neurons.finder import Search, Unit, Verdict, find
from core.run import Run
from core.spec import RunSpec
from core.training import Training

TEXT = "".join(f"{' ' * 4 * (line * line % 7 % 3)}{'word ' * (line % 5)}= {line}\n" for line in range(400))
INDENTATION = labelled("indentation", TEXT)
PLANTED = Unit("cell_state", 1, 3)


def noise(seed: int, **planted: np.ndarray) -> xarray.DataArray:
    """Two states, two layers, five units of noise; ``unit`` is planted among them."""
    values = np.random.default_rng(seed).normal(size=(2, 2, 5, len(TEXT))).astype(np.float32)
    if planted:
        values[1, 1, 3] = planted["unit"] + values[1, 1, 3] * 0.01
    return xarray.DataArray(values, {"state": ["hidden_state", "cell_state"]}, ("state", "layer", "unit", "time"))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_planted_detector_is_found_whatever_its_sign(sign: int) -> None:
    finding = Search(TEXT, noise(0, unit=sign * 0.1 * INDENTATION.values), noise(1)).find(INDENTATION, Kind.COUNT)
    assert finding.found is not None
    assert finding.found.unit == PLANTED
    assert finding.found.score * sign > 0.99
    assert finding.verdict is Verdict.DETECTOR
    assert finding.found.untrained < 0.1


@pytest.fixture(scope="module")
def run() -> Run:
    training = Training(RunSpec(cell="lstm", hidden_size=16, updates=1, options=(("length", 60_000),)))
    return replace(training.run(), outcome="untrained")


@pytest.mark.parametrize("seed", range(20))
def test_an_untrained_network_has_no_detector(run: Run, seed: int) -> None:
    network = Training(replace(run.spec, seed=seed + 100)).run()
    text = Training(run.spec).task.held_out_text[:4000]
    unlike = replace(network, spec=replace(network.spec, seed=seed))
    assert not find(unlike, text, "indentation").is_detector
