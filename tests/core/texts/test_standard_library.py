"""The standard library's source is read as it lies on the disk."""

import sysconfig
from pathlib import Path

import pytest

from core.texts import TextUnavailable, standard_library, texts


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A standard library of a few files."""
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path) if name == "stdlib" else None)
    standard_library._sources.kept.clear()
    yield tmp_path
    standard_library._sources.kept.clear()


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_files_follow_each_other_in_the_order_of_their_paths(library):
    write(library / "b.py", b"bb = 1\n")
    write(library / "a" / "z.py", b"zz = 2\n")
    write(library / "a.py", b"aa = 3\n")
    write(library / "a" / "notes.txt", b"no code\n")
    assert texts["standard_library"](21, 0) == "zz = 2\naa = 3\nbb = 1\n"


@pytest.mark.parametrize(
    "left_out", ["test/t.py", "json/tests/t.py", "idlelib/i.py", "encodings/e.py", "site-packages/s.py"]
)
def test_what_is_left_out(library, left_out):
    write(library / left_out, b"left = 0\n")
    write(library / "_sysconfigdata__linux.py", b"left = 0\n")
    write(library / "kept.py", b"kept = 1\n")
    assert texts["standard_library"](9, 0) == "kept = 1\n"
    with pytest.raises(TextUnavailable, match="short"):
        texts["standard_library"](10, 0)


def test_tabs_and_form_feeds_stay_and_lines_beyond_ascii_go(library):
    write(library / "a.py", "if x:\r\n\ty = 1\n# Löwis\n\x0cz = 2\n".encode())
    assert texts["standard_library"](20, 0) == "if x:\n\ty = 1\n\x0cz = 2\n"


@pytest.mark.parametrize("content", [None, b""])
def test_without_source_the_text_is_unavailable(library, content):
    if content is not None:
        write(library / "a.py", content)
    with pytest.raises(TextUnavailable) as caught:
        texts["standard_library"](10, 0)
    assert (caught.value.name, caught.value.reason) == ("standard_library", "missing")


def test_another_seed_begins_a_stretch_later_and_comes_round(library):
    for name in "abc":
        write(library / f"{name}.py", f"{name} = 1\n".encode() * 100_000)  # 600,000 characters each
    begins = [texts["standard_library"](1, seed) for seed in range(3)]
    assert begins[0] == "a"
    assert begins[1] == "c", "a million characters lie before it"
    assert texts["standard_library"](1_800_000, 1)[-1] == "\n"


def test_the_real_one_is_found_in_its_files():
    text = texts["standard_library"](300_000, 0)
    paths = [path for path, _ in standard_library._sources()]
    first = [line for line in paths[0].read_bytes().split(b"\n") if line.isascii()]
    assert text.startswith(b"\n".join(first[:-1]).decode())
    assert text.count("\n    def ") > 300
