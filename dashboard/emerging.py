"""When did the unit begin to know it? Asked of the same network as it was earlier in its training."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts import Kind, about
from core.neurons.finder import Unit
from core.run import Run
from dashboard import address, figure, live
from dashboard.charts.emergence import emergence
from dashboard.finding import concept_title, unit_title
from dashboard.words import label

if TYPE_CHECKING:
    import altair as alt

HALF_WAY = 0.5


def draw(run: Run, concept: str, unit: Unit) -> None:
    """A drawer; what is in it is computed when it is opened, and kept."""
    drawer = st.expander(label("emergence.title"), key=f"{address.page()}-emergence", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        if not run.snapshots:
            st.info(label("emergence.no_snapshots"))
            return
        with st.spinner(label("emergence.computing")):
            scores = live.what_if("neurons.emergence:emergence_unseen", run, concept, tuple(unit))
        if scores is None:
            st.info(label("finder.elsewhere"))
            return
        decided_by: Hashable = (run.spec.key, concept, unit)
        figure.show(
            lambda: _chart(run, scores, concept, unit),
            name="emergence",
            decided_by=decided_by,
            title=label("emergence.figure", unit=unit_title(unit), concept=concept_title(concept)),
            caption=label("emergence.how"),
            alt=sentence(scores, unit, concept),
            table=lambda: _table(scores),
        )
        st.markdown(sentence(scores, unit, concept))


def sentence(scores: Mapping[str, np.ndarray], unit: Unit, concept: str) -> str:
    """From where to where the unit's score went, and by which update it had gone half of the way."""
    own, update = scores["unit"], scores["update"]
    facts = {"unit": unit_title(unit), "concept": concept_title(concept), "first": own[0], "last": own[-1]}
    gained = own[-1] - own[0]
    if not gained > 0:
        return label("emergence.never", **facts)
    by = int(np.argmax(own >= own[0] + HALF_WAY * gained))
    return label("emergence.by", **facts, before=int(update[by - 1]), update=int(update[by]), updates=int(update[-1]))


def _chart(run: Run, scores: Mapping[str, np.ndarray], concept: str, unit: Unit) -> alt.VConcatChart:
    loss = {"update": run.curves["held_out_update"], "loss": run.curves["held_out_loss"]}
    words = {name: label(f"emergence.{name}") for name in ("update", "loss", "best")}
    binary = about(concept).kind is Kind.BINARY
    words |= {"strength": label(f"emergence.strength_{'auroc' if binary else 'r'}"), "unit": unit_title(unit)}
    return emergence(scores, loss, state=unit.state, least=0.5 if binary else 0.0, words=words)


def _table(scores: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame({label(f"emergence.column_{name}"): values for name, values in scores.items()})
