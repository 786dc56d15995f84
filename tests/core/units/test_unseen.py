"""The search reads whole lines that the training never saw."""

import numpy as np
import pytest

from core.concepts import labelled
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks.characters import Characters
from core.training import Training
from core.units import unseen
from core.units.finder import find
from core.units.searched import FIRST_LOOK, SEARCHED, searched_length


@pytest.fixture(scope="module")
def run() -> Run:
    training = Training(RunSpec(cell="gru", hidden_size=4, updates=1, options=(("length", 50_000),)))
    training.advance(1)
    return training.run()


def test_whole_lines_of_the_held_out_text(run: Run) -> None:
    task = Characters(text="tidy_code", length=50_000)
    text = unseen.unseen(run, 20_000)
    assert text in task.held_out_text
    assert text not in task.training_text
    assert f"\n{text}" in task.held_out_text
    assert text.endswith("\n")
    first, last = unseen.unseen(run, 500), unseen.unseen(run, 500, last=True)
    assert text.startswith(first)
    assert text.endswith(last)
    assert max(map(len, (first, last))) <= 500


def test_each_concept_is_found_as_it_is_alone(run: Run) -> None:
    text = unseen.searched(run)
    found = unseen.find_each(run, ("indentation", "column"))
    assert list(found) == ["indentation", "column"]
    for name, one in found.items():
        alone = find(run, text, name)
        assert (one.strength, one.chance, one.verdict) == pytest.approx((alone.strength, alone.chance, alone.verdict))
    keyword = find(run, text, "inside_keyword")
    marked = unseen.find_marked(run, text, labelled("inside_keyword", text))
    assert marked.strength == pytest.approx(keyword.strength)


@pytest.mark.parametrize(("memory", "characters"), [(8_000, SEARCHED), (1_000, FIRST_LOOK)])
def test_a_small_host_searches_as_much_as_it_has_room_for(
    run: Run, memory: int, characters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_MEMORY", str(memory))
    text = unseen.searched(run)
    assert text == unseen.unseen(run, characters)
    assert 0.9 * min(characters, 50_000 // 10) < len(text) <= characters
    searched = unseen.find_each(run, ["inside_keyword"], searched_length())["inside_keyword"].found
    marked = unseen.find_marked(run, text, labelled("inside_keyword", text)).found
    for found in (searched, marked):
        assert found is not None
        assert np.isnan(found.probe) == (memory == 1_000), "there is no room for scikit-learn"
