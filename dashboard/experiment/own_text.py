"""A text of the reader's own to train on, pasted or uploaded."""

import streamlit as st

from core.spec import RunSpec
from core.texts import TextUnavailable, own
from dashboard.shell import address, titles
from dashboard.shell.words import label


def draw_own_text() -> None:
    """Let the reader paste or upload a text in a popover, which also says what is wrong with it."""
    page = address.page()
    key = f"{page}-own-text"
    with st.popover(label("controls.own"), icon=":material/edit_note:", type="tertiary", key=key, on_change="rerun"):
        upload = st.file_uploader(label("own.upload"), type=["txt", "md", "py"], key=f"{page}-own-upload")
        pasted, draft = f"{page}-own-paste", f"{page}-own-draft"
        if pasted not in st.session_state:  # the field was not drawn, so Streamlit forgot its content
            st.session_state[pasted] = st.session_state.get(draft, "")
        st.text_area(label("own.paste"), key=pasted, height=160, max_chars=own.LARGEST)
        st.session_state[draft] = st.session_state[pasted]
        st.caption(label("own.rules", shortest=own.SHORTEST_TEXT))
        raw = upload.getvalue() if upload else None
        st.button(label("own.use"), key=f"{page}-own-use", on_click=_keep_own, args=(raw,))
        raw_refused, reason, values = st.session_state.get(f"{page}-own-refusal", (None, "", {}))
        if reason and raw_refused == raw:
            quoted = {one: titles.verbatim(value) if isinstance(value, str) else value for one, value in values.items()}
            st.error(label(f"own.{reason}", **quoted))


def _keep_own(raw: bytes | None) -> None:
    page = address.page()
    st.session_state.pop(f"{page}-own-refusal", None)
    try:
        name = own.keep(own.parse(st.session_state[f"{page}-own-paste"] if raw is None else raw))
    except own.OwnTextError as error:
        st.session_state[f"{page}-own-refusal"] = raw, error.reason, error.values
        return
    kept: list[str] = st.session_state.setdefault("own_texts", [])
    if name not in kept:
        kept.append(name)
    address.change({"text": name})
    st.session_state[f"{page}-own-text"] = False  # close the popover: it hides the button that trains


def unavailable(spec: RunSpec) -> list[str]:
    """Return a line that says why the text of an experiment cannot be read here; no line if it can be."""
    name = str(dict(spec.options).get("text", ""))
    if own.is_name(name):
        try:
            own.load(name)
        except TextUnavailable as error:
            return [label(f"own.{error.reason}")]
    return []
