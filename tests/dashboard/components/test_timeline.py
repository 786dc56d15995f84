"""What goes down to the timeline: numbers within half a level, every character visible, states that make sense."""

import json

import numpy as np
import pytest
import streamlit as st

from dashboard.components.timeline import NetworkTracks, Track, _described, moment
from dashboard.components.timeline.glyphs import drawn, glyph
from dashboard.components.timeline.payload import LEVELS, pack, quantised, stamp_of


def unpack(packed: bytes) -> tuple[dict, list[np.ndarray]]:
    length = int.from_bytes(packed[:4], "little")
    header = json.loads(packed[4 : 4 + length])
    arrays = [
        np.frombuffer(packed, np.dtype(one["type"]).newbyteorder("<"), one["count"], 4 + length + one["offset"])
        for one in header["arrays"]
    ]
    return header, arrays


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (0.0, 24.0)])
def test_a_number_comes_back_within_half_a_level(low: float, high: float) -> None:
    values = np.random.default_rng(0).uniform(low, high, (5, 40)).astype(np.float32)
    values[0, :2] = low, high
    back = low + quantised(values, low, high) / LEVELS * (high - low)
    half_a_level = (high - low) / LEVELS / 2
    assert np.abs(back - values).max() <= 1.01 * half_a_level  # float32 adds its own rounding
    assert (back[0, 0], back[0, 1]) == (low, high)


def test_what_is_out_of_the_domain_is_drawn_at_its_end() -> None:
    assert quantised(np.array([-9.0, 9.0]), -1.0, 1.0).tolist() == [0, LEVELS]


def test_packed_arrays_come_back_whatever_the_header_says() -> None:
    arrays = [np.arange(6, dtype=np.uint16).reshape(2, 3), np.array([0.5, np.nan], dtype=np.float32)]
    header, back = unpack(pack({"text": "缩进 </script> \u202e é"}, arrays))
    assert header["text"] == "缩进 </script> \u202e é"
    assert back[0].tolist() == [0, 1, 2, 3, 4, 5]
    assert back[1][0] == 0.5
    assert np.isnan(back[1][1])


def test_the_digest_follows_every_change_and_the_stamp_only_what_is_looked_at() -> None:
    numbers = [np.arange(4, dtype=np.uint16)]
    stamp = stamp_of("ab", numbers)
    one, two = (unpack(pack({"stamp": stamp, "words": words}, numbers))[0] for words in ("Play", "播放"))
    assert one["digest"] != two["digest"]
    assert one["stamp"] == two["stamp"]
    assert stamp_of("ac", numbers) != stamp != stamp_of("ab", [np.arange(1, 5, dtype=np.uint16)])


def test_every_character_is_seen() -> None:
    forms = drawn("a 中\n\t\u0301\u202e\x07é")
    assert not {"a", "é", " "} & set(forms), "what can be drawn as it is, is"
    assert forms["中"] == ("中", 2)
    assert forms["\n"] == ("⏎", 1)
    assert forms["\u0301"] == ("◌\u0301", 1), "a combining character has something to stand on"
    assert forms["\u202e"] == ("▯", 1), "one that turns the writing round is shown, not obeyed"
    assert forms["\x07"] == ("␇", 1)
    assert (glyph(" "), glyph("x"), glyph("\n")) == ("␣", "x", "⏎")


def network() -> NetworkTracks:
    values = np.array([[0.0, 0.5, 1.0], [0.25, 0.25, 0.25]])
    probability = np.array([[0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.5, 0.25, 0.25]])
    return NetworkTracks(
        name="lstm",
        title="LSTM",
        tracks=(Track("forget_gate", "forget gate", "f", "#0f766e", 0.0, 1.0, values),),
        lanes=("forget_gate",),
        order=(0, 1),
        spread=values.var(axis=1),
        known=np.array([True, True, False]),
        symbols=("\ufffd", "a", "b"),
        probability=probability,
    )


def test_the_next_character_is_given_with_what_really_came() -> None:
    arrays: list[np.ndarray] = []
    described = _described(network(), "ab?", arrays)
    assert described["unknown"] == [2]
    likeliest = arrays[described["likeliest"]]
    assert likeliest[:, 0].tolist() == [1, 2, 0]
    came = arrays[described["came"]]
    assert came[:2].tolist() == pytest.approx([0.3, 0.2]), "b came after a; then a character met as the unknown symbol"
    assert np.isnan(came[2])
    shares = arrays[described["likelihood"]] / LEVELS
    assert np.all(np.diff(shares, axis=1) <= 0)


def test_a_gate_is_coloured_by_its_own_hue_from_nought_on() -> None:
    (signal,) = _described(network(), "ab?", [])["signals"]
    assert (signal["low"], signal["high"]) == (0.0, 1.0)
    assert signal["colours"] == ["#f7f7f5", "#0f766e"]


@pytest.mark.parametrize(
    "told", [None, 3, "x", {}, {"time": 1}, {"time": 1, "mean": 0, "networks": {"lstm": {"unit": "?"}}}]
)
def test_what_makes_no_sense_is_no_moment(told: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {"key": {"moment": told}})
    assert moment("key") is None
    assert moment("another") is None


def test_a_moment_is_read_from_what_the_browser_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"time": 7, "mean": True, "whole": True, "networks": {"gru": {"unit": 3, "signal": "hidden_state"}}}
    monkeypatch.setattr(st, "session_state", {"key": {"moment": told}})
    found = moment("key")
    assert found is not None
    assert (found.time, found.mean, found.whole) == (7, True, True)
    assert (found.units, found.signals) == ({"gru": 3}, {"gru": "hidden_state"})
