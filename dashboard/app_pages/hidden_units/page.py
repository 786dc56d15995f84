"""Hidden units: what each unit does with a text, and which unit knows something about it."""

import streamlit as st

from core.spec.presets import PRESETS
from dashboard.app_pages.hidden_units import concept, evidence, score_tables, search, similar_passages
from dashboard.app_pages.hidden_units.moment import draw_moment
from dashboard.experiment import controls, curves, looks, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.parts import concepts
from dashboard.parts.guess import guess
from dashboard.parts.passage import choose_passage
from dashboard.parts.penalty import draw_penalty
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 40, "icon": ":material/grid_on:"}

SAVED_RUNS = PRESETS["hidden_units"]
SEARCHED_AT_ONCE = (*SAVED_RUNS, *PRESETS["without_penalty"])

trained = st.container()
front = ("cell", "text", "hidden_size", "seed")
fixed = ("task", "network", "direction")
drawer = widgets.drawer(label("reading.settings"), "settings")
with drawer:
    spec = controls.spec_controls(SAVED_RUNS[0], front=front, fixed=fixed, drawn=bool(drawer.open))
with trained:
    panel.training_panel([spec], "hidden_units", draw=curves.draw_while_training)
run = results.finished(spec)
if run is None:
    (run,) = results.fall_back(SAVED_RUNS).values()

guessed = guess("guess", tuple(evidence.READABLE_SHARES))
names = concepts.offered(run.spec)
if run.spec in SEARCHED_AT_ONCE:
    looks.foresee_findings(run, names)
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
opens = run.spec in SEARCHED_AT_ONCE and asked.name == concepts.opening(names)
finding = search.answer(run, asked, every, glance=opens)
found = finding.unit if finding else None
if finding:
    evidence.draw_answer(finding, asked.title, asked.left_out, (run.spec.key, asked.key, finding.scored))
    draw_penalty([run], spec, SAVED_RUNS[0], concept.ask)
if finding and found:
    score_tables.draw_units(run, finding, asked.key)
layer = widgets.whole("layer", 1, run.spec.layer_count, 1 + (found.layer if found else 0)) - 1
draw_moment(run, probe, layer, asked, finding)
similar_passages.draw(run, probe)
if every:
    score_tables.draw_concepts(every, (run.spec.key, names))

st.markdown(f"#### {label('hidden_units.why')}")
st.markdown(lesson("hidden_units")["why"])
draw_provenance(run)
