"""Hidden units: what one unit after the other does with a text, and which of them knows something about it."""

import streamlit as st

from core.presets import PRESETS
from dashboard import controls, emerging, finding, intervening, live, reading
from dashboard.unknown import say_unknown
from dashboard.words import label, lesson

LESSON = {"order": 40, "icon": ":material/grid_on:"}

PAGE = "hidden_units"
SAVED = PRESETS[PAGE]
ROWS = 9


@st.fragment
def look(run, trace, probe, layer, concept, found):
    """The timeline at the moment where the reader has come to rest; nothing else runs again."""
    beside = reading.concept_track(concept, finding.concept_title(concept), probe)
    gates = reading.gates(trace)
    network = reading.network(
        run,
        trace,
        layer=layer,
        lanes=("", *(track.name for track in beside), *gates),
        beside=beside,
        prediction=True,
        opens_with=found.state if found else None,
    )
    moment = reading.here(probe, [network], {network.name: found.number if found and found.layer == layer else None})
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

names = finding.offered(run.spec)
concept = finding.choose(names)
answer = finding.searched(run, names, concept, at_once=run.spec in SAVED and concept == finding.opening(names))
if answer:
    finding.draw_answer(answer, concept, (run.spec.key, concept, answer.scored))
found = answer.found.unit if answer and answer.found else None

probe = reading.passage(run.spec)
say_unknown(probe, run.symbols)
layer = controls.whole("layer", 1, run.spec.layer_count, 1 + (found.layer if found else 0)) - 1
look(run, live.trace(run, probe), probe, layer, concept, found)

if found:
    emerging.draw(run, concept, found)
    intervening.draw(run, probe, layer=found.layer, unit=found.number, state=found.state, concept=concept)
st.markdown(f"#### {label('hidden_units.why')}")
st.markdown(lesson(PAGE)["why"])
live.provenance(run)
