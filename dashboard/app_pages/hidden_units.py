"""Hidden units: what one unit after the other does with a text, and which of them knows something about it."""

import streamlit as st

from core.spec.presets import PRESETS
from dashboard import (
    address,
    asking,
    chosen,
    controls,
    emerging,
    finding,
    how,
    intervening,
    live,
    matching,
    ranking,
    reading,
)
from dashboard.guess import guess
from dashboard.unknown import say_unknown
from dashboard.words import label, lesson

LESSON = {"order": 40, "icon": ":material/grid_on:"}

PAGE = "hidden_units"
SAVED = PRESETS[PAGE]
ROWS = 9


@address.fragment
def look(run, trace, probe, layer, asked, answer):
    """Where the reader has come to rest: scatter, timeline and what is asked of that unit; nothing else runs again."""
    found = answer.unit if answer else None
    along = asked.along(probe)
    read = (run.spec.key, probe, layer, asked.key)
    beside = () if along is None else (reading.concept_track(asked.title, along.values),)
    network = reading.network(
        run,
        trace,
        layer=layer,
        lanes=("", *(track.name for track in beside), *reading.gates(trace)),
        beside=beside,
        prediction=True,
        opens_with=found.state if found else None,
    )
    moment = reading.here(probe, [network], {network.name: found.number if found and found.layer == layer else None})
    if found and along is not None:
        ranking.draw_against(network, moment, along, asked, read)
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
    looked_at = {"layer": layer, "unit": moment.units[network.name]}
    how.draw(trace, probe, along, asked.kind, **looked_at, concept=asked.title, decided_by=read)
    unit = chosen.chosen(trace, moment, network.name, layer, found)
    concept = intervening.as_concept(asked.key)
    intervening.draw(run, probe, unit, finding=answer, concept=concept, title=asked.title)
    if concept is not None:
        emerging.draw(run, unit, finding=answer, concept=concept, title=asked.title)


trained = st.container()
front = ("cell", "text", "hidden_size", "seed")
opened = controls.drawer(label("reading.settings"), "settings")
with opened:
    spec = controls.spec_controls(SAVED[0], front=front, fixed=("task",), drawn=opened.open)
with trained:
    live.training_panel([spec], PAGE, draw=reading.draw_while_training)
run = live.finished(spec)
if run is None:
    (run,) = reading.fall_back(SAVED).values()

guessed = guess("guess", tuple(finding.ANSWERS))
names = asking.offered(run.spec)
every = asking.search(run, names, at_once=guessed is not None)
if guessed and every:
    st.markdown(finding.judged(guessed, every, run.spec.hidden_size * run.spec.layer_count))

left, right = st.columns(2)
with right:
    probe = reading.passage(run.spec)
    say_unknown(probe, run.symbols)
with left:
    asked = asking.choose(names, probe)
asking.show(run, asked, probe)
opens = run.spec in SAVED and asked.name == asking.opening(names)
answer = asking.answer(run, asked, every, glance=opens)
found = answer.unit if answer else None
if answer:
    finding.draw_answer(answer, asked.title, asked.left_out, (run.spec.key, asked.key, answer.scored))
if found:
    ranking.draw_units(run, answer, asked.key)
layer = controls.whole("layer", 1, run.spec.layer_count, 1 + (found.layer if found else 0)) - 1
look(run, live.trace(run, probe), probe, layer, asked, answer)
matching.draw(run, probe)
if every:
    ranking.draw_concepts(every, (run.spec.key, names))

st.markdown(f"#### {label('hidden_units.why')}")
st.markdown(lesson(PAGE)["why"])
live.provenance(run)
