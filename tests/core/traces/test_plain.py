"""The recurrence in NumPy against the trace, which torch's own modules vouch for."""

import numpy as np
import pytest

from core.spec import RunSpec
from core.spec.presets import PRESETS
from core.store import saved
from core.traces.plain import read
from core.traces.tracing import trace
from core.training import Training


def test_it_is_what_the_trace_says() -> None:
    run = saved().load(PRESETS["unrolled"][0].key)
    text = "def left(n, right):\n    return 3 ∞\n"  # the last symbol but one was never seen
    reading, traced = read(run, text), trace(run, text)
    np.testing.assert_allclose(reading.states, traced["hidden_state"].isel(layer=0, direction=0, example=0), atol=1e-5)
    np.testing.assert_allclose(reading.probability, traced["probability"].isel(example=0), atol=1e-5)


@pytest.mark.parametrize("change", [{"cell": "lstm"}, {"layer_count": 2}])
def test_another_network_is_refused(change) -> None:
    spec = RunSpec(cell="elman", hidden_size=4, updates=1, truncation_length=4, batch_size=2).replace(**change)
    with pytest.raises(ValueError, match="plain RNN of one layer"):
        read(Training(spec).run(), "a")
