"""Hidden units: what one unit after the other does with a text, and which of them follows the indentation."""

import numpy as np
import streamlit as st

from core.neurons.indentation import indentation
from core.presets import PRESETS
from dashboard import controls, figure, live, reading
from dashboard.charts.tracking import correlations
from dashboard.words import label, lesson

LESSON = {"order": 40, "icon": ":material/grid_on:"}

PAGE = "hidden_units"
SAVED = PRESETS[PAGE]
ROWS = 9


@st.fragment
def look(run, trace, probe, layer, tracking):
    """The timeline at the moment where the reader has come to rest; nothing else runs again."""
    depth, _ = indentation(probe)
    beside = () if tracking is None or not np.ptp(depth) else (reading.indentation_track(depth),)
    network = reading.network(
        run, trace, layer=layer, lanes=("", *(track.name for track in beside)), beside=beside, prediction=True
    )
    unit = None if tracking is None else tracking.trained.unit
    moment = reading.here(probe, [network], {network.name: unit})
    reading.draw(
        probe,
        [network],
        moment,
        runs={network.name: run},
        parts=("text", "prediction", "strip", "lanes", "units"),
        rows=ROWS,
        title=label("hidden_units.picture", cell=controls.option("cell", run.spec.cell)),
        caption=lesson(PAGE)["how"],
    )


trained = st.container()
with st.expander(label("reading.settings"), key=f"{PAGE}-settings"):
    spec = controls.spec_controls(SAVED[0], front=("cell", "text", "hidden_size", "seed"), fixed=("task",))
with trained:
    live.training_panel([spec], PAGE, draw=reading.draw_while_training)
run = live.finished(spec)
if run is None:
    (run,) = reading.fall_back(SAVED).values()
probe = reading.passage(run.spec)
layer = controls.whole("layer", 1, run.spec.layer_count, 1) - 1
tracking = live.tracking(run, layer=layer)
if tracking:
    st.markdown(reading.tracking_sentence(tracking))
look(run, live.trace(run, probe), probe, layer, tracking)

if tracking and tracking.trained.unit is not None:
    found, control = tracking.trained, tracking.untrained
    words = {name: label(f"hidden_units.tracking_{name}") for name in ("axis", "trained", "untrained", "unit", "r")}
    named = label("timeline.unit_number", unit=found.unit)
    figure.show(
        lambda: correlations(found.scores, control.scores, found.unit, tracking.signal, {**words, "named": named}),
        name="tracking",
        decided_by=(run.spec.key, layer),
        title=label("hidden_units.tracking", characters=tracking.characters),
        caption=lesson(PAGE)["tracking"],
        alt=reading.tracking_sentence(tracking),
        table=lambda: reading.scores_table(tracking, words),
    )
st.markdown(f"#### {label('hidden_units.why')}")
st.markdown(lesson(PAGE)["why"])
live.provenance(run)
