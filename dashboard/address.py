"""The address of a page says what is seen on it: every setting that is not the page's own default.

A page's settings are kept as the strings that stand in its address, so the two cannot disagree. Widgets are views of
them. The address decides when a reader arrives by it (first run, another page's link, back and forward); otherwise the
widgets do, and the address follows. Streamlit's own ``bind="query-params"`` is not used: it writes the *translated*
option into the address, so that a link would only open in the language it was made in, and it drops a wrong value
without a word. See docs/decisions/pages.md.

Kept in the session: ``page``, the page being drawn; ``addresses``, by page the settings that its address holds;
``defaults``, by page what its address leaves out; ``arrived``, whether the reader has changed nothing since arriving;
``restored``, whether the page was come back to by a link without settings; ``said``, what the present run has to say
about the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.allowed import Allowed, Choices, Range, SpecError, Value
from dashboard import words

LONGEST = 4_000
"""Characters of one value: what is longer did not come from here."""

NONE = "none"


@dataclass(frozen=True)
class Wording:
    """Allowed: any text of up to ``longest`` characters."""

    longest: int = 300

    def check(self, field: str, value: object) -> Value:
        if not isinstance(value, str) or len(value) > self.longest or "\x00" in value:
            raise SpecError(field, value, str(self))
        return value

    def __str__(self) -> str:
        return f"text of up to {self.longest} characters"


def greet() -> str | None:
    """Begin a run of the app: heed the language that the address asks for, if the reader arrived by it.

    Returns what it asks for if that is no language of ours.
    """
    asked = st.query_params.get("lang")
    if asked is None or not ("page" not in st.session_state or _went_back()):
        return None
    if asked not in words.LANGUAGES:
        return asked
    st.session_state["language"] = asked
    return None


def enter(page: str) -> None:
    """Begin a run of ``page``: heed the address if the reader arrived by it, else restore what it was."""
    given = {name: value for name, value in st.query_params.items() if name != "lang"}
    came = st.session_state.get("page") != page
    if "page" not in st.session_state or _went_back() or (came and given):
        _kept("addresses")[page] = given
        st.session_state["arrived"] = True
    elif came:
        st.session_state["arrived"] = False
    st.session_state["restored"] = came and "page" in st.session_state and not given and not _went_back()
    st.session_state["page"] = page
    st.session_state["said"] = []
    _kept("defaults")[page] = {}
    if not st.session_state["restored"]:
        write()


def restored() -> str:
    """The query of a page to which the reader has come back by a link that has none; for the frame to put it there.

    Streamlit would add it to the address of the page that is being left, as one more step of the browser's history.
    """
    return urlencode(_kept("addresses").get(page(), {}) | _language()) if st.session_state["restored"] else ""


def page() -> str:
    """Name of the page that is being drawn."""
    return str(st.session_state["page"])


def value(name: str, default: Value, allowed: Allowed) -> Value:
    """What the address of this page says of ``name``; its default where it says nothing or nothing allowed."""
    _kept("defaults").setdefault(page(), {})[name] = default
    asked = _asked(name)
    if asked is None:
        return default
    try:
        return allowed.check(name, _read(asked, allowed))
    except ValueError:
        return default


def refused(name: str, allowed: Allowed) -> str | None:
    """What the reader's link says of ``name`` if that is not allowed; None once they have changed something."""
    asked = _asked(name)
    if asked is None or not st.session_state["arrived"]:
        return None
    try:
        allowed.check(name, _read(asked, allowed))
    except ValueError:
        return asked
    return None


def say(line: str) -> None:
    """Tell the reader something about the address; the frame shows it above the page, whatever is folded away below."""
    if line not in st.session_state["said"]:
        st.session_state["said"].append(line)


def change(values: Mapping[str, Value], defaults: Mapping[str, Value] | None = None) -> None:
    """Set several settings of this page at once, and with them the address. For use in callbacks.

    defaults : what the address leaves out, where that is not the default that the page drew them with
    """
    settings = _kept("addresses").setdefault(page(), {})
    defaults = _kept("defaults").get(page(), {}) | dict(defaults or {})
    for name, new in values.items():
        settings.pop(name, None)
        if name not in defaults or new != defaults[name]:
            settings[name] = written(new)
    st.session_state["arrived"] = False
    write()


def write() -> None:
    """Make the browser's address say what is seen, in one step, so that one press of Back undoes one change."""
    address = _kept("addresses").get(page(), {}) | _language()
    if dict(st.query_params.items()) != address:
        st.query_params.from_dict(address)


def written(value: Value) -> str:
    """A value as it stands in an address."""
    if value is None:
        return NONE
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def link(values: Mapping[str, Value]) -> dict[str, str]:
    """Query parameters that open another page with these settings, for ``st.page_link``."""
    return {name: written(value) for name, value in values.items()} | _language()


def _asked(name: str) -> str | None:
    asked = _kept("addresses").get(page(), {}).get(name)
    return None if asked is None else str(asked)


def _kept(what: str) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = st.session_state.setdefault(what, {})
    return kept


def _language() -> dict[str, str]:
    return {} if words.language() == words.preferred() else {"lang": words.language()}


def _read(text: str, allowed: Allowed) -> Value:
    if len(text) > LONGEST:
        raise ValueError("too long")
    match allowed:
        case Range(optional=True) if text == NONE:
            return None
        case Range(whole=True):
            return int(text)
        case Range():
            return float(text)
        case Choices() | Wording():
            return text
    raise TypeError(f"no way to read a {type(allowed).__name__} from an address")


def _went_back() -> bool:
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)
