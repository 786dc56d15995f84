"""A computation in pieces says how far it has come, and ends between two of them when nobody wants it."""

import threading

import pytest

from core.pace import NotWanted, heard_by, in_pieces, part, tell


def test_parts_of_parts_add_up_to_the_whole():
    heard: list[float] = []
    with heard_by(heard.append):
        with part(0.0, 0.5):
            for _ in in_pieces(["a", "b"]):
                tell(0.5)
        with part(0.5, 1.0):
            tell(1.0)
    assert heard == [0.0, 0.0, 0.125, 0.25, 0.375, 0.5, 1.0]


def test_it_ends_where_the_listener_does_not_want_it():
    done = []

    def listen(share: float) -> None:
        if share >= 0.5:
            raise NotWanted

    with pytest.raises(NotWanted), heard_by(listen):
        done.extend(in_pieces(range(10)))
    assert done == [0, 1, 2, 3, 4]


def test_a_listener_hears_its_own_thread_only():
    heard: list[float] = []
    with heard_by(heard.append):
        other = threading.Thread(target=lambda: tell(0.3))
        other.start()
        other.join()
    tell(0.9)
    assert heard == []
