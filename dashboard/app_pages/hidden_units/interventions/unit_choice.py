"""Choosing the units to set, and the value to set them to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from core.choices.allowed import Choices
from core.traces.clamp import Clamp
from dashboard.app_pages.hidden_units.interventions.subject import Subject
from dashboard.app_pages.hidden_units.unit_in_view import described
from dashboard.shell import address, widgets
from dashboard.shell.words import label

BEST = 4
"""How many units of the ranking are taken by default."""

MOST_CLAMPED = 16
RANGE = re.compile(r"([0-9]{1,6})(?:[-–]([0-9]{1,6}))?")

LONGEST_UNIT_LIST = 200
"""The maximum number of characters of a list of units."""

NOTHING = ""


class BadUnits(ValueError):
    """A choice of units that cannot be set. ``reason`` and ``values`` say why."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def pick(name: str, words: Mapping[str, str], default: str) -> str:
    """Let the reader choose one of some names, side by side. With the default ``NOTHING``, none is chosen at first."""
    allowed = Choices(lambda: (NOTHING, *words) if default == NOTHING else tuple(words))
    fallback = words.get(default, label("interventions.nothing"))
    current = str(address.value(name, default, allowed, fallback=fallback))
    key = address.seed(name, current or None)

    def take() -> None:
        address.change({name: st.session_state[key] or NOTHING})

    st.pills(
        label(f"controls.{name}"),
        list(words),
        format_func=lambda one: words.get(one, one),
        key=key,
        on_change=take,
        required=default != NOTHING,
    )
    return current


def one_unit(subject: Subject) -> int:
    """Let the reader choose the unit to set. The default is the one that is looked at."""
    number = widgets.whole("clamp_unit", 0, subject.run.spec.hidden_size - 1, default=subject.looked_at.number)
    st.caption(described(subject.looked_at._replace(number=number), subject.looked_at, subject.finding, subject.title))
    if number != subject.looked_at.number:
        words = label("interventions.follow", unit=subject.looked_at.number)
        key, back = f"{address.page()}-follow", {"clamp_unit": subject.looked_at.number}
        st.button(words, key=key, on_click=address.change, args=(back,))
    return number


def some_units(subject: Subject, *, or_all: bool = False) -> tuple[int, ...] | None:
    """Let the reader choose the units to set: one, the best of the ranking, a list, or (with ``or_all``) all of them.

    Returns
    -------
    tuple[int, ...] | None
        The numbers of the units; None for all units of the layer.

    Raises
    ------
    BadUnits
        If the reader's list names no units to set.
    """
    most = min(MOST_CLAMPED, subject.run.spec.hidden_size // 2)  # as many others are needed as the control
    offered = {"one": True, "best": bool(subject.ranking) and most > 1, "several": most > 1, "all": or_all}
    words = {one: label(f"interventions.clamp_of_{one}") for one, there_is in offered.items() if there_is}
    match pick("clamp_of", words, "one"):
        case "one":
            return (one_unit(subject),)
        case "best":
            count = widgets.whole("clamp_best", 2, most, default=min(BEST, most))
            best = subject.ranking[:count]
            st.caption(
                label("interventions.which_best", count=count, concept=subject.title, units=", ".join(map(str, best)))
            )
            return best
        case "several":
            begin = subject.ranking[: min(BEST, most)] or (subject.looked_at.number,)
            return listed(
                widgets.wording("clamp_units", ", ".join(map(str, begin)), longest=LONGEST_UNIT_LIST, lines=1),
                subject.run.spec.hidden_size,
            )
    return None


def listed(written: str, hidden_size: int) -> tuple[int, ...]:
    """Read a list of units such as "3, 17, 40-42".

    Raises
    ------
    BadUnits
        If the list is too long or cannot be read, or if it names a unit outside the layer, or more than half of its
        units.
    """
    if len(written) >= LONGEST_UNIT_LIST:  # a longer list was cut off, perhaps within a number
        raise BadUnits("too_long", longest=LONGEST_UNIT_LIST)
    parts = [RANGE.fullmatch(part) for part in re.split(r"[\s,;，；、]+", written) if part]
    if not parts or not all(parts):
        raise BadUnits("unreadable")
    ranges = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    if any(first > end for first, end in ranges):
        raise BadUnits("unreadable")
    last = max(map(max, ranges))
    if last >= hidden_size:
        raise BadUnits("outside", unit=last, last=hidden_size - 1)
    units = tuple(dict.fromkeys(unit for first, end in ranges for unit in range(first, end + 1)))
    if 2 * len(units) > hidden_size:
        raise BadUnits("too_many", most=hidden_size // 2)
    return units


def clamp_of_units(subject: Subject) -> Clamp:
    """Let the reader choose units and a value. The default sets the unit that is looked at to 0.

    Raises
    ------
    BadUnits
        If there is no other unit to compare with, or if the reader's list names no units to set.
    """
    if subject.run.spec.hidden_size == 1:
        raise BadUnits("alone")
    first, second = st.columns(2, gap="medium")
    with first:
        units = some_units(subject)
    with second:
        kinds = {one: label(f"interventions.clamp_to_{one}") for one in ("zero", "mean", "value")}
        kind = pick("clamp_to", kinds, "zero")
        value: float | Literal["mean"] = "mean" if kind == "mean" else 0.0
        if kind == "value":
            value = widgets.real("clamp_value", -1.0, 1.0, default=0.5, step=0.05)
    return Clamp(subject.looked_at.state, value, units, subject.looked_at.layer)
