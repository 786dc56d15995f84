"""One or more of a set of names, as one value."""

import pytest

from core.choices.allowed import SpecError, Subset

NAMES = tuple(f"cell_{number:02}" for number in range(40))


def asked() -> tuple[str, ...]:
    asked.times += 1
    return NAMES


asked.times = 0
ANY = Subset(asked)


@pytest.mark.parametrize("chosen", [NAMES, NAMES[:1], NAMES[3::7], NAMES[1:39]])
def test_any_number_of_forty_names_is_allowed(chosen: tuple[str, ...]) -> None:
    """Forty names have a million million subsets: nothing may list them."""
    before = asked.times
    assert Subset.chosen(str(ANY.check("cells", Subset.written(chosen)))) == chosen
    assert asked.times == before + 1


def test_the_order_is_that_of_the_names() -> None:
    assert ANY.check("cells", "cell_07-cell_02") == "cell_02-cell_07"


@pytest.mark.parametrize("value", ["", "-", "cell_01-", "cell_01-cell_01", "cell_01-lstm", "cell_01,cell_02", 1, None])
def test_what_names_something_else_or_one_twice_is_refused(value: object) -> None:
    with pytest.raises(SpecError, match="one or more of cell_00, cell_01"):
        ANY.check("cells", value)
