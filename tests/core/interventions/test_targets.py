"""Where a concept is at stake, marked by hand."""

import numpy as np
import pytest

from core.concepts import concepts
from core.concepts.own import BadConcept
from core.interventions.targets import Pattern, at_stake

CODE = 'def f(a):\n    if a:\n        b = "x"\n\n    return [a]\n'


def marked(concept: str, text: str) -> str:
    return "".join("^" if one else "." for one in at_stake(concept, text).scored)


def test_an_indentation_is_at_stake_up_to_the_first_character_after_it() -> None:
    by_hand = ["^.........", "^^^^^.....", "^^^^^^^^^.......", ".", "^^^^^.........."]
    assert marked("indentation", CODE) == "".join(by_hand)
    assert at_stake("indentation", CODE).values[10 + 4] == 4


def test_what_is_open_is_at_stake_with_what_ends_it() -> None:
    found = at_stake("inside_quotes", 'a "bc" d')
    assert marked("inside_quotes", 'a "bc" d') == "..^^^^.."
    assert set(found.values[found.scored]) == {1.0}
    depth = at_stake("bracket_depth", "f(g(1))\n")
    closing = "f(g(1))\n".index("))")
    assert depth.scored[closing : closing + 2].all()
    assert not depth.scored[0]


def test_a_pattern_is_at_stake_with_what_ends_it() -> None:
    found = at_stake(Pattern("[0-9]+"), "a = 10;b")
    assert "".join("^" if one else "." for one in found.scored) == "....^^^."
    with pytest.raises(BadConcept):
        at_stake(Pattern("z"), "abc")


def test_a_position_is_at_stake_everywhere() -> None:
    assert marked("column", CODE) == "^" * len(CODE)


@pytest.mark.parametrize("concept", list(concepts))
@pytest.mark.parametrize("text", ["", "\n", " ", "x", "\t\r\n", CODE])
def test_every_concept_says_it_of_every_text(concept: str, text: str) -> None:
    found = at_stake(concept, text)
    assert found.values.shape == found.scored.shape == (len(text),)
    assert found.scored.dtype == bool
    assert np.isfinite(found.values).all()
