"""Widgets that are views of the address.

Every widget has the name of a setting, whose words are in ``titles``. Its value stands in the address under that name,
unless it is the default. A value in the address that is not allowed falls back to the default, and a line says so.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from core.choices.allowed import Allowed, Choices, Range, SpecError, Subset, Value
from dashboard.shell import address, titles
from dashboard.shell.words import label

STOPS: Mapping[str, Sequence[float]] = {
    "hidden_size": (4, 8, 16, 32, 64, 128, 256, 512),
    "truncation_length": (8, 16, 32, 64, 100, 128, 256, 512),
    "batch_size": (1, 2, 4, 8, 16, 32, 64, 128, 256),
    "updates": (50, 100, 200, 400, 600, 800, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "recurrent_l1": (0.0, 0.01, 0.03, 0.1, 0.3),
    "clip_norm": (0.01, 0.03, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100),
}
"""The stops of each slider. A value in between, from a link or a preset, becomes one more stop."""

FEW_CHOICES = 3
"""The maximum number of choices that stand side by side. More of them become a drop-down list."""

LINE = 34
"""Height of one line of a text area, in pixels."""

ORDER = ("elman", "lstm", "gru", "tidy_code", "standard_library", "english", "chinese", "sgd", "adam", "rmsprop")
"""Options that are offered first, from simple to complex. All others follow in the order in which they were given."""


def main_button(words: str, key: str, **how: Any) -> bool:
    """Draw the one prominent button of a page, and say whether it was pressed.

    Streamlit writes white words on its primary colour. In the dark theme that colour is light, because some words have
    it too, and white on light cannot be read. So the words of this button have a colour of their own. Both themes
    define it as violet, a name that nothing else uses.
    """
    inked = words if how.get("disabled") else f":violet[{words}]"
    return st.button(inked, key=key, type="primary", **how)


def choice(name: str, options: Sequence[str], default: str | None = None) -> str:
    """Let the reader choose one of some names. The first is the default unless another is given."""
    return str(setting(name, options[0] if default is None else default, Choices(lambda: tuple(options))))


def setting(name: str, default: Value, allowed: Allowed) -> Value:
    """Let the reader choose a setting of any kind, with the widget that suits what is allowed."""
    return _draw(name, default, allowed)


def several(name: str, options: Sequence[str], default: Sequence[str], *, kind: str, fallback: str) -> tuple[str, ...]:
    """Let the reader choose one or more of some names, in the order in which they are offered.

    Parameters
    ----------
    kind
        The setting whose labels name the options.
    fallback
        Words for the default, used when a link asks for something that is not allowed.
    """
    allowed = Subset(lambda: tuple(options))
    chosen = Subset.chosen(address.value(name, Subset.written(default), allowed, fallback=fallback))
    key = address.seed(name, list(chosen))

    def take() -> None:
        picked = set(st.session_state[key])
        if picked:
            address.change({name: Subset.written(one for one in options if one in picked)})

    words = titles.spoken({one: titles.option(kind, one) for one in options})
    st.pills(
        titles.setting(name), options, selection_mode="multi", wrap=True, format_func=words, key=key, on_change=take
    )
    return chosen


def whole(name: str, low: int, high: int, default: int) -> int:
    """Let the reader choose a whole number from ``low`` to ``high`` on a slider."""
    return int(_number(name, Range(low, high), default, step=1))


def real(name: str, low: float, high: float, default: float, step: float = 0.1) -> float:
    """Let the reader choose a number from ``low`` to ``high`` on a slider."""
    return float(_number(name, Range(low, high, whole=False), default, step=step))


def toggle(name: str, default: bool = False) -> bool:
    """Let the reader switch something on or off."""
    allowed = Choices(lambda: (address.YES, address.NO))
    fallback = label("controls.on" if default else "controls.off")
    current = address.value(name, address.YES if default else address.NO, allowed, fallback=fallback)
    key = address.seed(name, current == address.YES)
    st.toggle(titles.setting(name), key=key, on_change=_take_toggle, args=(name,), help=titles.setting_help(name))
    return current == address.YES


def drawer(title: str, name: str, *, icon: str | None = None) -> ExpanderContainer:
    """Draw a part that the reader opens and closes. Its ``.open`` and the address say whether it is open.

    Its content is drawn in ``with drawer:``, and need not be computed while the drawer is closed.
    """
    allowed = Choices(lambda: (address.NO, address.YES))
    key = address.seed(
        name, address.value(name, address.NO, allowed, title=title, fallback=label("controls.closed")) == address.YES
    )
    return st.expander(title, key=key, icon=icon, on_change=_take_toggle, args=(name,))


def wording(name: str, default: str, longest: int = 300, *, lines: int | None = None) -> str:
    """Let the reader write a text that is short enough to stand in a link.

    The rest of a longer text is cut off, and a line says so.

    Parameters
    ----------
    lines
        About how many lines are visible. A field of one line is read as soon as Enter is pressed.
    """
    allowed = address.Wording(longest)
    current = str(address.value(name, default, allowed))
    key = address.seed(name, current)
    whole = f"{key}-whole"

    def take() -> None:
        st.session_state[whole] = len(st.session_state[key])
        with suppress(SpecError):
            address.change({name: allowed.check(name, st.session_state[key][:longest])})

    words: dict[str, Any] = {"key": key, "on_change": take, "help": titles.setting_help(name)}
    if lines == 1:
        st.text_input(titles.setting(name), **words)
    else:
        st.text_area(titles.setting(name), height=lines * LINE if lines else None, **words)
    if st.session_state.get(whole, 0) > longest == len(current):
        st.warning(label("controls.cut", characters=st.session_state[whole], longest=longest))
    return current


def _draw(name: str, default: Value, allowed: Allowed) -> Value:
    current = address.value(name, default, allowed)
    common: dict[str, Any] = {
        "key": address.seed(name, current),
        "on_change": _take,
        "args": (name, allowed),
        "help": titles.setting_help(name),
    }
    match allowed:
        case Choices():
            options = [*_ordered(allowed.names()), *_own_texts(name)]
            if current not in options:
                options.append(str(current))
            words = titles.spoken({one: titles.option(name, one) for one in options})
            if len(options) <= FEW_CHOICES and name != "text":
                st.segmented_control(
                    titles.setting(name), options, format_func=words, required=True, wrap=True, **common
                )
            else:
                st.selectbox(titles.setting(name), options, format_func=words, **common)
        case Range() if name == "seed":
            st.number_input(titles.setting(name), int(allowed.low), int(allowed.high), step=1, **common)
        case Range():
            stops = _stops(name, current, allowed)
            words = titles.spoken({stop: titles.number(stop) for stop in stops})
            st.select_slider(titles.setting(name), stops, format_func=words, **common)
    return current


def _number(name: str, allowed: Range, default: Value, step: float) -> Any:
    current = address.value(name, default, allowed)
    kind = int if allowed.whole else float
    key = address.seed(name, current)
    if allowed.low < allowed.high:  # a slider needs two ends
        ends = kind(allowed.low), kind(allowed.high)
        if st.session_state.get(f"{key}-ends") != ends:  # other ends make a new slider, which would lose its value
            st.session_state[f"{key}-ends"], st.session_state[key] = ends, current
        st.slider(
            titles.setting(name),
            *ends,
            step=kind(step),
            key=key,
            on_change=_take,
            args=(name, allowed),
            help=titles.setting_help(name),
        )
    return current


def _stops(name: str, current: Value, allowed: Range) -> list[float | int | None]:
    kind = int if allowed.whole else float
    if name in STOPS:
        stops = {kind(stop) for stop in STOPS[name]}
    elif allowed.whole and allowed.high - allowed.low < 10:
        stops = set(range(int(allowed.low), int(allowed.high) + 1))
    else:
        stops = {kind(float(f"{one}e{power}")) for power in range(-5, 7) for one in (1, 2, 5)}
    found = {stop for stop in stops if allowed.low <= stop <= allowed.high}
    if isinstance(current, int | float):
        found.add(kind(current))
    return [*sorted(found), *([None] if allowed.optional else [])]


def _ordered(names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER))


def _own_texts(name: str) -> list[str]:
    return list(st.session_state.get("own_texts", [])) if name == "text" else []


def _take(name: str, allowed: Allowed) -> None:
    """Write the reader's choice to the address.

    A browser names an option by its words. After a change of language it may still send the old words, which name no
    option. The address then stays as it is, and the widget is set to it once more.
    """
    with suppress(SpecError):
        address.change({name: allowed.check(name, st.session_state[f"{address.page()}-{name}"])})


def _take_toggle(name: str) -> None:
    address.change({name: address.YES if st.session_state[f"{address.page()}-{name}"] else address.NO})
