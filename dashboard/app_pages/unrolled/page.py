"""Unrolled: the computation graph of a trained network, folded and unrolled, with its numbers in its equations."""

import streamlit as st

from core import texts
from core.choices.allowed import Choices, Range
from core.spec import RANGES
from core.spec.presets import PRESETS
from dashboard.components.graph import GraphPlace, draw_graph, graph_of
from dashboard.experiment import controls, looks, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.figures.equations import draw_equations, draw_outcome
from dashboard.parts.guess import guess
from dashboard.parts.passage import choose_passage
from dashboard.parts.unknown_characters import say_unknown
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 20, "icon": ":material/conversion_path:"}

PATTERN_PRESETS = {"many_to_many": "unrolled", "many_to_one": "unrolled_adding", "one_to_many": "unrolled"}
"""What goes in and what comes out, with the preset that shows it."""
TRUTH = "none"
READ_LENGTH = 120  # characters of a passage that no training has seen; the reader's own are read to the end
WRITTEN_LENGTH = 60
STEP, LAYER, UNIT = 6, 1, 7
"""Whose numbers are worked out before the reader has chosen."""


def switch():
    """Many to many, many to one or one to many; what means nothing in the new one leaves the address."""
    allowed = Choices(lambda: tuple(PATTERN_PRESETS))
    current = address.value("pattern", "many_to_many", allowed)
    key = address.seed("pattern", current)

    def turn():
        new = st.session_state[key]
        gone = {"step": STEP, "layer": LAYER, "unit": UNIT}
        if PATTERN_PRESETS[new] != PATTERN_PRESETS[current]:
            gone |= {name: value for name, value in controls.settings(default).items() if name != "cell"}
        address.change(gone | {"pattern": new}, gone | {"pattern": "many_to_many"})

    default = PRESETS[PATTERN_PRESETS[current]][0]
    words = {one: label(f"unrolled.pattern_{one}") for one in PATTERN_PRESETS}.__getitem__
    st.segmented_control(
        label("unrolled.pattern"), list(PATTERN_PRESETS), format_func=words, key=key, required=True, on_change=turn
    )
    return current


def look_at(run, pattern):
    """What the network reads, or writes, and the trace of it."""
    if pattern == "many_to_one":
        return looks.example(run, widgets.whole("example", 0, 99, default=0))
    if pattern == "many_to_many":
        text = choose_passage(run.spec)
        unseen = address.value("look_at", "unseen", Choices(lambda: ("unseen", "own"))) == "unseen"
        read = texts.passage(text, READ_LENGTH) if unseen else text
        say_unknown(read, run.symbols)
        return looks.trace(run, read)
    known = run.symbols[1:]
    first, temperature, top_k, draw = st.columns(4)
    with first:
        start = widgets.choice("first", known, default="d" if "d" in known else known[0])
    with temperature:
        heat = widgets.setting("temperature", 1.0, Range(0.05, 5, whole=False))
    with top_k:
        kept = widgets.setting("top_k", None, Range(1, len(known), optional=True))
    with draw:
        seed = widgets.whole("draw", 0, 99, default=0)
    drawn_with = {"temperature": heat, "top_k": kept}
    return looks.free_run(run, start, WRITTEN_LENGTH, **drawn_with, seed=seed).assign_attrs(drawn_with)


def answer(run, said):
    """What the network on screen says to the question."""
    weights = sum(array.size for array in run.weights.values())
    shape = "×".join(map(str, run.weights["weight_hh_l0"].shape))
    found = label(f"unrolled.answer_{'right' if said == TRUTH else 'wrong'}", said=label(f"unrolled.guess_{said}"))
    st.markdown(f"{found} {label('unrolled.answer', weights=weights, shape=shape)}")


@address.fragment
def look(run, trace, graph, pattern):
    """The graph and the equations at the step that the reader has chosen; nothing else runs again."""
    length, layers, units = (trace.sizes[name] for name in ("time", "layer", "unit"))
    opening = length if pattern == "many_to_one" else min(STEP, length)  # the only answer stands at the end
    ranges = {
        "step": (1, length, opening),
        "layer": (1, layers, LAYER),
        "unit": (0, units - 1, min(UNIT, units - 1)),
    }
    step, layer, unit = (address.value(name, first, Range(low, high)) for name, (low, high, first) in ranges.items())
    views = Choices(lambda: ("unrolled", "folded"))
    view = address.value("view", "unrolled", views, title=label("graph.view"), fallback=label("graph.unrolled"))

    def rest(place):
        view = "folded" if place.folded else "unrolled"
        address.change({"step": place.step + 1, "layer": place.layer + 1, "unit": place.unit, "view": view})

    draw_graph(
        graph,
        key="unrolled-graph",
        start=GraphPlace(step - 1, layer - 1, unit, view == "folded"),
        caption=made_by(run),
        filename=f"unrolled-{run.spec.key[4:12]}",
        on_rest=rest,
    )
    st.caption("\n\n".join((lesson("unrolled")[f"how_{pattern}"], lesson("unrolled")["how_folded"])))
    st.markdown(f"#### {label('unrolled.equations', step=step, unit=unit)}")
    moving = {name: one for name, one in ranges.items() if one[0] < one[1]}
    for column, (name, one) in zip(st.columns(max(1, len(moving))), moving.items(), strict=False):
        with column:
            widgets.whole(name, *one)
    st.caption(lesson("unrolled")["numbers"])
    draw_equations(looks.worked(run, trace, time=step - 1, unit=unit, layer=layer - 1))
    draw_outcome(trace, step - 1)


def made_by(run):
    """The line under a saved picture."""
    return label(
        "unrolled.made_by",
        cell=titles.option("cell", run.spec.cell),
        units=run.spec.hidden_size,
        layers=run.spec.layer_count,
        updates=int(run.metrics["updates"]),
        seed=run.spec.seed,
        run=run.spec.key,
    )


left, right = st.columns((3, 1), gap="medium")
with left:
    beside, reads = st.columns(2, gap="medium")
    with beside:
        pattern = switch()
    if pattern == "one_to_many":
        reads = st.container()  # four controls want the whole width
    said = guess("guess", ("none", "few", "twice"))
    answered, drawn = st.container(), st.container()
preset = PRESETS[PATTERN_PRESETS[pattern]]
with right:
    cell = widgets.setting("cell", preset[0].cell, RANGES["cell"])
    trained = st.container()
st.markdown(f"#### {label('unrolled.network')}")
front = ("hidden_size", "layer_count", "length" if pattern == "many_to_one" else "text", "seed")
spec = controls.spec_controls(preset[0].replace(cell=cell), front=front, fixed=("task", "cell"))
with trained:
    panel.training_panel([spec], "unrolled")

run = results.finished(spec)
if run is None:
    with drawn:
        run = next(iter(results.fall_back(preset).values()), None)
if run:
    with reads:
        trace = look_at(run, pattern)
    with drawn:
        look(run, trace, graph_of(run, trace), pattern)
    if said:
        with answered:
            answer(run, said)
    with right:
        draw_provenance(run)
for section in ("why", "try"):
    st.markdown(f"#### {label(f'unrolled.{section}')}")
    st.markdown(lesson("unrolled")[section])
