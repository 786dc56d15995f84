"""A figure: a title that says what is seen, the chart, how to read it, a table behind it, and where it comes from.

A chart is designed as an Altair function and costs 10 to 60 ms to build; its dictionary is built once and kept by what
decides it. What changes while a page looks on is passed as named data.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from dashboard.shell import address, widgets
from dashboard.shell.words import label, language

if TYPE_CHECKING:  # pandas costs a quarter of a second, and the first page draws no table
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

Made = TypeVar("Made")

KEPT_OF_A_KIND = 24
"""Of each kind of chart, table and sentence; the chart of a text of 2,000 characters with its gates is some 300 kB."""

_kept: defaultdict[str, OrderedDict[Hashable, Any]] = defaultdict(OrderedDict)
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
    """Draw a chart with what belongs to it.

    Parameters
    ----------
    build
        Makes the ``alt.Chart``; called only if no chart for ``decided_by`` is kept.
    name
        Of the figure on its page; its widgets are named by it.
    decided_by
        All that the chart depends on, such as (run.spec.key, unit); the language is added here.
    title, caption, alt
        What is seen, how to read it, and both for a reader who does not see it.
    more
        What only those ask for who want to know it exactly.
    data
        Tables that the chart names (``alt.NamedData("points")``), for charts whose data alone change.
    data_decided_by
        All that ``data`` depend on, if they have come to rest: then they too are made once and kept.
    table
        The numbers behind the chart; made only when the reader opens it.
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
    """A chart's dictionary, its inline data packed; a copy, of which the outermost level may be changed."""

    def make() -> dict[str, Any]:
        spec: dict[str, Any] = build().to_dict()
        # A chart speaks through its alternative text and its table; a voice for each of 300 marks only drowns them.
        config = spec.get("config", {})
        spec["config"] = config | {"mark": config.get("mark", {}) | {"aria": False}}
        import pandas as pd

        return spec | {"datasets": _packed({one: pd.DataFrame(rows) for one, rows in spec.get("datasets", {}).items()})}

    return dict(once(name, decided_by, make))


def _packed(tables: Tables) -> dict[str, bytes]:
    return {name: convert_anything_to_arrow_bytes(table) for name, table in tables.items()}


def once(kind: str, key: Hashable | None, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, kept under ``key`` until 24 others of its kind were asked for; made anew if the key is None.

    So that a reader who goes through all units does not push out what other readers look at.
    """
    with _lock:
        kept = _kept[kind].get(key) if key is not None else None
        if kept is not None:
            _kept[kind].move_to_end(key)
    if kept is None:
        kept = make()
        if key is not None:
            with _lock:
                _kept[kind][key] = kept
                while len(_kept[kind]) > KEPT_OF_A_KIND:
                    _kept[kind].popitem(last=False)
    return kept


def _table(table: Callable[[], pd.DataFrame], name: str) -> None:
    opened = widgets.drawer(label("figure.table"), f"table_{name}")
    if opened.open:
        opened.dataframe(table(), hide_index=True)
