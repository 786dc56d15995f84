"""The experiment that the reader sets up: widgets that together make a RunSpec."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields

import streamlit as st

from core.choices.allowed import Choices, Value
from core.spec import RunSpec
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
    """Draw the settings of an experiment, and return the experiment that they make.

    Parameters
    ----------
    default
        The experiment that the page opens with. Settings that equal it are left out of the address.
    front
        The three to five settings that are always in view: fields of RunSpec, or options. All others are under "More
        settings".
    fixed
        Settings that the reader cannot change. They keep their default.
    presets
        Experiments to choose with one press, by name. Their words are the labels ``<page>.preset_<name>``.
    stacked
        Whether the settings stand one below the other, for a narrow column.
    drawn
        Whether to draw the widgets. The experiment is the same without them.
    """
    opened_with = _structured(default, fixed)
    current = _chosen(opened_with, [name for name in settings(opened_with) if name not in {*fixed, *STRUCTURE}])
    names = [name for name in settings(current) if name not in fixed]
    if drawn:
        names = [name for name in names if _can_be_chosen(current, name)]
        if presets:
            _presets(presets, default, current, fixed, stacked)
        values = _defaults(default, like=opened_with)
        _settings([name for name in front if name in names], values, current, 1 if stacked else len(front))
        rest = [name for name in names if name not in front]
        if rest:
            more = widgets.drawer(label("controls.more"), "more")
            if more.open:
                with more:
                    _settings(rest, values, current, 1 if stacked else 3)
    for line in unavailable(current):
        address.say(line)
    return current


def settings(spec: RunSpec) -> dict[str, Value]:
    """Return every setting that has a meaning in an experiment, options included, by its name in a link."""
    own = (one.name for one in fields(spec) if one.name != "options" and one.name not in spec.meaningless)
    return {name: getattr(spec, name) for name in own} | dict(spec.options)


def readable(spec: RunSpec) -> bool:
    """Say whether the text of an experiment can be read here. A reader's own text may be kept on another machine."""
    return not unavailable(spec)


STRUCTURE = ("task", "network", "direction", "cell", "optimiser")
"""Settings that decide which other settings there are, in the order in which they are chosen."""


def _can_be_chosen(spec: RunSpec, name: str) -> bool:
    """Say whether more than one value of a setting is allowed, given the other settings."""
    allowed = spec.allowed(name)
    return not isinstance(allowed, Choices) or len(allowed.names()) > 1


def _structured(default: RunSpec, fixed: Collection[str]) -> RunSpec:
    """Return the experiment that the page opens with, changed to the structure that the address asks for."""
    for name in STRUCTURE:
        if name not in fixed and name in settings(default):
            default = _chosen(default, (name,))
    return default


def _defaults(default: RunSpec, like: RunSpec) -> dict[str, Value]:
    """Return the values that the address leaves out, for an experiment with the structure of ``like``."""
    alike = default.replace(**{name: getattr(like, name) for name in STRUCTURE})
    return settings(alike) | {name: value for name, value in settings(default).items() if name in STRUCTURE}


def _chosen(default: RunSpec, names: Sequence[str]) -> RunSpec:
    """Return ``default`` with the values that the address gives to some settings, as far as they are allowed."""
    before = settings(default)
    return default.replace(**{name: address.value(name, before[name], default.allowed(name)) for name in names})


def _presets(
    presets: Mapping[str, RunSpec], default: RunSpec, current: RunSpec, fixed: Collection[str], stacked: bool
) -> None:
    active = next((name for name, spec in presets.items() if spec.key == current.key), None)
    key = address.seed("preset", active)

    def apply() -> None:
        chosen = st.session_state[key]
        if chosen is not None:
            new = {name: value for name, value in settings(presets[chosen]).items() if name not in fixed}
            address.change(new, _defaults(default, like=presets[chosen]))

    words = titles.spoken({name: titles.option("preset", name) for name in presets})
    if stacked:
        st.radio(titles.setting("preset"), list(presets), index=None, format_func=words, key=key, on_change=apply)
    else:
        st.pills(titles.setting("preset"), list(presets), format_func=words, key=key, on_change=apply)


def _settings(names: Sequence[str], defaults: Mapping[str, Value], current: RunSpec, abreast: int) -> None:
    columns = [st.container()] if abreast == 1 else st.columns(abreast)
    for place, name in enumerate(names):
        with columns[place % abreast]:
            widgets.setting(name, defaults[name], current.allowed(name))
            if name == "text":
                draw_own_text()
