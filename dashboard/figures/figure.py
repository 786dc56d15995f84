"""A figure: a title that says what is seen, the chart, how to read it, and a table behind it.

A chart is designed as an Altair function and takes 10 to 60 ms to build. Its dictionary is built once and kept under a
key of all that it depends on. Data that change while a page is open are passed by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from core.once import MEGABYTE, Kept
from dashboard.shell import address, widgets
from dashboard.shell.words import label, language

if TYPE_CHECKING:  # pandas takes a quarter of a second to load, and the first page draws no table
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

Made = TypeVar("Made")

BYTES_OF_A_KIND = 6 * MEGABYTE
"""Bytes kept of each kind of chart, table and sentence. The chart of 2,000 characters with gates takes some 300 kB."""

_kept: dict[str, Kept[Any]] = {}
_lock = threading.Lock()


def show(
    build: Callable[[], Any],
    *,
    name: str,
    decided_by: Hashable,
    alt: str,
    title: str | None = None,
    caption: str | None = None,
    more: str | None = None,
    data: Tables | Callable[[], Tables] | None = None,
    data_decided_by: Hashable | None = None,
    table: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Draw a chart with its title, caption, alternative text and table.

    Parameters
    ----------
    build
        Makes the ``alt.Chart``. It is called only if no chart for ``decided_by`` is kept.
    name
        Name of the figure on its page, which names its widgets too.
    decided_by
        All that the chart depends on, such as (run.spec.key, unit). The language is added here.
    title, caption, alt
        What the chart shows, how to read it, and both for a reader who cannot see it.
    more
        An exact explanation, for readers who ask for it.
    data
        Tables that the chart refers to by name (``alt.NamedData("points")``), for charts of which only the data change.
    data_decided_by
        All that ``data`` depend on, given once they no longer change. They are then made once and kept.
    table
        Makes the numbers behind the chart. It is called only if the reader opens the table.
    """
    if title:
        st.markdown(f"##### {title}")
    spec = _chart(build, name, (decided_by, language()))
    if data is not None:
        kept = None if data_decided_by is None else (data_decided_by, language())
        spec["datasets"] = spec["datasets"] | once(
            f"{name} data", kept, lambda: _packed(data() if callable(data) else data)
        )
    st.vega_lite_chart(spec, key=f"{address.page()}-{name}", width="stretch", alt=alt.replace("**", ""))
    if caption:
        st.caption(caption, help=more)
    if table:
        _table(table, name)


def _chart(build: Callable[[], Any], name: str, decided_by: Hashable) -> dict[str, Any]:
    """Return a chart's dictionary with its inline data packed. The caller may change its outermost level."""

    def make() -> dict[str, Any]:
        spec: dict[str, Any] = build().to_dict()
        # A screen reader gets the alternative text and the table. Reading out 300 marks as well would drown them.
        config = spec.get("config", {})
        spec["config"] = config | {"mark": config.get("mark", {}) | {"aria": False}}
        import pandas as pd

        return spec | {"datasets": _packed({one: pd.DataFrame(rows) for one, rows in spec.get("datasets", {}).items()})}

    return dict(once(name, decided_by, make))


def _packed(tables: Tables) -> dict[str, bytes]:
    return {name: convert_anything_to_arrow_bytes(table) for name, table in tables.items()}


def once(kind: str, key: Hashable | None, make: Callable[[], Made]) -> Made:
    """Return what ``make`` gives, made once for all readers and kept under ``key``. Without a key it is made each time.

    Entries push out only entries of the same kind. A reader who goes through all units of one figure therefore does not
    push out other figures.
    """
    if key is None:
        return make()
    with _lock:
        kept = _kept.setdefault(kind, Kept(BYTES_OF_A_KIND))
    return cast(Made, kept.get(key, make))


def _table(table: Callable[[], pd.DataFrame], name: str) -> None:
    opened = widgets.drawer(label("figure.table"), f"table_{name}")
    if opened.open:
        opened.dataframe(table(), hide_index=True)
