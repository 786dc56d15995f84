"""What is left of an experiment of several trainings, against a clock that is run by hand."""

import pytest

from dashboard.experiment.time_left import TrainingPart, seconds_left

PACES = {"elman": 0.02, "lstm": 0.05, "gru": 0.04}


def experiment(
    side_by_side: int, seeds: int = 4, cells: tuple[str, ...] = ("elman", "lstm")
) -> list[list[TrainingPart]]:
    """The same trainings as they stand at every tenth of a second, each at its own true pace, in their order."""
    order = [cell for _ in range(seeds) for cell in cells]
    free, spans = [0.0] * side_by_side, []
    for cell in order:
        start = min(free)
        free[free.index(start)] = start + 100 * PACES[cell]
        spans.append((start, start + 100 * PACES[cell]))

    def seen(cell: str, start: float, end: float, now: float) -> TrainingPart:
        done = max(0, min(100, int((now - start) / PACES[cell] + 1e-9)))
        return TrainingPart(cell, 1.0, 100, done, done * PACES[cell] if done else None, start <= now < end)

    return [
        [seen(cell, *span, now=tenth / 10) for cell, span in zip(order, spans, strict=True)]
        for tenth in range(round(10 * max(free)) + 1)
    ]


@pytest.mark.parametrize("side_by_side", [1, 2, 3])
def test_the_seconds_left_are_true_from_the_first_to_the_last_and_never_jump_up(side_by_side: int) -> None:
    looks = experiment(side_by_side)
    told = [seconds_left(parts, side_by_side) for parts in looks]
    truth = [(len(looks) - 1 - tenth) / 10 for tenth in range(len(looks))]
    known = [(one, true) for one, true in zip(told, truth, strict=True) if one is not None]
    assert len(known) >= len(looks) - 1
    settled = [(one, true) for one, true in known if true < truth[0] - 0.2 - 100 * PACES["elman"] * (side_by_side == 1)]
    assert settled
    assert all(one == pytest.approx(true, abs=0.2) for one, true in settled)


def test_networks_that_wait_count() -> None:
    trains = TrainingPart("lstm", 1.0, 400, 200, 20.0, trains=True)
    waits = TrainingPart("lstm", 1.0, 400)
    assert seconds_left([trains], 1) == pytest.approx(20)
    assert seconds_left([trains, waits], 1) == pytest.approx(60)
    assert seconds_left([trains, waits], 2) == pytest.approx(40)
    assert seconds_left([trains, trains, *6 * [waits]], 2) == pytest.approx(20 + 3 * 40)


def test_nothing_is_said_before_there_is_something_to_tell_it_by() -> None:
    waits = TrainingPart("lstm", 1.0, 400)
    assert seconds_left([waits, TrainingPart("elman", 1.0, 400, 3, None, trains=True)], 1) is None


def test_a_kind_that_nobody_has_begun_goes_by_its_cost() -> None:
    trains = TrainingPart("elman", 2.0, 400, 200, 10.0, trains=True)
    assert seconds_left([trains, TrainingPart("lstm", 6.0, 400)], 1) == pytest.approx(10 + 60)


def test_a_place_that_is_free_for_a_moment_is_taken() -> None:
    ended, waits = TrainingPart("lstm", 1.0, 400, 400, 40.0), TrainingPart("lstm", 1.0, 400)
    assert seconds_left([ended, ended, waits, waits], 2) == pytest.approx(40)
