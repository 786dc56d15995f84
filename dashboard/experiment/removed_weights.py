"""Sentences about the weights that a penalty has removed from a network."""

import streamlit as st

from core.measures.removed import removed
from core.runs.run import Run
from dashboard.shell.words import label


def say_removed(run: Run) -> None:
    """Say what share of the recurrent weights the penalty has made 0, or warn if a layer has none left."""
    if nothing := nothing_left(run):
        st.warning(nothing)
    elif run.spec.recurrent_l1:
        st.markdown(label("interventions.removed", share=float(removed(run).mean())))


def nothing_left(run: Run) -> str | None:
    """Return a warning about layers without any recurrent weight left; None if each layer has some."""
    layers = [layer for layer, share in enumerate(removed(run) if run.spec.recurrent_l1 else ()) if share == 1]
    if not layers:
        return None
    # In a cell with gates, this stacks several matrices and so has more rows than the layer has units.
    gated = len(run.weights["weight_hh_l0"]) > run.spec.hidden_size
    where = label("interventions.removed_all", layers=", ".join(str(layer + 1) for layer in layers))
    return f"{where} {label('interventions.removed_gated' if gated else 'interventions.removed_plain')}"
