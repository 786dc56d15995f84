"""The penalty is told where its effect shows; the network without it is one press away, and so is the way back."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.spec.presets import PRESETS
from dashboard.shell.words import label

Open = Callable[..., AppTest]


@pytest.mark.parametrize(("page", "number"), [("hidden_units", "one"), ("gates", "several")])
def test_one_press_there_and_back(open_page: Open, page: str, number: str) -> None:
    app = open_page(page)
    assert not app.exception
    penalty = PRESETS[page][0].recurrent_l1
    assert penalty > 0
    with_penalty = label(f"penalty.with_{number}", penalty=penalty)
    without = label(f"penalty.without_{number}")
    assert with_penalty in captions(app)
    button(app, page).click().run()
    assert float(app.query_params["recurrent_l1"][0]) == 0
    assert without in captions(app)
    assert not app.info, "its runs are saved: nothing has to be trained first"
    button(app, page).click().run()
    assert "recurrent_l1" not in app.query_params
    assert with_penalty in captions(app)


@pytest.mark.parametrize("page", ["hidden_units", "gates"])
@pytest.mark.parametrize("query", [{"seed": "5"}, {"recurrent_l1": "1"}])
def test_what_is_not_trained_is_not_offered(open_page: Open, page: str, query: dict[str, str]) -> None:
    app = open_page(page, **query)
    assert not app.exception
    assert app.info, "other networks are in view"
    assert [one.key for one in app.button if str(one.key).endswith("-penalty")] == []


def captions(app: AppTest) -> list[str]:
    return [one.value for one in app.caption]


def button(app: AppTest, page: str):  # type: ignore[no-untyped-def]
    return app.button(f"{page}-penalty")
