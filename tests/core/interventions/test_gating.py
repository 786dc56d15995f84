"""A gate held is the trace under its clamp, beside the trace as learned."""

import numpy as np
import pytest

from core.interventions.gating import compared, gated
from core.signals import Role
from core.spec import RunSpec
from core.texts import texts
from core.traces.clamp import Clamp
from core.traces.squashed import squashed
from core.traces.tracing import trace
from core.training import Training

TEXT = texts["tidy_code"](200, 3)
STATES = {"lstm": "cell_state", "gru": "hidden_state"}


@pytest.fixture(scope="module", params=list(STATES))
def run(request):
    training = Training(RunSpec(cell=request.param, hidden_size=12, options=(("length", 6000),), updates=30))
    training.advance(30)
    return training.run()


@pytest.mark.parametrize("units", [(4,), None])
def test_both_readings_are_traces(run, units):
    state = STATES[run.spec.cell]
    learned = trace(run, TEXT)
    for gate in (name for name, signal in learned.data_vars.items() if signal.attrs.get("role") == Role.GATE):
        clamp = Clamp(str(gate), 1.0, units)
        found = gated(run, TEXT, clamp, state, 4)
        for of, read in (("learned", learned), ("held", trace(run, TEXT, (clamp,)))):
            rows = found.moments[found.moments["of"] == of]
            true = read["input"].to_numpy()[0, 1:]
            chance = read["probability"].to_numpy()[0, np.arange(len(true)), true]
            np.testing.assert_allclose(rows["probability"].to_numpy()[:-1], chance, atol=1e-5)
            np.testing.assert_allclose(rows["state"], squashed(read[state])[0, 0, 0, :, 4], atol=1e-5)
            assert found.mean(of, "loss") == pytest.approx(float(read["loss"].mean()), abs=1e-5)
            assert found.mean(of, "state") == pytest.approx(
                float(abs(squashed(read[state])[0, 0, 0, :, 4]).mean()), abs=1e-5
            )
        assert found.change == pytest.approx(found.mean("held", "loss") - found.mean("learned", "loss"))
        assert len(found.others) == (11 if units else 0)


def test_a_single_character_has_no_next_one(run):
    assert np.isnan(
        gated(
            run, "d", Clamp("update_gate" if run.spec.cell == "gru" else "forget_gate", 1.0), STATES[run.spec.cell], 0
        ).change
    )


@pytest.mark.parametrize("units", [(4,), (1, 4, 7), None])
def test_all_gates_are_held_the_same_way(run, units):
    gates = [name for name, signal in trace(run, TEXT).data_vars.items() if signal.attrs.get("role") == Role.GATE]
    table = compared(run, TEXT, units, 0)
    assert list(zip(table["gate"], table["value"], strict=True)) == [(one, at) for one in gates for at in (0.0, 1.0)]
    for row in table.itertuples():
        alone = gated(run, TEXT, Clamp(row.gate, row.value, units), STATES[run.spec.cell], 4)
        assert row.change == pytest.approx(alone.change, abs=1e-5)
    assert compared(run, "d", units, 0)["change"].isna().all()
