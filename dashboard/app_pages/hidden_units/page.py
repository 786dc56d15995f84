"""Hidden units: what one unit after the other does with a text, and which of them knows something about it."""

import streamlit as st

from core.spec.presets import PRESETS
from dashboard.app_pages.hidden_units import (
    concept,
    emergence,
    evidence,
    gate_habits,
    scatter,
    score_tables,
    search,
    similar_passages,
)
from dashboard.app_pages.hidden_units.interventions import section
from dashboard.app_pages.hidden_units.unit_in_view import unit_in_view
from dashboard.experiment import controls, curves, looks, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.parts import concepts, cursor, tracks
from dashboard.parts.guess import guess
from dashboard.parts.passage import choose_passage
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 40, "icon": ":material/grid_on:"}

SAVED_RUNS = PRESETS["hidden_units"]


@address.fragment
def look(run, trace, probe, layer, asked, answer):
    """Where the reader has come to rest: scatter, timeline and what is asked of that unit; nothing else runs again."""
    found = answer.unit if answer else None
    along = asked.along(probe)
    read = (run.spec.key, probe, layer, asked.key)
    beside = () if along is None else (tracks.concept_track(asked.title, along.values),)
    network = tracks.network_tracks(
        run,
        trace,
        layer=layer,
        lanes=("", *(track.name for track in beside), *tracks.gates(trace)),
        beside=beside,
        prediction=True,
        opens_with=found.state if found else None,
    )
    moment = cursor.here(probe, [network], {network.name: found.number if found and found.layer == layer else None})
    if found and along is not None:
        scatter.draw_against(network, moment, along, asked, read)
    cursor.draw(
        probe,
        [network],
        moment,
        runs={network.name: run},
        parts=("text", "prediction", "strip", "lanes", "units"),
        title=label("hidden_units.picture", cell=titles.option("cell", run.spec.cell)),
        caption=lesson("hidden_units")["how"],
    )
    looked_at = {"layer": layer, "unit": moment.units[network.name]}
    gate_habits.draw(trace, probe, along, asked.kind, **looked_at, concept=asked.title, decided_by=read)
    unit = unit_in_view(trace, moment, network.name, layer, found)
    wanted = section.as_concept(asked.key)
    section.draw(run, probe, unit, finding=answer, concept=wanted, title=asked.title)
    if wanted is not None:
        emergence.draw(run, unit, finding=answer, concept=wanted, title=asked.title)


trained = st.container()
front = ("cell", "text", "hidden_size", "seed")
opened = widgets.drawer(label("reading.settings"), "settings")
with opened:
    spec = controls.spec_controls(SAVED_RUNS[0], front=front, fixed=("task",), drawn=opened.open)
with trained:
    panel.training_panel([spec], "hidden_units", draw=curves.draw_while_training)
run = results.finished(spec)
if run is None:
    (run,) = results.fall_back(SAVED_RUNS).values()

guessed = guess("guess", tuple(evidence.READABLE_SHARES))
names = concepts.offered(run.spec)
every = search.search(run, names, at_once=guessed is not None)
if guessed and every:
    st.markdown(evidence.judged(guessed, every, run.spec.hidden_size * run.spec.layer_count))

left, right = st.columns(2)
with right:
    probe = choose_passage(run.spec)
    say_unknown(probe, run.symbols)
with left:
    asked = concept.choose(names, probe)
concept.show(run, asked, probe)
opens = run.spec in SAVED_RUNS and asked.name == concepts.opening(names)
answer = search.answer(run, asked, every, glance=opens)
found = answer.unit if answer else None
if answer:
    evidence.draw_answer(answer, asked.title, asked.left_out, (run.spec.key, asked.key, answer.scored))
if found:
    score_tables.draw_units(run, answer, asked.key)
layer = widgets.whole("layer", 1, run.spec.layer_count, 1 + (found.layer if found else 0)) - 1
look(run, looks.trace(run, probe), probe, layer, asked, answer)
similar_passages.draw(run, probe)
if every:
    score_tables.draw_concepts(every, (run.spec.key, names))

st.markdown(f"#### {label('hidden_units.why')}")
st.markdown(lesson("hidden_units")["why"])
draw_provenance(run)
