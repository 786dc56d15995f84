"""Settings that decide which others there are may be changed from any default."""

import pytest

from core.spec import RunSpec
from dashboard.experiment import controls

CHANGES = [
    (RunSpec(task="adding", direction="both"), {"direction": "forward"}),
    (RunSpec(task="adding"), {"direction": "both"}),
    (RunSpec(task="adding"), {"network": "time_delay"}),
    (RunSpec(task="adding", network="time_delay"), {"network": "recurrent", "cell": "lstm"}),
    (RunSpec(), {"task": "dates", "direction": "both"}),
    (RunSpec(task="dates", direction="both"), {"task": "characters"}),
    (RunSpec(optimiser="adam"), {"optimiser": "sgd"}),
]


@pytest.mark.parametrize(("default", "asked"), CHANGES)
def test_every_setting_that_comes_with_another_structure_has_a_default(
    default: RunSpec, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls.address, "value", lambda name, default, allowed, **_: asked.get(name, default))
    opened = controls._structured(default, ())
    assert {name: getattr(opened, name) for name in asked} == asked
    assert set(controls.settings(opened)) <= set(controls._defaults(default, like=opened))
