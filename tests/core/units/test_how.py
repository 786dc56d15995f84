"""What is said of a gate against sums done by hand, character by character."""

from statistics import fmean, median

import numpy as np
import pytest
import xarray

from core.concepts import Kind, Labels, labelled
from core.signals import Role
from core.units.how import LEAST, habits, places

TEXT = 'if a:\n    call("b, 1", [2])\n\n\treturn a + 22  # done\n' * 6
INDENTATION = labelled("indentation", TEXT)


def traced(values: np.ndarray, **more: np.ndarray) -> xarray.Dataset:
    """A trace with a gate, and a state that is none; ``values`` (layer, time, unit)."""
    dims = ("layer", "direction", "example", "time", "unit")
    gates = {
        name: (dims, one[:, None, None], {"role": Role.GATE}) for name, one in {"input_gate": values, **more}.items()
    }
    return xarray.Dataset({**gates, "hidden_state": (dims, values[:, None, None], {"role": Role.STATE})})


def noise(seed: int, low: float = 0.45, high: float = 0.55) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, size=(2, len(TEXT), 5))


def test_each_kind_of_character_is_what_it_is_called() -> None:
    found = {name: "".join(np.array(list(TEXT))[at]) for name, at in places(TEXT, INDENTATION, Kind.COUNT).items()}
    assert found["leading"] == "    \t" * 6
    assert found["first"] == "icr" * 6, "an empty line has none"
    assert found["line_ends"] == "\n\n\n\n" * 6
    assert found["letters"] == "ifacallbreturnadone" * 6
    assert found["digits"] == "1222" * 6
    assert found["quotes"] == '""' * 6
    assert found["brackets"] == "([])" * 6
    assert found["marks"] == ":,,+#" * 6
    assert found["blanks"] == " " * 9 * 6
    assert found["begins"] == " \t" * 6
    assert found["ends"] == "\ni" * 5 + "\n"


def test_characters_are_called_what_they_are_in_chinese_too() -> None:
    text = "\u3000\u3000《书》（一）说：「好」【2】\u3000是\n\u3000\n没有\n"
    found = {name: "".join(np.array(list(text))[at]) for name, at in places(text, None, Kind.BINARY).items()}
    assert found["leading"] == "\u3000" * 3
    assert found["blanks"] == "\u3000"
    assert found["first"] == "《没"
    assert found["brackets"] == "《》（）【】"
    assert found["quotes"] == "「」"
    assert found["letters"] == "书一说好是没有"
    assert found["marks"] == "："


def test_every_character_is_of_one_kind() -> None:
    text = "".join(map(chr, range(1, 0x3100))) + TEXT
    found = places(text, None, Kind.BINARY)
    kinds = ("leading", "line_ends", "blanks", "quotes", "brackets", "marks")
    assert np.sum([found[name] for name in (*kinds, "letters", "digits")], axis=0).max() == 1
    assert set("()[]{}【】〈〉") <= set(np.array(list(text))[found["brackets"]])


@pytest.mark.parametrize("inside", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_at_a_line_feed_only(inside: str) -> None:
    found = places(f"a{inside}  b\r\n  c\n", None, Kind.BINARY)
    assert np.flatnonzero(found["first"]).tolist() == [0, 9]
    assert np.flatnonzero(found["leading"]).tolist() == [7, 8]
    assert np.flatnonzero(found["blanks"]).tolist() == [1, 2, 3]
    assert np.flatnonzero(found["line_ends"]).tolist() == [5, 6, 10]


def test_a_binary_concept_holds_begins_and_ends() -> None:
    values = np.array([0, 1, 1, 0, 0, 1.0])
    found = places("abcdef", Labels(values, values > 0), Kind.BINARY)
    assert np.flatnonzero(found["holds"]).tolist() == [1, 2, 5]
    assert np.flatnonzero(found["begins"]).tolist() == [1, 5]
    assert np.flatnonzero(found["ends"]).tolist() == [3]
    assert not {"holds", "begins", "ends"} & set(places("abcdef", None, Kind.BINARY))


def test_a_place_and_its_numbers_are_those_of_sums_by_hand() -> None:
    values = noise(0)
    at_ends = [at for at, character in enumerate(TEXT) if character == "\n"]
    values[1, at_ends, 3] += 0.4
    values[1, at_ends[:5], 0] += 0.2
    (found,) = habits(traced(values), TEXT, INDENTATION, Kind.COUNT, layer=1, unit=3)
    own = values[1, :, 3].tolist()
    assert found.gate == "input_gate"
    assert found.mean == pytest.approx(fmean(own))
    assert found.others == pytest.approx(median(fmean(values[1, :, unit].tolist()) for unit in (0, 1, 2, 4)))
    assert found.opened == pytest.approx(fmean(one > 0.9 for one in own))
    assert found.shut == 0
    assert found.place is not None
    assert (found.place.name, found.place.count) == ("line_ends", len(at_ends))
    assert found.place.mean == pytest.approx(fmean(own[at] for at in at_ends))
    assert found.place.elsewhere == pytest.approx(fmean(one for at, one in enumerate(own) if at not in at_ends))
    assert found.place.others == pytest.approx(
        median(fmean(values[1, at, unit] for at in at_ends) for unit in (0, 1, 2, 4))
    )


def test_where_nothing_stands_out_no_place_is_named() -> None:
    gates = traced(noise(1), forget_gate=noise(2, 0.95, 1.0))
    first, second = habits(gates, TEXT, INDENTATION, Kind.COUNT, layer=0, unit=0)
    assert first.place is None
    assert second.place is None
    assert (first.opened, second.opened, second.shut) == (0, 1, 0)


def test_what_happens_a_few_times_only_is_no_place() -> None:
    text = "a1" * (LEAST - 1) + "aaaa" * LEAST
    values = np.zeros((1, len(text), 2))
    values[0, [at for at, character in enumerate(text) if character == "1"], 0] = 1
    (found,) = habits(traced(values), text, None, Kind.BINARY, layer=0, unit=0)
    assert found.place is None
    (longer,) = habits(traced(np.tile(values, (1, 2, 1))), text * 2, None, Kind.BINARY, layer=0, unit=0)
    assert longer.place is not None
    assert longer.place.name in ("digits", "letters"), "there are only these two"


def test_one_unit_alone_has_no_others_and_a_cell_without_gates_no_habits() -> None:
    (found,) = habits(traced(noise(0)[..., :1]), TEXT, None, Kind.BINARY, layer=0, unit=0)
    assert np.isnan(found.others)
    assert habits(traced(noise(0)).drop_vars("input_gate"), TEXT, None, Kind.BINARY, layer=0, unit=0) == []
