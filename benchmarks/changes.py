"""What a reader can change on a page: for each widget, the states that a browser would send to the server."""

import json
from collections.abc import Callable, Sequence

from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

Change = Callable[[int], WidgetState]
"""Gives the state of a widget after the change with that number."""

STRIDE = 7
"""Steps by which each change moves on, along a slider or in a text."""


def change_of(element: Element) -> tuple[str, Change] | None:
    """Return the id of a widget and how it changes; None for an element that is no widget or offers no choice.

    The language switch is left out: a class reads one language.
    """
    match element.WhichOneof("type"):
        case "slider" if len(element.slider.default) == 1:
            return element.slider.id, _slid(element.slider)
        case "button_group" if not element.button_group.id.endswith("-language"):
            return _one_of(element.button_group.id, [option.content for option in element.button_group.options])
        case "selectbox":
            return element.selectbox.id, _chosen(element.selectbox.id, element.selectbox.options)
        case "radio":
            return element.radio.id, _chosen(element.radio.id, element.radio.options)
        case "bidi_component":
            return _moved(element.bidi_component)
    return None


def _one_of(widget: str, options: Sequence[str]) -> tuple[str, Change]:
    def change(number: int) -> WidgetState:
        state = WidgetState(id=widget)
        state.string_array_value.data.append(options[number % len(options)])
        return state

    return widget, change


def _chosen(widget: str, options: Sequence[str]) -> Change:
    return lambda number: WidgetState(id=widget, string_value=options[number % len(options)])


def _slid(slider: Slider) -> Change:
    """Return how a slider with one handle changes. It sends the words of its stops, or numbers if it has none."""
    if slider.options:
        return _one_of(slider.id, slider.options)[1]

    def change(number: int) -> WidgetState:
        steps = int((slider.max - slider.min) / slider.step)
        state = WidgetState(id=slider.id)
        state.double_array_value.data.append(slider.min + slider.step * (number * STRIDE % (steps + 1)))
        return state

    return change


def _moved(component: BidiComponent) -> tuple[str, Change] | None:
    """Return the id of the timeline or the graph, and how its cursor moves in time from its starting point."""
    match component.component_name:
        case "unrolled_timeline":
            return component.id, lambda number: _timeline_state(component, number)
        case "unrolled_graph":
            return component.id, lambda number: _graph_state(component, number)
    return None


def _timeline_state(component: BidiComponent, number: int) -> WidgetState:
    length = int.from_bytes(component.bytes[:4], "little")
    header = json.loads(component.bytes[4 : 4 + length])
    time = (header["start"]["time"] + 1 + STRIDE * number) % len(header["text"])
    return WidgetState(id=component.id, json_value=json.dumps({"moment": header["start"] | {"time": time}}))


def _graph_state(component: BidiComponent, number: int) -> WidgetState:
    data = json.loads(component.mixed.json if component.HasField("mixed") else component.json)
    place = data["start"] | {"step": (data["start"]["step"] + 1 + number) % 12}
    told = [{"event": "place", "value": place}]
    return WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{component.id}__events", json_trigger_value=json.dumps(told))
