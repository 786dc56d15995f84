"""What is asked for together is made once; what is kept is bounded by bytes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import xarray

import core.once
from core.once import Kept, _Making, once, weight


def test_who_comes_second_waits_for_the_first_and_makes_nothing():
    kept: Kept[object] = Kept(10**6)
    made = []

    def make() -> object:
        made.append(threading.get_ident())
        time.sleep(0.1)
        return object()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: kept.get("key", make), range(20)))
    assert len(made) == 1
    assert all(answer is answers[0] for answer in answers)
    assert kept._making == {}


def test_making_one_thing_never_holds_up_another():
    kept: Kept[int] = Kept(10**6)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return 1

    thread = threading.Thread(target=lambda: kept.get("slow", slow))
    thread.start()
    assert begun.wait(10)
    assert kept.get("quick", lambda: 2) == 2
    go_on.set()
    thread.join()
    assert kept.get("slow", lambda: 3) == 1


def test_a_failure_is_told_to_who_asked_and_not_kept():
    kept: Kept[int] = Kept(10**6)

    def fail() -> int:
        raise OSError("no")

    for _ in range(2):
        with pytest.raises(OSError, match="no"):
            kept.get("key", fail)
    assert kept.get("key", lambda: 5) == 5


@pytest.fixture
def gathered(monkeypatch):
    """A barrier for the first maker and three who wait for it: each of these comes to it just before it waits."""
    barrier, first = threading.Barrier(4, timeout=10), []

    class Watched(_Making):
        def __init__(self) -> None:
            super().__init__()
            first.append(self)

        def wait(self) -> None:
            if self is first[0]:
                barrier.wait()
            super().wait()

    monkeypatch.setattr(core.once, "_Making", Watched)
    return barrier


def test_who_waits_for_a_failure_is_told_of_it_and_makes_nothing(gathered):
    kept: Kept[int] = Kept(10**6)

    def fail() -> int:
        gathered.wait()
        raise OSError("no")

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(kept.get, "key", fail) for _ in range(4)]
    assert [str(one.exception()) for one in asked] == ["no"] * 4
    assert kept.makings == 1
    assert kept.get("key", lambda: 5) == 5


def test_who_waits_for_an_interrupted_maker_makes_it_instead(gathered):
    kept: Kept[int] = Kept(10**6)
    interrupted = []

    class Interrupted(BaseException):
        pass

    def make() -> int:
        if not interrupted:
            interrupted.append(True)
            gathered.wait()
            raise Interrupted
        return 5

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(kept.get, "key", make) for _ in range(4)]
    failures = [one.exception() for one in asked]
    assert [type(one) for one in failures if one is not None] == [Interrupted]
    assert kept.makings == 2


def test_what_asks_for_itself_is_told_so():
    kept: Kept[int] = Kept(10**6)
    with pytest.raises(RuntimeError, match="while it was being made"):
        kept.get("key", lambda: kept.get("key", lambda: 1))
    assert kept.get("key", lambda: kept.get("other", lambda: 2)) == 2


def test_what_was_not_asked_for_longest_goes_first():
    kept: Kept[bytes] = Kept(3_500)
    for name in "abc":
        kept.get(name, lambda: bytes(1_000 - 33))
    kept.get("a", lambda: b"")
    kept.get("d", lambda: bytes(1_000 - 33))
    assert [name for name in "abcd" if name in kept._made] == ["a", "c", "d"]
    assert kept.bytes == 3_000
    kept.get("large", lambda: bytes(10_000))
    assert "large" not in kept._made, "what alone is too large is handed out and not kept"
    kept.clear()
    assert (len(kept), kept.bytes) == (0, 0)


def test_who_waits_gets_what_is_too_large_to_be_kept():
    kept: Kept[bytes] = Kept(1_000)

    def make() -> bytes:
        time.sleep(0.1)
        return bytes(10_000)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: kept.get("large", make), range(8)))
    assert (kept.makings, len(kept)) == (1, 0)


def test_what_is_made_quickly_is_forgotten_when_nobody_asks_for_it():
    kept: Kept[int] = Kept(10**6)
    for name in ("quick", "slow", "asked for"):
        kept.get(name, lambda name=name: time.sleep(0.1 if name == "slow" else 0) or 1)
    time.sleep(0.1)
    kept.get("asked for", lambda: 2)
    kept.forget_cheap(unused_for=0.1, made_in=0.05)
    assert list(kept._made) == ["slow", "asked for"]
    assert kept.bytes == sum(one.size for one in kept._made.values())


def test_a_function_remembers_its_answers():
    calls = []

    @once(megabytes=1)
    def double(number: int, *, plus: int = 0) -> int:
        calls.append(number)
        return 2 * number + plus

    assert [double(3), double(3), double(3, plus=1), double(4)] == [6, 6, 7, 8]
    assert calls == [3, 3, 4]


def test_things_weigh_what_their_arrays_weigh():
    array = np.zeros(1_000)
    assert weight(array) == 8_000
    assert weight(xarray.Dataset({"a": ("x", array)})) == 8_000
    assert weight(pd.DataFrame({"a": array})) == pytest.approx(8_000, abs=200)
    assert weight({"one": array, "same": array, "other": np.zeros(10)}) == pytest.approx(8_080, abs=600)
    assert weight([b"x" * 5_000]) == pytest.approx(5_000, abs=200)
