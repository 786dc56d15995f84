"""The address of a page: it holds every setting that differs from the page's default.

A page keeps its settings as the strings that stand in its address, so the two cannot disagree. Widgets are views of
them. The address decides when a reader arrives by it: on the first run, by a link from another page, by Back or
Forward. Otherwise the widgets decide, and the address follows. Streamlit's own ``bind="query-params"`` is not used. It
writes the *translated* option into the address, so that a link would only open in one language, and it drops a wrong
value silently. See docs/decisions/pages.md.

Some of what an address asks for has no effect on what is drawn: a value that is not allowed, a setting of a part that
is closed, a name that is no setting. Such a setting leaves the address when the reader next changes something. Until
then the page says that it has no effect. If the setting has a meaning again later, it comes back with its value.

The session keeps, under these names:

- ``page``: the page that is being drawn;
- ``visit``: how many times the reader has come to a page;
- ``addresses``: by page, every setting that it was ever given;
- ``shown``: by page, the names of the settings that stand in its address;
- ``heeded``: by part of the page, the names of the settings that decided how it was drawn;
- ``part``: the part that is being drawn;
- ``defaults``: by page, the default of each setting, which its address leaves out;
- ``refused``: by name, the values in the address that are not allowed;
- ``arrived``: whether the reader arrived by the address and has changed nothing since;
- ``restored``: the query of a page to which the reader came back by a link without one;
- ``said``: other messages about the address in this run;
- ``told``: whether the page shows a message about settings in the address that have no effect;
- ``seeded``: by widget, the language that was in use when it was last set to the address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, overload
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.choices.allowed import Allowed, Choices, Range, SpecError, Subset, Value
from dashboard.shell import words

LONGEST_VALUE = 4_000
"""The maximum number of characters of one value that are read. The app itself never writes a longer one."""

NONE = "none"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Wording:
    """Allow any text of up to ``longest`` characters."""

    longest: int = 300

    def check(self, field: str, value: object) -> Value:
        """Return the text. Refuse a longer text and any other value.

        Raises
        ------
        SpecError
            If the value is not allowed.
        """
        if not isinstance(value, str) or len(value) > self.longest or "\x00" in value:
            raise SpecError(field, value, str(self))
        return value

    def __str__(self) -> str:
        return f"text of up to {self.longest} characters"


@dataclass(frozen=True)
class Refusal:
    """Something that an address asks for and cannot have.

    Attributes
    ----------
    asked
        The value as it stands in the address.
    default
        The value that is used instead.
    title, fallback
        Words for the setting and for its default, if the general labels of settings have none.
    """

    name: str
    asked: str
    default: Value
    title: str | None
    fallback: str | None


def greet() -> str | None:
    """Begin a run of the app: use the language that the address asks for, if the reader arrived by it.

    Returns
    -------
    str | None
        The language that was asked for, if the app does not have it; else None.
    """
    asked = st.query_params.get("lang")
    if asked is None or not ("page" not in st.session_state or _went_back()):
        return None
    if asked not in words.LANGUAGES:
        return asked
    st.session_state["language"] = asked
    return None


def enter(page: str) -> None:
    """Begin a run of ``page``: use the address if the reader arrived by it, else restore the page's last address."""
    given = {name: value for name, value in st.query_params.items() if name != "lang"}
    came = st.session_state.get("page") != page
    arrives = "page" not in st.session_state or _went_back() or (came and bool(given))
    if arrives:
        _kept("addresses")[page] = given
        _kept("shown")[page] = set(given)
    if arrives or came:
        st.session_state["arrived"] = arrives
        st.session_state["visit"] = st.session_state.get("visit", 0) + 1
    st.session_state["page"] = page
    st.session_state["restored"] = urlencode(_address()) if came and not arrives else None
    st.session_state["said"], st.session_state["refused"] = [], {}
    st.session_state["told"] = False
    st.session_state["heeded"], st.session_state["part"] = {"": set()}, ""
    _kept("defaults")[page] = {}


def leave() -> None:
    """End a run that drew the whole page, or a fragment of it alone: write the settings that decided how it was drawn.

    It is only known at the end of a run which settings the page still uses. Writing the address here makes each change
    one step of the browser's history. If the reader comes back to a page by a link without a query, nothing is written:
    the frame then restores the address in the browser.
    """
    if not st.session_state["arrived"]:
        _kept("shown")[page()] = set().union(*st.session_state["heeded"].values())
    if st.session_state["restored"] is None:
        write()
    st.session_state["restored"] = None


def fragment(part: Callable[..., None], **options: Any) -> Callable[..., None]:
    """Make a part of a page an ``st.fragment`` that updates the address when it is drawn alone."""
    name = f"{part.__module__}.{part.__qualname__}"

    @wraps(part)
    def drawn(*arguments: Any, **named: Any) -> None:
        alone = not st.session_state["part"] and draws_part_alone()
        if alone and st.session_state["told"] and not st.session_state["arrived"]:
            st.rerun()  # the message about the reader's link stands above this part and is no longer true
        around, st.session_state["part"] = st.session_state["part"], name
        st.session_state["heeded"][name] = set()
        try:
            part(*arguments, **named)
        finally:
            st.session_state["part"] = around
        if alone:
            leave()

    return st.fragment(drawn, **options)


def draws_part_alone() -> bool:
    """Say whether this run redraws a part of the page and nothing around it."""
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)


def restored() -> str:
    """Return the query of a page to which the reader came back by a link without one.

    The frame puts it into the address. If Streamlit did so, it would first add the query to the address of the page
    that the reader leaves, as one more step of the browser's history.
    """
    return st.session_state["restored"] or ""


def page() -> str:
    """Return the name of the page that is being drawn."""
    return str(st.session_state["page"])


@overload
def value(
    name: str,
    default: str,
    allowed: Choices | Subset | Wording,
    *,
    title: str | None = None,
    fallback: str | None = None,
) -> str: ...
@overload
def value(
    name: str, default: Value, allowed: Allowed, *, title: str | None = None, fallback: str | None = None
) -> Value: ...
def value(
    name: str, default: Value, allowed: Allowed, *, title: str | None = None, fallback: str | None = None
) -> Value:
    """Return the value of ``name`` in the address of this page, or the default if it has no allowed value there.

    Parameters
    ----------
    title, fallback
        Words for the setting and its default in the line that reports a refusal, if the labels of ``controls`` have
        none.
    """
    _kept("defaults").setdefault(page(), {})[name] = default
    asked = _kept("addresses").get(page(), {}).get(name)
    if asked is None:
        return default
    try:
        found = allowed.check(name, _read(str(asked), allowed))
    except ValueError:
        st.session_state["refused"].setdefault(name, Refusal(name, str(asked), default, title, fallback))
        return default
    st.session_state["heeded"].setdefault(st.session_state["part"], set()).add(name)
    return found


def whole_number(name: str, default: int, low: int, high: int, *, title: str | None = None) -> int:
    """Return a whole number from ``low`` to ``high`` from the address, as ``value`` does."""
    number = value(name, default, Range(low, high), title=title)
    assert isinstance(number, int)
    return number


def seed(name: str, current: Any) -> str:
    """Set the state of a setting's widget to the value in the address, and return the widget's key.

    In another language a widget has other words. The browser then takes it for a new widget that stands at its first
    option, or keeps the old words. So the state is set again after a change of language.
    """
    key, seeded = f"{page()}-{name}", _kept("seeded")
    if key not in st.session_state or st.session_state[key] != current or seeded.get(key) != words.language():
        st.session_state[key] = current
    seeded[key] = words.language()
    return key


def refused() -> list[Refusal]:
    """Return the values in the reader's link that are not allowed; none once the reader has changed something."""
    return list(st.session_state["refused"].values()) if st.session_state["arrived"] else []


def unread() -> list[str]:
    """Return the names in the reader's link that nothing on the page has read."""
    if not st.session_state["arrived"]:
        return []
    return [name for name in _kept("addresses").get(page(), {}) if name not in _kept("defaults")[page()]]


def say(line: str) -> None:
    """Tell the reader something about the address. The frame shows it above the page."""
    if line not in st.session_state["said"]:
        st.session_state["said"].append(line)


def change(values: Mapping[str, Value], defaults: Mapping[str, Value] | None = None) -> None:
    """Change several settings of this page at once, in a callback. The address follows when the page is drawn.

    Parameters
    ----------
    defaults
        Values that the address leaves out, if they differ from the defaults that the page was drawn with.
    """
    settings = _kept("addresses").setdefault(page(), {})
    defaults = _kept("defaults").get(page(), {}) | dict(defaults or {})
    for name, new in values.items():
        settings.pop(name, None)
        if name not in defaults or new != defaults[name]:
            settings[name] = written(new)
    _kept("shown")[page()] = set(_kept("shown").get(page(), ())) | set(values)
    st.session_state["arrived"] = False


def write() -> None:
    """Write the settings in use into the browser's address.

    An address that is right except that it also names the present language is left alone.
    """
    address, there = _address(), dict(st.query_params.items())
    if there not in (address, address | {"lang": words.language()}):
        st.query_params.from_dict(address)


def written(value: Value) -> str:
    """Return a value as it stands in an address."""
    if value is None:
        return NONE
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _address() -> dict[str, str]:
    shown = _kept("shown").get(page(), ())
    return {name: asked for name, asked in _kept("addresses").get(page(), {}).items() if name in shown} | _language()


def _kept(what: str) -> dict[str, Any]:
    kept: dict[str, Any] = st.session_state.setdefault(what, {})
    return kept


def _language() -> dict[str, str]:
    return {} if words.language() == words.preferred() else {"lang": words.language()}


def _read(text: str, allowed: Allowed) -> Value:
    if len(text) > LONGEST_VALUE:
        raise ValueError("too long")
    match allowed:
        case Range(optional=True) if text == NONE:
            return None
        case Range(whole=True):
            return int(text)
        case Range():
            return float(text)
        case Choices() | Subset() | Wording():
            return text
    raise TypeError(f"no way to read a {type(allowed).__name__} from an address")


def _went_back() -> bool:
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)
