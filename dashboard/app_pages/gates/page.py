"""Gates: what each gate of an LSTM and of a GRU does, character by character."""

import streamlit as st

from core.spec.presets import PRESETS
from dashboard.app_pages.gates.detectors import draw_detectors
from dashboard.app_pages.gates.moment import draw_moment
from dashboard.app_pages.gates.saturation import draw_saturation
from dashboard.experiment import controls, curves, looks, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.parts.passage import choose_passage
from dashboard.parts.penalty import draw_penalty
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import address, widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 30, "icon": ":material/valve:"}

SAVED_PAIR = PRESETS["gates"]
COMPARED = tuple(spec.cell for spec in SAVED_PAIR)

trained = st.container()
front = ("text", "hidden_size", "updates", "seed")
fixed = ("cell", "task", "network", "direction")
drawer = widgets.drawer(label("reading.settings"), "settings")
with drawer:
    spec = controls.spec_controls(SAVED_PAIR[0], front=front, fixed=fixed, drawn=bool(drawer.open))
with trained:
    panel.training_panel([spec.replace(cell=cell) for cell in COMPARED], "gates", draw=curves.draw_while_training)
runs = {cell: run for cell in COMPARED if (run := results.finished(spec.replace(cell=cell)))}
if not runs:
    runs = results.fall_back(SAVED_PAIR)

left, right = st.columns((1, 2))
with left:
    view = widgets.choice("view", (*COMPARED, "both"))
with right:
    first = next(iter(runs.values()))  # all were trained on the same text
    probe = choose_passage(first.spec)
    say_unknown(probe, first.symbols)
layer = widgets.whole("layer", 1, min(run.spec.layer_count for run in runs.values()), 1) - 1
traces = {cell: looks.trace(run, probe) for cell, run in runs.items()}
chosen = {cell: run for cell, run in runs.items() if view in (cell, "both")} or runs
detectors = draw_detectors(chosen)
draw_moment(chosen, probe, layer, {cell: unit.number for cell, unit in detectors.items() if unit.layer == layer})

st.markdown(f"#### {label('gates.saturation')}")
st.markdown(lesson("gates")["saturation_question"])
draw_saturation(runs, traces, probe, layer)
draw_penalty(list(runs.values()), spec, SAVED_PAIR[0], address.change)

st.markdown(f"#### {label('gates.why')}")
st.markdown(lesson("gates")["why"])
st.markdown(lesson("gates")["gru"])
for run in runs.values():
    draw_provenance(run)
