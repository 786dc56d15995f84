"""Unrolled, an interactive lab for recurrent neural networks: ``python -m streamlit run streamlit_app.py``."""

from pathlib import Path

from core.engine import engine
from core.machine import looks_in_app

if not looks_in_app():
    engine.begin()  # in parallel with what follows: the first look at a network waits for it

import streamlit as st

from core.engine.spare import hold_little, leave_out
from dashboard.experiment import jobs
from dashboard.shell import address, frame, navigation

leave_out("dask.array")  # xarray would load it (35 MB) only to learn that no array of a trace is dask's
hold_little()

LOGO = str(Path(__file__).parent / "assets" / "logo.svg")

st.set_page_config(page_title="Unrolled", page_icon=LOGO, layout="wide")
st.logo(LOGO, size="large")
unknown_language = address.greet()
pages = navigation.pages()
current = st.navigation(list(pages.values()), position="top")
name = next(name for name, page in pages.items() if page is current)

address.enter(name)
frame.draw(current, name, unknown_language)
jobs.warm_up()
