"""A choice of several from a set, as a widget and as it stands in a link."""

import pytest
from streamlit.testing.v1 import AppTest


def of_forty() -> None:
    import streamlit as st

    from dashboard.shell import address, widgets

    names = [f"cell_{number:02}" for number in range(40)]
    address.enter("race")
    st.text(" ".join(widgets.several("cells", names, names[:2], kind="cell", fallback="two")))
    st.text(" ".join(one.asked for one in address.refused()))
    address.leave()


def opened(cells: str | None = None) -> AppTest:
    app = AppTest.from_function(of_forty, default_timeout=10)
    if cells is not None:
        app.query_params["cells"] = cells
    app.run()
    assert not app.exception, [one.value for one in app.exception]
    return app


EVERY = [f"cell_{number:02}" for number in range(40)]


@pytest.mark.parametrize("chosen", [EVERY, EVERY[:1], EVERY[5::9]])
def test_any_number_of_forty_stands_in_a_link(chosen: list[str]) -> None:
    said, refused = opened("-".join(chosen)).text
    assert (said.value.split(), refused.value) == (chosen, "")


def test_what_is_no_set_of_them_is_refused_and_said() -> None:
    said, refused = opened("cell_01-lstm").text
    assert (said.value, refused.value) == ("cell_00 cell_01", "cell_01-lstm")


def test_what_the_reader_picks_goes_to_the_address() -> None:
    app = opened()
    app.button_group(key="race-cells").set_value(["cell_30", "cell_04"]).run()
    assert app.text[0].value == "cell_04 cell_30"
    assert app.query_params["cells"] in ("cell_04-cell_30", ["cell_04-cell_30"])
