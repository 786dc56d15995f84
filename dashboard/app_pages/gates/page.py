"""Gates: what each gate does, one character after the other, in an LSTM and in a GRU."""

import streamlit as st

from core.measures.saturation import saturation
from core.spec.presets import PRESETS
from dashboard.app_pages.gates.saturation import shares_table
from dashboard.experiment import controls, curves, looks, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.figures import figure
from dashboard.figures.charts.saturation import saturation_of_a_gate
from dashboard.figures.equations import draw_equations
from dashboard.parts import concepts, cursor, findings, tracks
from dashboard.parts.guess import guess
from dashboard.parts.passage import choose_passage
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 30, "icon": ":material/valve:"}

SAVED_PAIR = PRESETS["gates"]
COMPARED = tuple(spec.cell for spec in SAVED_PAIR)
LANES = {
    "lstm": ("forget_gate", "input_gate", "candidate", "cell_state", "output_gate", "hidden_state"),
    "gru": ("update_gate", "reset_gate", "candidate", "hidden_state"),
}
"""What is kept, what is added, what comes of it: the order in which the lanes tell their story."""
COLUMNS = 2
CHARTS = 3
SHARES_OPEN = {"rarely": 1 / 3, "half": 2 / 3, "mostly": 1.0}
"""Answers to the question, each with the share up to which it is right."""


@address.fragment
def look(chosen, traces, probe, layer, units):
    """The timeline and the equations at the moment where the reader has come to rest; nothing else runs again."""
    networks = [
        tracks.network_tracks(run, traces[cell], layer=layer, lanes=LANES[cell]) for cell, run in chosen.items()
    ]
    moment = cursor.here(probe, networks, units)
    cursor.draw(
        probe,
        networks,
        moment,
        runs=chosen,
        parts=("text", "lanes", "units"),
        title=label("gates.picture"),
        caption=lesson("gates")["how"],
    )
    st.markdown(f"#### {label('gates.equations')}")
    st.caption(label("gates.rounded"))
    for one in networks:
        cursor.draw_place(probe, moment, one)
        unit = moment.units[one.name]
        lines = looks.worked(chosen[one.name], traces[one.name], time=moment.time, unit=unit, layer=layer)
        share = -(-len(lines) // COLUMNS)
        for place, column in enumerate(st.columns(COLUMNS)):
            with column:
                draw_equations(dict(list(lines.items())[place * share : (place + 1) * share]))


trained = st.container()
front = ("text", "hidden_size", "updates", "seed")
opened = widgets.drawer(label("reading.settings"), "settings")
with opened:
    spec = controls.spec_controls(SAVED_PAIR[0], front=front, fixed=("cell", "task"), drawn=opened.open)
with trained:
    panel.training_panel([spec.replace(cell=cell) for cell in COMPARED], "gates", draw=curves.draw_while_training)
runs = {cell: run for cell in COMPARED if (run := results.finished(spec.replace(cell=cell)))}
if not runs:
    runs = results.fall_back(SAVED_PAIR)

left, right = st.columns((1, 2))
with left:
    view = widgets.choice("view", (*COMPARED, "both"))
with right:
    first = next(iter(runs.values()))  # all have met the same text
    probe = choose_passage(first.spec)
    say_unknown(probe, first.symbols)
layer = widgets.whole("layer", 1, min(run.spec.layer_count for run in runs.values()), 1) - 1
traces = {cell: looks.trace(run, probe) for cell, run in runs.items()}
chosen = {cell: run for cell, run in runs.items() if view in (cell, "both")} or runs
concept = concepts.opening(concepts.offered(first.spec))
found = {cell: one for cell, run in chosen.items() if (one := looks.glance(run, concept)) and one.found}
detectors = {cell: one.found.unit for cell, one in found.items() if one.is_detector}
for cell in detectors:
    words = findings.sentence(found[cell], concepts.concept_title(concept))
    st.caption(f"{titles.option('cell', cell)}: {words}", help=findings.score_help(found[cell]))
units = {cell: unit.number for cell, unit in detectors.items() if unit.layer == layer}
look(chosen, traces, probe, layer, units)

st.markdown(f"#### {label('gates.saturation')}")
st.markdown(lesson("gates")["saturation_question"])
asked = "lstm" in traces  # it alone has a forget gate to guess about
guessed = guess("guess", tuple(SHARES_OPEN)) if asked else None
if guessed or not asked:
    shares = {cell: saturation(trace).isel(layer=layer, drop=True) for cell, trace in traces.items()}
    if guessed:
        opened = shares["lstm"]["right"].sel(gate="forget_gate")
        true = next(answer for answer, most in SHARES_OPEN.items() if float(opened.mean()) <= most)
        verdict = label(f"gates.answer_{'right' if true == guessed else 'wrong'}", said=label(f"gates.guess_{guessed}"))
        facts = label("gates.answer", share=float(opened.mean()), held=int((opened > 0.9).sum()), units=opened.size)
        st.markdown(f"{verdict} {facts}")
    words = {name: label(f"gates.saturation_{name}") for name in ("left", "right", "open", "shut", "between", "unit")}
    for cell, here in shares.items():
        gates = [gate for gate in LANES[cell] if gate in here["gate"]]
        st.markdown(f"**{titles.option('cell', cell)}**")
        for column, gate in zip(st.columns(CHARTS), gates, strict=False):
            with column:
                figure.show(
                    lambda here=here, gate=gate: saturation_of_a_gate(here, gate, words),
                    name=f"saturation-{cell}-{gate}",
                    decided_by=(runs[cell].spec.key, probe, layer),
                    title=tracks.signal_title(gate),
                    alt=label("gates.saturation_alt", cell=titles.option("cell", cell), gate=tracks.signal_title(gate)),
                    table=lambda here=here, gate=gate: shares_table(here.sel(gate=gate), words),
                )
    st.caption(lesson("gates")["saturation"])

st.markdown(f"#### {label('gates.why')}")
st.markdown(lesson("gates")["why"])
st.markdown(lesson("gates")["gru"])
for run in runs.values():
    draw_provenance(run)
