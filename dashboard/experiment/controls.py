"""The experiment that the reader has set up: widgets that together make a RunSpec."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields

import streamlit as st

from core.choices.allowed import Allowed, Value
from core.spec import RANGES, RunSpec
from core.tasks import tasks
from dashboard.experiment.own_text import draw_own_text, unavailable
from dashboard.shell import address, titles, widgets
from dashboard.shell.words import label


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
            more = widgets.drawer(label("controls.more"), "more")
            if more.open:
                with more:
                    _settings(rest, default, current, 1 if stacked else 3)
    for line in unavailable(current):
        address.say(line)
    return current


def settings(spec: RunSpec) -> dict[str, Value]:
    """Every setting of an experiment by name, its task's options among them, as a link carries them."""
    return {one.name: getattr(spec, one.name) for one in fields(spec) if one.name != "options"} | dict(spec.options)


def readable(spec: RunSpec) -> bool:
    """Whether the text of an experiment can be read here; another reader's own text may not be."""
    return not unavailable(spec)


def _allowed(name: str, spec: RunSpec) -> Allowed:
    return RANGES[name] if name in RANGES else tasks[spec.task].options()[name][1]


def _resolved(default: RunSpec, names: Sequence[str]) -> RunSpec:
    """What the address asks for, as far as it is allowed and means something."""
    before = settings(default)

    def chosen(name: str) -> Value:
        return address.value(name, before[name], _allowed(name, default))

    optimiser = chosen("optimiser") if "optimiser" in names else default.optimiser
    momentum = {"momentum": 0.0} if optimiser == "adam" else {}  # adam has its own
    return default.replace(**{name: chosen(name) for name in names if name not in momentum} | momentum)


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

    words = titles.spoken({name: titles.option("preset", name) for name in presets})
    if stacked:
        st.radio(titles.setting("preset"), list(presets), index=None, format_func=words, key=key, on_change=apply)
    else:
        st.pills(titles.setting("preset"), list(presets), format_func=words, key=key, on_change=apply)


def _settings(names: Sequence[str], default: RunSpec, current: RunSpec, abreast: int) -> None:
    columns = [st.container()] if abreast == 1 else st.columns(abreast)
    for place, name in enumerate(names):
        with columns[place % abreast]:
            widgets.setting(name, settings(default)[name], _allowed(name, current))
            if name == "text":
                draw_own_text()
