"""A price is computed from what is asked, and speaks of what ``core`` really does."""

import inspect
from types import ModuleType

import pytest

from core.interventions import effects, writing
from core.looks import clamps, inside, units
from core.looks.look import Look
from core.looks.price import AT_ALL, BRIEF, HERE, of_holding, of_reading, of_search
from core.runs.run import Run
from core.spec import RunSpec
from core.training import Training
from core.units.searched import SEARCHED

LOOKS = [(module, name) for module in (clamps, inside, units) for name in vars(module)]
LOOKS = [(module, name) for module, name in LOOKS if isinstance(getattr(module, name), Look)]


def of_size(cell: str, hidden_size: int, layer_count: int) -> Run:
    options = (("length", 2000),)
    return Training(RunSpec(cell=cell, hidden_size=hidden_size, layer_count=layer_count, options=options)).run()


@pytest.mark.parametrize(("module", "name"), LOOKS, ids=[name for _, name in LOOKS])
def test_a_price_takes_what_its_look_takes(module: ModuleType, name: str) -> None:
    one = getattr(module, name)
    asked, priced = inspect.signature(one._function), inspect.signature(one.price)
    assert [(each.name, each.kind) for each in asked.parameters.values()] == [
        (each.name, each.kind) for each in priced.parameters.values()
    ]


def test_prices_count_what_is_done() -> None:
    assert clamps.DRAWN == effects.DRAWS + 2
    assert clamps.WRITTEN == writing.LENGTH
    assert 2 * len(writing.SWEPT_VALUES) == clamps.SWEPT
    assert clamps.WRITINGS == writing.SAMPLES


def test_the_largest_search_is_made_elsewhere_and_a_first_look_at_a_preset_at_once() -> None:
    large, small = of_size("lstm", 512, 3), of_size("elman", 32, 1)
    search = units.find_each.price(large, ("indentation",), SEARCHED)
    assert search.within(AT_ALL)
    assert not search.within(HERE)
    assert inside.trace.price(small, "x" * 600).within(BRIEF)


def test_more_costs_more() -> None:
    small, large = of_size("gru", 16, 1), of_size("gru", 64, 2)
    for price in (
        lambda run, scale: of_reading(run, 100 * scale),
        lambda run, scale: of_holding(run, 100 * scale, 10),
        lambda run, scale: of_holding(run, 100, 10 * scale),
        lambda run, scale: of_search(run, 1_000 * scale, 2),
    ):
        least, more, most = price(small, 1), price(large, 1), price(large, 10)
        assert least.seconds < more.seconds < most.seconds
        assert least.size < more.size
