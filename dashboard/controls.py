"""Widgets that are views of the address, and together make a RunSpec.

Every widget here is named by a setting. Its words are the label ``<page>.<name>``, else ``controls.<name>``; the words
of an option ``<page>.<name>_<option>``, else ``controls.<name>_<option>``, else the option itself, so that a new
plug-in is offered before it has words. Its value stands in the address under the same name, unless it is the default.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields

import streamlit as st

from core.allowed import Allowed, Choices, Range, Value
from core.spec import RANGES, RunSpec
from core.tasks import tasks
from dashboard import address
from dashboard.words import label, labelled

STOPS: Mapping[str, Sequence[float]] = {
    "hidden_size": (4, 8, 16, 32, 64, 128, 256, 512),
    "truncation_length": (8, 16, 32, 64, 100, 128, 256, 512),
    "batch_size": (1, 2, 4, 8, 16, 32, 64, 128, 256),
    "updates": (50, 100, 200, 400, 600, 800, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "clip_norm": (0.01, 0.03, 0.1, 0.25, 0.5, 1, 2, 5, 10, 100),
}
"""Where a slider stops; a value in between comes by link or preset and is then a stop too."""

FEW = 4
"""Up to so many choices stand side by side."""


def spec_controls(
    default: RunSpec,
    *,
    front: Sequence[str],
    fixed: Collection[str] = (),
    presets: Mapping[str, RunSpec] | None = None,
) -> RunSpec:
    """The experiment that the reader has set up.

    default : what the page opens with; what equals it is left out of the address
    front : the three to five settings (fields of RunSpec, or options of its task) that stand in view; all others are
        under "More settings"
    fixed : settings that this page decides itself, at their default
    presets : experiments to choose at one press, by name; words are ``<page>.preset_<name>``

    A value in the address that is not allowed falls back to the default, and a line says so.
    """
    names = [name for name in _names(default) if name not in fixed]
    if presets:
        _presets(presets, default, names)
    refused = [line for name in names if (line := _refusal(name, default))]
    current = _resolved(default, names)
    shown = [name for name in names if _applies(name, current)]
    for column, name in zip(st.columns(len(front)), front, strict=True):
        with column:
            _setting(name, default, current)
    rest = [name for name in shown if name not in front]
    if rest:
        with st.expander(label("controls.more"), key=f"{address.page()}-more"):
            columns = st.columns(3)
            for place, name in enumerate(rest):
                with columns[place % 3]:
                    _setting(name, default, current)
    for line in refused:
        st.warning(line)
    return current


def choice(name: str, options: Sequence[str], default: str | None = None) -> str:
    """One of a few names, side by side or in a list."""
    allowed = Choices(lambda: tuple(options))
    return str(_draw(name, options[0] if default is None else default, allowed))


def setting(name: str, default: Value, allowed: Allowed) -> Value:
    """One setting of any kind, with the widget that suits what is allowed."""
    return _draw(name, default, allowed)


def whole(name: str, low: int, high: int, default: int) -> int:
    """A whole number from ``low`` to ``high``, on a slider."""
    allowed = Range(low, high)
    current = address.value(name, default, allowed)
    key = _seed(name, current)
    if low < high:
        st.slider(_label(name), low, high, key=key, on_change=_take, args=(name, default), help=_help(name))
    return int(current)  # type: ignore[arg-type]


def wording(name: str, default: str, longest: int = 300) -> str:
    """A text of the reader's own, short enough to stand in a link."""
    allowed = address.Wording(longest)
    current = str(address.value(name, default, allowed))
    st.text_area(
        _label(name),
        key=_seed(name, current),
        max_chars=longest,
        on_change=_take,
        args=(name, default),
        help=_help(name),
    )
    return current


def settings(spec: RunSpec) -> dict[str, Value]:
    """Every setting of an experiment by name, as a link carries them."""
    return {one.name: getattr(spec, one.name) for one in fields(spec) if one.name != "options"} | dict(spec.options)


def number(value: object) -> str:
    """A number as a reader writes it: 100,000, 0.005, 1e-05."""
    if value is None:
        return label("controls.none")
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.5f}".rstrip("0").rstrip(".") if isinstance(value, float) and value >= 1e-5 else str(value)


def _names(default: RunSpec) -> list[str]:
    return [one.name for one in fields(RunSpec) if one.name != "options"] + [name for name, _ in default.options]


def _allowed(name: str, spec: RunSpec) -> Allowed:
    return RANGES[name] if name in RANGES else tasks[spec.task].options()[name][1]


def _applies(name: str, spec: RunSpec) -> bool:
    return name != "momentum" or spec.optimiser != "adam"


def _resolved(default: RunSpec, names: Sequence[str]) -> RunSpec:
    before = settings(default)
    chosen = {name: address.value(name, before[name], _allowed(name, default)) for name in names}
    if chosen.get("optimiser", default.optimiser) == "adam":
        chosen["momentum"] = 0.0
    return default.replace(**chosen)


def _refusal(name: str, default: RunSpec) -> str | None:
    allowed = _allowed(name, default)
    written = address.refused(name, allowed)
    if written is None:
        return None
    fallback = _option(name, settings(default)[name])
    return label("controls.refused", name=_label(name), value=written[:40], fallback=fallback)


def _presets(presets: Mapping[str, RunSpec], default: RunSpec, names: Sequence[str]) -> None:
    current = _resolved(default, names).key
    active = next((name for name, spec in presets.items() if spec.key == current), None)
    key = f"{address.page()}-preset"
    if st.session_state.get(key) != active:
        st.session_state[key] = active

    def apply() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            new = settings(presets[chosen])
            address.change({name: new[name] for name in names}, settings(default))

    words = {name: _option("preset", name) for name in presets}.__getitem__
    st.pills(_label("preset"), list(presets), format_func=words, key=key, on_change=apply)


def _setting(name: str, default: RunSpec, current: RunSpec) -> None:
    if name in settings(current):
        _draw(name, settings(default)[name], _allowed(name, current))


def _draw(name: str, default: Value, allowed: Allowed) -> Value:
    current = address.value(name, default, allowed)
    key = _seed(name, current)
    common = {"key": key, "on_change": _take, "args": (name, default), "help": _help(name)}
    match allowed:
        case Choices():
            options = list(allowed.names())
            if current not in options:
                options.append(str(current))
            words = {option: _option(name, option) for option in options}.__getitem__
            if len(options) <= FEW:
                st.segmented_control(_label(name), options, format_func=words, required=True, **common)
            else:
                st.selectbox(_label(name), options, format_func=words, **common)
        case Range() if name == "seed":
            st.number_input(_label(name), int(allowed.low), int(allowed.high), step=1, **common)
        case Range():
            st.select_slider(_label(name), _stops(name, current, allowed), format_func=number, **common)
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
    if current is not None:
        found.add(kind(current))
    return [*sorted(found), *([None] if allowed.optional else [])]


def _seed(name: str, current: Value) -> str:
    """Key of the widget of a setting, its state made equal to the address."""
    key = f"{address.page()}-{name}"
    if key not in st.session_state or st.session_state[key] != current:
        st.session_state[key] = current
    return key


def _take(name: str, default: Value) -> None:
    address.change({name: st.session_state[f"{address.page()}-{name}"]}, {name: default})


def _label(name: str) -> str:
    own = f"{address.page()}.{name}"
    return label(own if labelled(own) else f"controls.{name}")


def _help(name: str) -> str | None:
    for key in (f"{address.page()}.{name}_help", f"controls.{name}_help"):
        if labelled(key):
            return label(key)
    return None


def _option(name: str, value: object) -> str:
    if not isinstance(value, str):
        return number(value)
    for key in (f"{address.page()}.{name}_{value}", f"controls.{name}_{value}"):
        if labelled(key):
            return label(key)
    return value
