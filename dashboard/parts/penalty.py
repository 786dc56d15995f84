"""The L1 penalty on the recurrent weights, said where its effect shows, with the other network one press away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.choices.allowed import Value
from core.runs.run import Run
from core.spec import RunSpec
from core.spec.presets import CODE
from dashboard.experiment import results
from dashboard.shell import address
from dashboard.shell.words import label

MEASURED = (CODE, CODE.replace(recurrent_l1=0.0))
"""The network that the figures in the explanation were measured with, with the penalty and without."""


def draw_penalty(
    runs: Sequence[Run], asked: RunSpec, default: RunSpec, change: Callable[[Mapping[str, Value]], None]
) -> None:
    """Say whether networks were trained with the penalty; offer those that differ in nothing else, if they are there.

    Parameters
    ----------
    runs
        The networks in view, which have the same settings but for the cell.
    asked
        The experiment that the reader has set up. If it is not trained yet, other networks are in view, and nothing is
        offered.
    default
        The experiment that the page opens with, which has the penalty.
    change
        Changes settings of the page, in a callback.
    """
    penalty = runs[0].spec.recurrent_l1
    kind = "with" if penalty else "without"
    number = "one" if len(runs) == 1 else "several"
    other = 0.0 if penalty else default.recurrent_l1
    in_view = [run.spec for run in runs]
    offered = asked.replace(cell=in_view[0].cell) == in_view[0] and all(
        results.finished(spec.replace(recurrent_l1=other)) for spec in in_view
    )
    measured = in_view[0] in MEASURED
    with st.container(horizontal=True, vertical_alignment="center"):
        said = label(f"penalty.{kind}_{number}", penalty=penalty)
        st.caption(said, help=label("penalty.measured") if measured else None, width="content")
        if not offered:
            return
        st.button(
            label(f"penalty.show_{'without' if penalty else 'with'}"),
            key=f"{address.page()}-penalty",
            type="tertiary",
            icon=":material/swap_horiz:",
            on_click=change,
            args=({"recurrent_l1": other},),
        )
