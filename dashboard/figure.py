"""A figure: a title that says what is seen, the chart, how to read it, a table behind it, and where it comes from.

A chart is designed as an Altair function and costs 10 to 60 ms to build; its dictionary is built once and kept by what
decides it. What changes while a page looks on is passed as named data.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from core.run import Run
from dashboard import address, controls, export
from dashboard.words import label, language

KEPT = 128
"""Charts whose dictionary is kept; a text of 2,000 characters with its gates is some 300 kB."""

_kept: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


def show(
    build: Callable[[], Any],
    *,
    name: str,
    decided_by: Hashable,
    alt: str,
    title: str | None = None,
    caption: str | None = None,
    data: Mapping[str, pd.DataFrame] | None = None,
    table: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Draw a chart with what belongs to it.

    build : makes the ``alt.Chart``; called only if no chart for ``decided_by`` is kept
    name : of the figure on its page; its widgets are named by it
    decided_by : all that the chart depends on, such as (run.spec.key, unit); the language is added here
    title, caption, alt : what is seen, how to read it, and both for a reader who does not see it
    data : tables that the chart names (``alt.NamedData("points")``), for charts whose data alone change
    table : the numbers behind the chart; made only when the reader opens it
    """
    if title:
        st.markdown(f"##### {title}")
    spec = _chart(build, (name, decided_by, language()))
    if data:
        spec["datasets"] = spec["datasets"] | {
            one: convert_anything_to_arrow_bytes(table) for one, table in data.items()
        }
    st.vega_lite_chart(spec, key=f"{address.page()}-{name}", width="stretch", alt=alt)
    if caption:
        st.caption(caption)
    if table:
        _table(table, name)


def provenance(run: Run, *, trained_here: bool) -> None:
    """Say where the numbers of a figure come from, with the spec that reproduces them one press away."""
    kind = "live" if trained_here else "saved"
    facts = label(
        f"figure.{kind}",
        cell=controls.option("cell", run.spec.cell),
        seed=run.spec.seed,
        updates=int(run.metrics.get("updates", run.spec.updates)),
        seconds=run.metrics.get("seconds", 0.0),
        machine=run.made.get("machine", "?"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(facts, width="content")
        with st.popover(label("figure.take"), icon=":material/data_object:", type="tertiary"):
            st.code(export.settings(run), language="json")
            export.downloads(run)


def schematic() -> None:
    """Say that a figure shows no numbers of any network."""
    st.caption(label("figure.schematic"))


def _chart(build: Callable[[], Any], decided_by: Hashable) -> dict[str, Any]:
    with _lock:
        kept = _kept.get(decided_by)
    if kept is None:
        kept = build().to_dict()
        kept["datasets"] = {
            name: convert_anything_to_arrow_bytes(pd.DataFrame(rows)) for name, rows in kept.get("datasets", {}).items()
        }
        with _lock:
            _kept[decided_by] = kept
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return dict(kept)


def _table(table: Callable[[], pd.DataFrame], name: str) -> None:
    opened = st.expander(label("figure.table"), key=f"{address.page()}-{name}-table", on_change="rerun")
    if opened.open:
        opened.dataframe(table(), hide_index=True)
