"""Where a concept is at stake, marked by hand."""

import numpy as np
import pytest

from core.concepts import concepts
from core.concepts.own import BadConcept
from core.interventions.targets import OwnPattern, at_stake

CODE = 'def f(a):\n    if a:\n        b = "x"\n\n    return [a]\n'


def marked(concept: str, text: str) -> str:
    return "".join("^" if one else "." for one in at_stake(concept, text).scored)


def test_an_indentation_is_at_stake_up_to_the_first_character_after_it() -> None:
    by_hand = ["^.........", "^^^^^.....", "^^^^^^^^^.......", ".", "^^^^^.........."]
    assert marked("indentation", CODE) == "".join(by_hand)
    assert at_stake("indentation", CODE).values[10 + 4] == 4


def test_what_is_open_is_at_stake_with_what_ends_it() -> None:
    found = at_stake("inside_quotes", 'a "bc" d')
    assert marked("inside_quotes", 'a "bc" d') == "...^^^.."
    assert marked("inside_quotes", "说：“好。”他") == "...^^^."
    assert marked("inside_string", "a = 'bc'") == ".....^^^"
    assert marked("inside_comment", "a # b\nc") == "...^^^."
    assert marked("bracket_depth", "f(a):") == "..^^."
    assert set(found.values[found.scored]) == {1.0}
    depth = at_stake("bracket_depth", "f(g(1))\n")
    closing = "f(g(1))\n".index("))")
    assert depth.scored[closing : closing + 2].all()
    assert not depth.scored[0]


def test_agreement_is_at_stake_at_the_verb_of_either_number() -> None:
    text = "The dogs sleep. The dog sleeps."
    found = at_stake("subject_is_plural", text)
    drawn = "".join("^" if one else "." for one in found.scored)
    assert drawn == ".........^^^^^^" + "........." + "^^^^^^^"
    assert found.values[found.scored].tolist() == [1.0] * 6 + [0.0] * 7
    assert not at_stake("subject_is_plural", "三只猫在睡觉。").scored.any(), "Chinese verbs do not agree"


def test_a_line_that_goes_on_asks_for_no_indentation() -> None:
    assert marked("indentation", "f(\n  a)\n") == "^.......".ljust(8, ".")


def test_a_pattern_is_at_stake_with_what_ends_it() -> None:
    found = at_stake(OwnPattern("[0-9]+"), "a = 10;b")
    assert "".join("^" if one else "." for one in found.scored) == "....^^^."
    with pytest.raises(BadConcept):
        at_stake(OwnPattern("z"), "abc")


def test_a_position_is_at_stake_everywhere() -> None:
    assert marked("column", CODE) == "^" * len(CODE)


@pytest.mark.parametrize("concept", list(concepts))
@pytest.mark.parametrize("text", ["", "\n", " ", "x", "\t\r\n", CODE])
def test_every_concept_says_it_of_every_text(concept: str, text: str) -> None:
    found = at_stake(concept, text)
    assert found.values.shape == found.scored.shape == (len(text),)
    assert found.scored.dtype == bool
    assert np.isfinite(found.values).all()
