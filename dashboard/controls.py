"""Widgets that are views of the address, and together make a RunSpec.

Every widget here is named by a setting. Its words are the label ``<page>.<name>``, else ``controls.<name>``; the words
of an option ``<page>.<name>_<option>``, else ``controls.<name>_<option>``, else the option itself, so that a new
plug-in is offered before it has words. Its value stands in the address under the same name, unless it is the default.
A value in the address that is not allowed falls back to the default, and a line says so.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.choices.allowed import Allowed, Choices, Range, SpecError, Value
from core.spec import RunSpec
from core.texts import TextUnavailable, own
from dashboard import address
from dashboard.words import label, labelled

STOPS: Mapping[str, Sequence[float]] = {
    "hidden_size": (4, 8, 16, 32, 64, 128, 256, 512),
    "truncation_length": (8, 16, 32, 64, 100, 128, 256, 512),
    "batch_size": (1, 2, 4, 8, 16, 32, 64, 128, 256),
    "updates": (50, 100, 200, 400, 600, 800, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "recurrent_l1": (0.0, 0.01, 0.03, 0.1, 0.3),
    "clip_norm": (0.01, 0.03, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100),
}
"""Where a slider stops; a value in between comes by link or preset and is then a stop too."""

FEW = 3
"""Up to so many choices stand side by side."""

MANY = 5
"""Up to so many settings of a link are named that mean nothing here."""

LINE = 34
"""Pixels of a line of a text area."""

ORDER = ("elman", "lstm", "gru", "tidy_code", "standard_library", "english", "chinese", "sgd", "adam", "rmsprop")
"""What is offered first, the rest after it by name: from the plain to the involved."""

YES, NO = "yes", "no"


def spec_controls(
    default: RunSpec,
    *,
    front: Sequence[str],
    fixed: Collection[str] = (),
    presets: Mapping[str, RunSpec] | None = None,
    stacked: bool = False,
    drawn: bool = True,
) -> RunSpec:
    """The experiment that the reader has set up.

    default : what the page opens with; what equals it is left out of the address
    front : the three to five settings (fields of RunSpec, or options of its task) that stand in view; all others are
        under "More settings"
    fixed : settings that this page decides itself, at their default
    presets : experiments to choose at one press, by name; words are ``<page>.preset_<name>``
    stacked : one below the other, for a narrow column
    drawn : whether the reader sees the widgets; the experiment is the same without
    """
    names = [name for name in settings(default) if name not in fixed]
    current = _resolved(default, names)
    if drawn:
        if presets:
            _presets(presets, default, current, names, stacked)
        shown = [name for name in names if name != "momentum" or current.optimiser != "adam"]
        _settings([name for name in front if name in shown], default, current, 1 if stacked else len(front))
        rest = [name for name in shown if name not in front]
        if rest:
            more = drawer(label("controls.more"), "more")
            if more.open:
                with more:
                    _settings(rest, default, current, 1 if stacked else 3)
    for line in _unavailable(current):
        address.say(line)
    return current


def main_button(words: str, key: str, **how: Any) -> bool:
    """The one prominent button of a page.

    Streamlit writes white on its primary colour. In the dark theme that colour must be light, for it is also the colour
    of words, and white on it cannot be read. So these words bring their own ink, which the two themes define under a
    name that nothing else uses.
    """
    inked = words if how.get("disabled") else f":violet[{words}]"
    return st.button(inked, key=key, type="primary", **how)


def choice(name: str, options: Sequence[str], default: str | None = None) -> str:
    """One of some names: side by side if they are few, else in a list. The first is the default unless told."""
    return str(setting(name, options[0] if default is None else default, Choices(lambda: tuple(options))))


def setting(name: str, default: Value, allowed: Allowed) -> Value:
    """One setting of any kind, with the widget that suits what is allowed."""
    return _draw(name, default, allowed)


def whole(name: str, low: int, high: int, default: int) -> int:
    """A whole number from ``low`` to ``high``, on a slider."""
    return int(_number(name, Range(low, high), default, step=1))


def real(name: str, low: float, high: float, default: float, step: float = 0.1) -> float:
    """A number from ``low`` to ``high``, on a slider."""
    return float(_number(name, Range(low, high, whole=False), default, step=step))


def toggle(name: str, default: bool = False) -> bool:
    """On or off."""
    allowed = Choices(lambda: (YES, NO))
    fallback = label("controls.on" if default else "controls.off")
    current = address.value(name, YES if default else NO, allowed, fallback=fallback)
    key = address.seed(name, current == YES)
    st.toggle(_label(name), key=key, on_change=_take_toggle, args=(name,), help=_help(name))
    return current == YES


def drawer(title: str, name: str, *, icon: str | None = None) -> DeltaGenerator:
    """A part that the reader opens and closes; ``.open`` says which, and the address under ``name``.

    What is in it stands under its title (``with drawer:``), and need be made only when it is open.
    """
    allowed = Choices(lambda: (NO, YES))
    key = address.seed(name, address.value(name, NO, allowed, title=title, fallback=label("controls.closed")) == YES)
    return st.expander(title, key=key, icon=icon, on_change=_take_toggle, args=(name,))


def wording(name: str, default: str, longest: int = 300, *, lines: int | None = None) -> str:
    """A text of the reader's own, short enough to stand in a link; of a longer one the beginning, which is said.

    lines : about how many are seen; a field of one line is read as soon as Enter is pressed
    """
    allowed = address.Wording(longest)
    current = str(address.value(name, default, allowed))
    key = address.seed(name, current)
    whole = f"{key}-whole"

    def take() -> None:
        st.session_state[whole] = len(st.session_state[key])
        with suppress(SpecError):
            address.change({name: allowed.check(name, st.session_state[key][:longest])})

    words = {"key": key, "on_change": take, "help": _help(name)}
    if lines == 1:
        st.text_input(_label(name), **words)
    else:
        st.text_area(_label(name), height=lines * LINE if lines else None, **words)
    if st.session_state.get(whole, 0) > longest == len(current):
        st.warning(label("controls.cut", characters=st.session_state[whole], longest=longest))
    return current


def asked_in_vain(*, all_drawn: bool) -> list[str]:
    """A line for each value that the reader's link asks for and that is not possible here.

    all_drawn : whether the page was drawn to its end, so that a setting nothing has asked for means nothing on it
    """
    lines = [_refusal_line(one) for one in address.refused()]
    names = address.unread() if all_drawn else []
    if names:
        more = ["…"] if len(names) > MANY else []
        listed = label("controls.comma").join([*map(_verbatim, names[:MANY]), *more])
        lines.append(label("controls.unread", names=listed))
    return lines


def settings(spec: RunSpec) -> dict[str, Value]:
    """Every setting of an experiment by name, its task's options among them, as a link carries them."""
    return {one.name: getattr(spec, one.name) for one in fields(spec) if one.name != "options"} | dict(spec.options)


def readable(spec: RunSpec) -> bool:
    """Whether the text of an experiment can be read here; another reader's own text may not be."""
    return not _unavailable(spec)


def number(value: object) -> str:
    """A number as it is written in a sentence: 100,000 or 0.005 or 2e-06; off for none."""
    if value is None:
        return label("controls.none")
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.5f}".rstrip("0") if abs(value) >= 1e-5 else f"{value:.0e}"
    return f"{value:,.0f}"


def option(name: str, value: object) -> str:
    """The words of a setting's value: "Elman RNN" for cell = elman."""
    if not isinstance(value, str):
        return number(value)
    if name == "text" and own.is_name(value):
        return label("controls.text_own", mark=value.removeprefix("own-")[:4])
    for key in (f"{address.page()}.{name}_{value}", f"controls.{name}_{value}"):
        if labelled(key):
            return label(key)
    return label("controls.nothing") if value == "" else value


def _allowed(name: str, spec: RunSpec) -> Allowed:
    return spec.allowed(name)


def _resolved(default: RunSpec, names: Sequence[str]) -> RunSpec:
    """What the address asks for, as far as it is allowed and means something."""
    before = settings(default)

    def chosen(name: str) -> Value:
        return address.value(name, before[name], _allowed(name, default))

    optimiser = chosen("optimiser") if "optimiser" in names else default.optimiser
    momentum = {"momentum": 0.0} if optimiser == "adam" else {}  # adam has its own
    return default.replace(**{name: chosen(name) for name in names if name not in momentum} | momentum)


def _refusal_line(one: address.Refusal) -> str:
    fallback = option(one.name, one.default) if one.fallback is None else one.fallback
    return label("controls.refused", name=one.title or _label(one.name), value=_verbatim(one.asked), fallback=fallback)


def _verbatim(text: str) -> str:
    """The beginning of a text within Markdown as it stands: a link may hold anything."""
    seen = "".join(letter if letter.isprintable() else "·" for letter in text[:40])
    return f"`` {seen} ``" if "``" not in seen else "…"


def _presets(
    presets: Mapping[str, RunSpec], default: RunSpec, current: RunSpec, names: Sequence[str], stacked: bool
) -> None:
    active = next((name for name, spec in presets.items() if spec.key == current.key), None)
    key = address.seed("preset", active)

    def apply() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            new = settings(presets[chosen])
            address.change({name: new[name] for name in names}, settings(default))

    words = _spoken({name: option("preset", name) for name in presets})
    if stacked:
        st.radio(_label("preset"), list(presets), index=None, format_func=words, key=key, on_change=apply)
    else:
        st.pills(_label("preset"), list(presets), format_func=words, key=key, on_change=apply)


def _settings(names: Sequence[str], default: RunSpec, current: RunSpec, abreast: int) -> None:
    columns = [st.container()] if abreast == 1 else st.columns(abreast)
    for place, name in enumerate(names):
        with columns[place % abreast]:
            _draw(name, settings(default)[name], _allowed(name, current))
            if name == "text":
                _own_text()


def _draw(name: str, default: Value, allowed: Allowed) -> Value:
    current = address.value(name, default, allowed)
    common: dict[str, Any] = {
        "key": address.seed(name, current),
        "on_change": _take,
        "args": (name, allowed),
        "help": _help(name),
    }
    match allowed:
        case Choices():
            options = [*_ordered(allowed.names()), *_own_texts(name)]
            if current not in options:
                options.append(str(current))
            words = _spoken({one: option(name, one) for one in options})
            if len(options) <= FEW and name != "text":
                st.segmented_control(_label(name), options, format_func=words, required=True, **common)
            else:
                st.selectbox(_label(name), options, format_func=words, **common)
        case Range() if name == "seed":
            st.number_input(_label(name), int(allowed.low), int(allowed.high), step=1, **common)
        case Range():
            stops = _stops(name, current, allowed)
            words = _spoken({stop: number(stop) for stop in stops})
            st.select_slider(_label(name), stops, format_func=words, **common)
    return current


def _spoken(words: Mapping[Any, str]) -> Callable[[Any], str]:
    """Words of the options, found beforehand: Streamlit also asks for them outside of any reader's session."""
    return lambda value: words.get(value, str(value))


def _number(name: str, allowed: Range, default: Value, step: float) -> Any:
    current = address.value(name, default, allowed)
    kind = int if allowed.whole else float
    key = address.seed(name, current)
    if allowed.low < allowed.high:  # a slider needs two ends
        ends = kind(allowed.low), kind(allowed.high)
        if st.session_state.get(f"{key}-ends") != ends:  # with other ends it is another slider, which would begin anew
            st.session_state[f"{key}-ends"], st.session_state[key] = ends, current
        st.slider(
            _label(name), *ends, step=kind(step), key=key, on_change=_take, args=(name, allowed), help=_help(name)
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


def _own_text() -> None:
    """Where the reader pastes or uploads a text; what is wrong with it is said there."""
    page = address.page()
    key = f"{page}-own-text"
    with st.popover(label("controls.own"), icon=":material/edit_note:", type="tertiary", key=key, on_change="rerun"):
        upload = st.file_uploader(label("own.upload"), type=["txt", "md", "py"], key=f"{page}-own-upload")
        pasted, draft = f"{page}-own-paste", f"{page}-own-draft"
        if pasted not in st.session_state:  # the field was out of sight, where Streamlit forgets what is in it
            st.session_state[pasted] = st.session_state.get(draft, "")
        st.text_area(label("own.paste"), key=pasted, height=160, max_chars=own.LARGEST)
        st.session_state[draft] = st.session_state[pasted]
        st.caption(label("own.rules", shortest=own.SHORTEST))
        raw = upload.getvalue() if upload else None
        st.button(label("own.use"), key=f"{page}-own-use", on_click=_keep_own, args=(raw,))
        raw_refused, reason, values = st.session_state.get(f"{page}-own-refusal", (None, "", {}))
        if reason and raw_refused == raw:
            quoted = {one: _verbatim(value) if isinstance(value, str) else value for one, value in values.items()}
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
    st.session_state[f"{page}-own-text"] = False  # closed: what comes next, to train with it, lies behind


def _ordered(names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER))


def _own_texts(name: str) -> list[str]:
    return list(st.session_state.get("own_texts", [])) if name == "text" else []


def _unavailable(spec: RunSpec) -> list[str]:
    name = str(dict(spec.options).get("text", ""))
    if own.is_name(name):
        try:
            own.load(name)
        except TextUnavailable as error:
            return [label(f"own.{error.reason}")]
    return []


def _take(name: str, allowed: Allowed) -> None:
    """Put what the reader chose into the address.

    A browser names an option by its words. When the language changes it may still send the old ones, which are no
    choice at all: the widget is then set to the address once more.
    """
    with suppress(SpecError):
        address.change({name: allowed.check(name, st.session_state[f"{address.page()}-{name}"])})


def _take_toggle(name: str) -> None:
    address.change({name: YES if st.session_state[f"{address.page()}-{name}"] else NO})


def _label(name: str) -> str:
    own_key = f"{address.page()}.{name}"
    return label(own_key if labelled(own_key) else f"controls.{name}")


def _help(name: str) -> str | None:
    for key in (f"{address.page()}.{name}_help", f"controls.{name}_help"):
        if labelled(key):
            return label(key)
    return None
