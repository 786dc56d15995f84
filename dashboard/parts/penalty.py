"""The L1 penalty on the recurrent weights, said where its effect shows, with the other network one press away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.choices.allowed import Value
from core.runs.run import Run
from core.spec import RunSpec
from dashboard.shell import address
from dashboard.shell.words import label


def draw_penalty(runs: Sequence[Run], default: RunSpec, change: Callable[[Mapping[str, Value]], None]) -> None:
    """Say whether networks were trained with the penalty, and offer those that differ in nothing else.

    Parameters
    ----------
    runs
        The networks in view, which have the same settings but for the cell.
    default
        The experiment that the page opens with, which has the penalty.
    change
        Changes settings of the page, in a callback.
    """
    penalty = runs[0].spec.recurrent_l1
    kind = "with" if penalty else "without"
    number = "one" if len(runs) == 1 else "several"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(label(f"penalty.{kind}_{number}", penalty=penalty), help=label("penalty.measured"), width="content")
        st.button(
            label(f"penalty.show_{'without' if penalty else 'with'}"),
            key=f"{address.page()}-penalty",
            type="tertiary",
            icon=":material/swap_horiz:",
            on_click=change,
            args=({"recurrent_l1": 0.0 if penalty else default.recurrent_l1},),
        )
