"""Home: one network that reads a text, the questions that the pages answer, and where to begin."""

import streamlit as st

from core.spec.presets import PRESETS
from core.texts import probe
from core.traces.plain import read
from dashboard.components.reading_head import draw_reading
from dashboard.experiment import results
from dashboard.experiment.provenance import draw_provenance
from dashboard.shell import navigation, widgets
from dashboard.shell.words import label, lesson

LESSON = {"order": 10, "icon": ":material/home:"}

LONGEST_READING = 84
FIRST_LESSON = "unrolled"

words = lesson("home")
pages = navigation.pages()
run = results.finished(PRESETS["unrolled"][0])
if run:
    text = probe(str(run.spec.option("text")))[:LONGEST_READING]
    st.markdown(f"##### {label('home.figure', units=run.spec.hidden_size)}")
    draw_reading(read(run, text), text, run.symbols, key="home-reading")
    st.caption(words["how"])
if widgets.main_button(label("home.begin"), "home-begin"):
    st.switch_page(pages[FIRST_LESSON])

st.markdown(f"#### {label('home.map')}")
others = [one for one in navigation.lessons() if one.name != "home"]
across = 2
for row in range(0, len(others), across):
    for column, one in zip(st.columns(across, gap="large"), others[row : row + across], strict=False):
        with column:
            st.page_link(pages[one.name], label=f"**{label(f'{one.name}.title')}**", icon=one.icon)
            st.markdown(label(f"{one.name}.question"))

left, right = st.columns(2, gap="large")
with left:
    st.markdown(f"#### {label('home.real')}")
    st.markdown(words["real"])
with right:
    st.markdown(f"#### {label('home.start')}")
    st.markdown(words["start"])
if run:
    draw_provenance(run)
