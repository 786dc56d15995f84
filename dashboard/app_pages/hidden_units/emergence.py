"""When did the unit begin to know the concept? The same network is examined as it was earlier in its training."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from core.concepts import Kind
from core.concepts.own import LONGEST_PATTERN, BadConcept
from core.interventions.targets import OwnPattern, kind_of
from core.runs.run import Run
from core.units.finder import MARGIN, Finding, Unit
from dashboard.app_pages.hidden_units.unit_in_view import described
from dashboard.experiment import looks
from dashboard.figures import figure
from dashboard.figures.charts import Chart
from dashboard.figures.charts.emergence import emergence
from dashboard.parts.findings import unit_title
from dashboard.shell import widgets
from dashboard.shell.words import label

if TYPE_CHECKING:
    from core.units.emergence import Emergence

HALF_WAY = 0.5


def draw(run: Run, unit: Unit, *, finding: Finding | None, concept: str | OwnPattern, title: str) -> None:
    """Draw a drawer. When it is opened, its content is computed for all units at once and then kept.

    Parameters
    ----------
    unit
        The unit that the reader looks at.
    finding
        The result of the search for ``concept``, or None.
    title
        The name of the concept.
    """
    drawer = widgets.drawer(label("emergence.title"), "emergence")
    if drawer.open:
        with drawer:
            _draw(run, unit, finding, concept, title)


def _draw(run: Run, unit: Unit, finding: Finding | None, concept: str | OwnPattern, title: str) -> None:
    if not run.snapshots:
        st.info(label("emergence.no_snapshots"))
        return
    try:
        with st.spinner(label("emergence.computing")):
            emerged = looks.emergence(run, concept)
    except BadConcept as error:
        st.warning(label(f"finder.own_{error.reason}", longest=LONGEST_PATTERN))
        return
    if emerged is None:
        st.info(label("finder.elsewhere"))
        return
    st.caption(described(unit, unit, finding, title))
    if np.isnan(emerged.best).all():
        st.info(label("emergence.untold", concept=title))
        return
    said = sentence(emerged, unit, title)
    st.markdown(said)
    decided_by: Hashable = (run.spec.key, concept, unit)
    figure.show(
        lambda: _chart(run, emerged, unit, concept),
        name="emergence",
        decided_by=decided_by,
        title=label("emergence.figure", unit=unit_title(unit), concept=title),
        caption=label("emergence.how"),
        alt=said,
        table=lambda: _table(emerged, unit),
    )


def sentence(emerged: Emergence, unit: Unit, concept: str) -> str:
    """Say how far the score rose, and by which update it had risen half of that way. Say so if it did not rise."""
    own, update = emerged.of(unit), emerged.update
    facts = {"unit": unit_title(unit), "concept": concept, "first": own[0], "last": own[-1]}
    gained = own[-1] - own[0]
    if gained <= -MARGIN:
        return label("emergence.lost", **facts)
    if not gained >= MARGIN:  # less than a detector needs
        return label("emergence.never", **facts, margin=MARGIN)
    by = int(np.argmax(own >= own[0] + HALF_WAY * gained))
    return label("emergence.by", **facts, before=int(update[by - 1]), update=int(update[by]), updates=int(update[-1]))


def _chart(run: Run, emerged: Emergence, unit: Unit, concept: str | OwnPattern) -> Chart:
    scores = {"update": emerged.update, "unit": emerged.of(unit), "best": emerged.best}
    loss = {"update": run.curves["held_out_update"], "loss": run.curves["held_out_loss"]}
    words = {name: label(f"emergence.{name}") for name in ("update", "loss", "best")}
    binary = kind_of(concept) is Kind.BINARY
    words |= {"strength": label(f"emergence.strength_{'auroc' if binary else 'r'}"), "unit": unit_title(unit)}
    return emergence(scores, loss, state=unit.state, least=0.5 if binary else 0.0, words=words)


def _table(emerged: Emergence, unit: Unit) -> pd.DataFrame:
    columns = {"update": emerged.update, "unit": emerged.of(unit).round(4), "best": emerged.best.round(4)}
    return pd.DataFrame({label(f"emergence.column_{name}"): values for name, values in columns.items()})
