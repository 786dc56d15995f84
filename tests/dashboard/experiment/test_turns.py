from itertools import pairwise

from dashboard.experiment.turns import Turns


def test_one_reader_never_waits_and_a_class_is_served_in_turns():
    now = 0.0
    turns = Turns(10, lambda: now)
    assert turns.take()
    waiting, served = 99, []
    while waiting:  # each asks once a second, at a time of its own
        now += 0.01
        if turns.take():
            waiting -= 1
            served.append(now)
    assert 9.8 < served[-1] < 12
    gaps = [later - earlier for earlier, later in pairwise(served)]
    assert min(gaps) > 0.0999
    now += 1
    assert turns.take()
    assert not turns.take()
