"""What the gates of a unit do, in sentences that are computed from the passage."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.units.how import STANDS_OUT, Habit, Whereabouts, habits
from dashboard.figures import figure
from dashboard.parts import tracks
from dashboard.shell.words import label, language

if TYPE_CHECKING:
    import xarray

    from core.concepts import Kind, Labels

MOSTLY = 0.8
"""A gate is said to stay near one end if it is there at this share of the characters or more."""


def draw(
    trace: xarray.Dataset,
    text: str,
    labels: Labels | None,
    kind: Kind,
    *,
    layer: int,
    unit: int,
    concept: str,
    decided_by: Hashable,
) -> None:
    """Draw one line for each gate of the unit; nothing for a cell without gates.

    Parameters
    ----------
    labels, kind, concept
        The labels of a concept along the text, its kind, and its name. Without labels, only other places are named.
    decided_by
        Everything that the trace and the labels depend on.
    """

    def lines() -> str:
        found = habits(trace, text, labels, kind, layer=layer, unit=unit)
        return "\n".join(f"- {sentence(one, kind, concept)}" for one in found)

    said = figure.once("how", (decided_by, layer, unit, language()), lines)
    if not said:
        return
    st.markdown(f"##### {label('how.title', unit=unit)}")
    st.markdown(said)
    st.caption(label("how.how", characters=len(text), least=STANDS_OUT))


def sentence(habit: Habit, kind: Kind, concept: str) -> str:
    """Say near which end a gate stays, and where it behaves differently."""
    ends = {"open": habit.opened, "shut": habit.shut}
    end = next((name for name, share in ends.items() if share >= MOSTLY), None)
    facts = {"gate": tracks.signal_title(habit.gate), "mean": habit.mean, "share": ends[end] if end else 0.0}
    stays = label(f"how.{end or 'between'}", others=_others("others", habit.others), **facts)
    return f"{stays} {_place(habit.place, kind, concept) if habit.place else label('how.nowhere')}"


def _place(place: Whereabouts, kind: Kind, concept: str) -> str:
    name = place.name if place.name not in ("begins", "ends") else f"{place.name}_{kind}"
    return label(
        "how.somewhere",
        where=label(f"how.at_{name}", concept=concept),
        count=place.count,
        mean=place.mean,
        elsewhere=place.elsewhere,
        others=_others("others_there", place.others),
    )


def _others(words: str, median: float) -> str:
    """Say what the gates of the other units do; nothing if there are no other units."""
    return label(f"how.{words}", others=median) if np.isfinite(median) else ""
