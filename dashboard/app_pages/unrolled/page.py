"""Unrolled: the computation graph of a trained network, folded and unrolled, with its numbers in its equations."""

import streamlit as st

from core.spec import RANGES
from core.spec.presets import PRESETS
from dashboard.app_pages.unrolled import weight_count
from dashboard.app_pages.unrolled.graph_view import draw_graph_view
from dashboard.app_pages.unrolled.pattern import SHOWN_PATTERNS, choose_pattern, choose_reading
from dashboard.experiment import controls, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.parts.guess import guess
from dashboard.shell import widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 20, "icon": ":material/conversion_path:"}

left, right = st.columns((3, 1), gap="medium")
with left:
    beside, reads = st.columns((5, 2), gap="medium")
    with beside:
        pattern = choose_pattern()
    if pattern == "one_to_many":
        reads = st.container()  # four controls want the whole width
    guessed = guess("guess", weight_count.WEIGHT_GUESSES)
    answered, drawn = st.container(), st.container()
preset = PRESETS[SHOWN_PATTERNS[pattern].preset]
with right:
    cell = widgets.setting("cell", preset[0].cell, RANGES["cell"])
    trained = st.container()
st.markdown(f"#### {label('unrolled.network')}")
front = ("hidden_size", "layer_count", *SHOWN_PATTERNS[pattern].front, "seed")
spec = controls.spec_controls(preset[0].replace(cell=cell), front=front, fixed=("task", "cell", "network"))
with trained:
    panel.training_panel([spec], "unrolled")

run = results.finished(spec)
if run is None:
    with drawn:
        run = next(iter(results.fall_back(preset).values()), None)
if run:
    with reads:
        read = choose_reading(run, pattern)
    with drawn:
        draw_graph_view(run, read, pattern)
    if guessed:
        answered.markdown(weight_count.answer(run, guessed))
    with right:
        draw_provenance(run)
for section in ("why", "try"):
    st.markdown(f"#### {label(f'unrolled.{section}')}")
    st.markdown(lesson("unrolled")[section])
