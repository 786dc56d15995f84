"""What every page has: its title and question, and the switch of language."""

import streamlit as st

from dashboard import address
from dashboard.words import LANGUAGES, label, language

_speak = st.components.v2.component(
    "language_of_the_page",
    js="export default ({ data }) => { document.documentElement.lang = data }",
)


def heading(page: str) -> None:
    """The page's title and question, with the switch of language beside them."""
    st.session_state["language"] = language()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(label(f"{page}.title"), anchor=False, width="content")
        st.segmented_control(
            label("frame.language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="language",
            required=True,
            on_change=address.write,
            label_visibility="collapsed",
            width="content",
        )
    st.markdown(label(f"{page}.question"))
    _speak(data={"en": "en", "zh": "zh-CN"}[language()], key="language_of_the_page")
