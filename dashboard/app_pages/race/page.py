"""Race: several cells train on the same text with the same seeds; whose loss oscillates, whose falls, and when."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.spec.presets import OSCILLATION, PRESETS
from dashboard.app_pages.race import competition, competitors, sentences, tables
from dashboard.app_pages.race.drawing import draw_race
from dashboard.experiment import controls, curves, panel, results
from dashboard.experiment.provenance import draw_provenance
from dashboard.parts.guess import guess
from dashboard.shell import widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 50, "icon": ":material/ssid_chart:"}

COMPETITORS = ("elman", "lstm", "gru")
CLAIMED = COMPETITORS[:2]
OPENING_RACE = OSCILLATION.replace(cell="elman", clip_norm=1.0, learning_rate=3.0)
VARIATIONS = {
    "oscillation": OSCILLATION.replace(cell="elman"),
    "with_clipping": OSCILLATION.replace(cell="elman", clip_norm=1.0),
    "faster": OPENING_RACE,
    "unbound": OPENING_RACE.replace(clip_norm=None),
    "slower": OSCILLATION.replace(cell="elman", learning_rate=0.3),
    "adam": OSCILLATION.replace(cell="elman", optimiser="adam", learning_rate=0.01),
}

words = lesson("race")
pair = {
    name: race
    for name, preset in (("claim", "oscillation"), ("counter", "with_clipping"))
    if (
        race := competition.finished_race(
            [spec for spec in PRESETS[preset] if spec.cell in CLAIMED and results.finished(spec)]
        )
    )
}
for column, (name, race) in zip(st.columns(2, gap="large"), pair.items(), strict=False):
    with column:
        others = [one for one in pair.values() if one is not race]
        title = label("race.pair", setting=label(f"race.{name}"), title=sentences.title(race))
        draw_race(race, name=name, title=title, height=260, beside=others, table=False)
        st.caption(f"{label('race.saved')} · {sentences.settings_line(race.specs)}", help=label("race.bits_help"))

stage, setup = st.columns((3, 1), gap="large")
with setup:
    names = competitors.competitors(COMPETITORS, CLAIMED)
    seeds = int(widgets.choice("seeds", ("1", "4", "8")))
    spec = controls.spec_controls(
        OPENING_RACE,
        front=("learning_rate", "clip_norm", "optimiser"),
        fixed=("cell", "task", "network", "direction"),
        presets=VARIATIONS,
        stacked=True,
    )
specs = [spec.replace(cell=name).later_seed(more) for more in range(seeds) for name in names]
competitors.forget_guess_of(specs)


def draw(watched: Sequence[curves.Watched]) -> None:
    """Draw the race in one place, while it grows and after it has ended."""
    race = competition.finished_race(specs) or competition.growing_race(watched, like=next(iter(pair.values()), None))
    draw_race(race, name="race", title=sentences.headline(race), height=400, table=bool(race.summaries))


with stage:
    if spec.key == OPENING_RACE.key:
        st.markdown(words["turn"])
    st.markdown(label("race.asked", settings=sentences.settings_line(specs)), help=label("figure.seed_help"))
    guessed = guess("guess", competitors.guesses(names))
    panel.training_panel(specs, "race", draw=draw)
    race = competition.finished_race(specs)
    if race:
        if guessed:
            st.info(sentences.answer(race, guessed), icon=":material/lightbulb:")
        st.markdown(f"#### {label('race.verdict')}")
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences.verdict(race)))
        panel.draw_longer(specs, "race")
        st.table(tables.verdict_table(race))
        st.caption(words["measures"])

why, how = st.columns((3, 2), gap="large")
with why:
    st.markdown(f"#### {label('race.why')}")
    st.markdown(words["why"])
with how:
    st.markdown(f"#### {label('race.how')}")
    st.markdown(words["how"])

if race:
    behind = widgets.drawer(label("race.runs"), "runs")
    if behind.open:
        with behind:
            st.download_button(
                label("race.history"),
                partial(tables.history_file, race),
                file_name="unrolled-race.csv",
                mime="text/csv",
                on_click="ignore",
                key="race-history",
            )
            for run in filter(None, map(results.finished, specs)):
                draw_provenance(run)
