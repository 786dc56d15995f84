"""Which unit knows it? The concept that a reader asks about, the search, and its answer beside the controls."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core import texts
from core.allowed import Choices
from core.concepts import Kind, about, of_domain
from core.neurons.finder import MARGIN, RANDOM_UNITS, Finding, Unit
from core.run import Run
from core.spec import RunSpec
from core.texts import Concepts
from dashboard import address, controls, figure, live
from dashboard.charts import finder
from dashboard.theme import signal_colour
from dashboard.words import label, labelled

if TYPE_CHECKING:
    import altair as alt

OPENS_WITH = {Concepts.CODE: "indentation", Concepts.PROSE: "inside_quotes"}
LEAST = {Kind.BINARY: 0.5, Kind.COUNT: 0.0, Kind.POSITION: 0.0}
YES, NO = "yes", "no"


def offered(spec: RunSpec) -> tuple[str, ...]:
    """The concepts that make sense in the text of ``spec``; all of them where only the reader knows."""
    domain = texts.about(str(spec.option("text"))).concepts
    return tuple(name for one in ([domain] if domain else Concepts) for name in of_domain(one))


def opening(names: Sequence[str]) -> str:
    """The concept to open with."""
    return next((name for name in OPENS_WITH.values() if name in names), names[0])


def choose(names: Sequence[str]) -> str:
    """The concept that the reader asks about; with another one the page opens at the unit that is found for it."""
    allowed = Choices(lambda: tuple(names))
    chosen = str(address.value("concept", opening(names), allowed))
    key = f"{address.page()}-concept"
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    words = {name: concept_title(name) for name in names}

    def take() -> None:
        forget_unit({"concept": st.session_state[key]})

    st.selectbox(
        label("hidden_units.concept"), names, format_func=lambda one: words.get(one, one), key=key, on_change=take
    )
    controls.say_refused("concept", allowed, fallback=words[chosen])
    return chosen


def wanted() -> bool:
    """Whether the reader has asked for the whole search."""
    allowed = Choices(lambda: (NO, YES))
    asked = address.value("searched", NO, allowed)
    controls.say_refused("searched", allowed, fallback=label("finder.searched_no"))
    return asked == YES


def searched(run: Run, names: Sequence[str], concept: str, *, at_once: bool) -> Finding | None:
    """What the search for ``concept`` has found; None until the reader has asked for it, with the button to do so.

    at_once : whether a first look at this one concept is due without being asked for
    """
    if not wanted():
        _draw_button(run)
        return live.glance(run, concept) if at_once else None
    with st.spinner(label("finder.searching")):
        every = live.findings(run, tuple(names))
    if every is None:
        st.info(label("finder.elsewhere"))
        return None
    return every[concept]


def _draw_button(run: Run) -> None:
    st.button(
        label("finder.search", units=run.spec.hidden_size * run.spec.layer_count),
        icon=":material/manage_search:",
        key=f"{address.page()}-search",
        on_click=forget_unit,
        args=({"searched": YES},),
    )


def forget_unit(changes: Mapping[str, str]) -> None:
    """Change settings, and look at whichever unit is found with them instead of the one that was chosen before."""
    settings = st.session_state["addresses"].get(address.page(), {})
    chosen = dict.fromkeys(name for name in settings if name == "layer" or name.startswith(("unit_", "signal_")))
    address.change(chosen | dict(changes), chosen)


def draw_answer(finding: Finding, concept: str, decided_by: Hashable) -> None:
    """The verdict, one sentence, and the score beside its controls."""
    detector = finding.is_detector
    st.badge(
        label(f"finder.badge_{'detector' if detector else 'none'}"),
        icon=":material/check_circle:" if detector else ":material/do_not_disturb_on:",
        color="green" if detector else "gray",
    )
    st.markdown(sentence(finding, concept), help=score_help(finding))
    if finding.found is not None:
        figure.show(
            lambda: _chart(finding),
            name="controls",
            decided_by=decided_by,
            title=label("finder.controls", concept=concept_title(concept)),
            alt=sentence(finding, concept),
            caption=label("finder.controls_how"),
            table=lambda: _table(finding),
        )
    st.caption(grounds(finding, concept))


def sentence(finding: Finding, concept: str) -> str:
    """What came of the search, computed from its numbers."""
    found, title = finding.found, concept_title(concept)
    if found is None:
        return label("finder.nothing_to_find", concept=title)
    low, high = _interval(finding)
    return label(
        f"finder.{finding.verdict}",
        concept=title,
        unit=unit_title(found.unit),
        score=score_title(finding),
        strength=finding.strength,
        low=low,
        high=high,
        untrained=found.untrained,
        chance=finding.chance,
        margin=MARGIN,
    )


def grounds(finding: Finding, concept: str) -> str:
    """On how many characters the score rests, and which were left out."""
    left_out = label(f"finder.left_out_{about(concept).left_out}")
    lines = [label("finder.scored", characters=finding.scored, left_out=left_out)]
    if finding.unread:
        lines.append(label("finder.unread", characters=finding.unread))
    return " ".join(lines)


def concept_title(concept: str) -> str:
    """What a concept is called; one that came without words, by its name."""
    key = f"finder.concept_{concept}"
    return label(key) if labelled(key) else concept.replace("_", " ")


def unit_title(unit: Unit) -> str:
    """A unit by its number, its layer and what of it was looked at."""
    state = f"state_{unit.state}"
    mark = label(f"finder.{state}") if labelled(f"finder.{state}") else unit.state
    return label("finder.unit", number=unit.number, layer=unit.layer + 1, state=mark)


def score_title(finding: Finding) -> str:
    """The name of the score: AUROC or |r|."""
    return label(f"finder.score_{_form(finding)}")


def score_help(finding: Finding) -> str:
    """What that score means."""
    return label(f"finder.score_{_form(finding)}_help")


def _form(finding: Finding) -> str:
    return "binary" if finding.kind is Kind.BINARY else "number"


def _interval(finding: Finding) -> tuple[float, float]:
    """The interval of the score, turned to that of its strength."""
    assert finding.found is not None
    low, high = finding.found.interval
    if finding.kind is Kind.BINARY:
        return (1 - high, 1 - low) if finding.found.score < 0.5 else (low, high)
    return (-high, -low) if finding.found.score < 0 else (low, high)


def _rows(finding: Finding) -> list[finder.Row]:
    """The unit, its three controls, and all units together; 20 units have a range and no middle."""
    found = finding.found
    assert found is not None
    return [
        finder.Row(unit_title(found.unit), finding.strength, *_interval(finding)),
        finder.Row(label("finder.row_untrained"), *[found.untrained] * 3),
        finder.Row(label("finder.row_shuffled"), finding.chance, float(found.shuffled.min()), finding.chance),
        finder.Row(label("finder.row_random", count=RANDOM_UNITS), float("nan"), *found.random),
        finder.Row(label("finder.row_probe", untrained=found.untrained_probe), *[found.probe] * 3),
    ]


def _table(finding: Finding) -> pd.DataFrame:
    columns = ("column_what", f"score_{_form(finding)}", "column_low", "column_high")
    rows = pd.DataFrame(_rows(finding)).round(4)
    return rows.set_axis([label(f"finder.{one}") for one in columns], axis=1)


def _chart(finding: Finding) -> alt.LayerChart:
    assert finding.found is not None
    needed = max(finding.found.untrained + MARGIN, finding.chance)
    return finder.beside_controls(
        *_rows(finding),
        least=LEAST[finding.kind],
        needed=min(needed, 1.0),
        colour=signal_colour(finding.found.unit.state),
        words={"axis": score_title(finding), "needed": label("finder.needed")},
    )
