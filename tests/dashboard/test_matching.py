"""What is written of passages in which the same units are active."""

from core.neurons.matching import Matches, Passage
from dashboard import matching


def test_a_passage_is_marked_and_its_blanks_are_seen() -> None:
    drawn = matching.marked("ab\n  cd = 1\n", 3, 7)
    assert drawn.index("⟦") < drawn.index("c") < drawn.index("⟧")
    assert "\n" not in drawn
    assert " " not in drawn.replace("ab", "").replace("=", "")
    assert matching.marked("x" * 100, 50, 52) == "x" * 24 + "⟦xx⟧" + "x" * 24


def test_it_is_said_how_many_units_there_are() -> None:
    assert "3 such units" in matching.sentence(Matches((1, 4, 5), "text", (Passage(0, 2, 0.5),)))
    assert "No unit" in matching.sentence(Matches((), "text", ()))
    assert matching.line("abcd", Passage(1, 2, 0.5)) == " 50%  a⟦b⟧cd"
