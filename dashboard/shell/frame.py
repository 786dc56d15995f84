"""The frame of every page: its title and question, the language switch, and messages about the address."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import StopException

from dashboard.shell import address, titles
from dashboard.shell.words import LANGUAGES, TAGS, label, language

_tell = st.components.v2.component(
    "language_and_address_of_the_page",
    js="""export default ({ data }) => {
        document.documentElement.lang = data.language
        const arrived = location.pathname.split("/").pop() === data.path
        if (data.query && arrived && !location.search) history.replaceState({}, "", "?" + data.query)
    }""",
)

MANY = 5
"""The maximum number of meaningless settings of a link that are named. An ellipsis stands for the rest."""


def draw(page: StreamlitPage, name: str, unknown_language: str | None = None) -> None:
    """Draw a page under its title and question, with the language switch beside them.

    Messages about the address stand above the page, even if the page stops early.

    Parameters
    ----------
    unknown_language
        The language that the address asks for, if the app does not have it.
    """
    _heading(name, page.url_path)
    notices = st.container()
    all_drawn = False
    try:
        page.run()
        all_drawn = True
        address.leave()
    except StopException:  # the part that was not drawn may still need its settings
        address.write()
        raise
    finally:
        in_vain = [*_language_in_vain(unknown_language), *_asked_in_vain(all_drawn=all_drawn)]
        said = [*in_vain, *st.session_state["said"]]
        if said:
            lines = said if len(said) == 1 else [f"- {line}" for line in said]
            notices.warning("\n".join(lines), icon=":material/link_off:")
        st.session_state["told"] = bool(in_vain)  # these lines go with the reader's first change, ``said`` stays


def _language_in_vain(asked: str | None) -> list[str]:
    if asked is None:
        return []
    quoted = "".join(letter for letter in asked[:20] if letter.isalnum() or letter == "-")
    return [label("frame.unknown_language", asked=quoted or "?", used=LANGUAGES[language()])]


def _heading(page: str, path: str) -> None:
    st.session_state["language"] = language()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(label(f"{page}.title"), anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap=None):
            told = {"language": TAGS[language()], "path": path, "query": address.restored()}
            _tell(data=told, key="language_and_address", width=1, height=1)
            st.segmented_control(
                label("frame.language"),
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                key="language",
                required=True,
                label_visibility="collapsed",
                width="content",
            )
    st.markdown(label(f"{page}.question"))


def _asked_in_vain(*, all_drawn: bool) -> list[str]:
    """Return a line for each refused value of the reader's link, and one for all names that mean nothing here.

    Parameters
    ----------
    all_drawn
        Whether the page was drawn to its end. Only then is it certain that a setting which was not read means
        nothing.
    """
    lines = [_refusal_line(one) for one in address.refused()]
    names = address.unread() if all_drawn else []
    if names:
        more = ["…"] if len(names) > MANY else []
        listed = label("controls.comma").join([*map(titles.verbatim, names[:MANY]), *more])
        lines.append(label("controls.unread", names=listed))
    return lines


def _refusal_line(one: address.Refusal) -> str:
    fallback = titles.option(one.name, one.default) if one.fallback is None else one.fallback
    return label(
        "controls.refused",
        name=one.title or titles.setting(one.name),
        value=titles.verbatim(one.asked) if one.asked.strip() else label("controls.nothing"),
        fallback=fallback,
    )
