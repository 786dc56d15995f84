"""The reader's own text: taken as it is, or refused with the reason."""

import codecs
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.spec import RunSpec, SpecError
from core.tasks.characters import Characters
from core.texts import TextUnavailable, own, texts
from core.texts.own import LARGEST, SHORTEST_TEXT, OwnTextError, is_name, keep, load, parse

ROOT = Path(__file__).parents[3]
PLAIN = "The river is wide. " * 20
HOSTILE = {
    "HTML": "<script>alert('x')</script><img src=x onerror=alert(1)> &amp; " * 5,
    "Markdown": "# Heading\n\n* **bold** [link](javascript:x) `code` | a | b |\n---\n" * 5,
    "LaTeX": "$$\\frac{1}{2}$$ \\input{x} $E = mc^2$ {% raw %} {{ x }}\n" * 5,
    "right-to-left": "שלום עולם \u202eabc\u202c مرحبا بالعالم. " * 8,
    "combining": "e\u0301 a\u030a n\u0303 \u0e01\u0e33 Z\u0351\u036b\u0343\u036a " * 20,
    "emoji": "👩‍👩‍👧 🏳️‍🌈 \U0001f600 and no more. " * 20,
    "Chinese": "一条刚从河里钓上来的又肥又大的鱼。" * 15,
    "tabs": "if x:\n\ty = 1\f\n" * 20,
}


def refused(raw: bytes | str) -> tuple[str, dict]:
    with pytest.raises(OwnTextError) as caught:
        parse(raw)
    assert caught.value.reason in str(caught.value)
    return caught.value.reason, caught.value.values


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("encode", [str.encode, str, lambda text: text.encode("utf-8-sig")])
def test_every_character_is_text(text, encode, home):
    assert parse(encode(text)) == text
    assert load(keep(parse(encode(text)))) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_say_what_they_are(encoding):
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    assert parse(mark + HOSTILE["Chinese"].encode(encoding)) == HOSTILE["Chinese"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_become_one(end):
    assert parse(f"one line{end}" * 40) == "one line\n" * 40


@pytest.mark.parametrize("raw", ["", b"", " \r\n\t " * 100, codecs.BOM_UTF8, "\ufeff"])
def test_empty(raw):
    assert refused(raw) == ("empty", {})


def test_too_short_by_one():
    text = PLAIN[:SHORTEST_TEXT]
    assert parse(text) == text
    assert refused(text[1:]) == ("short", {"characters": SHORTEST_TEXT - 1, "shortest": SHORTEST_TEXT})


def test_length_counts_characters_and_size_counts_bytes():
    text = "河水" * (SHORTEST_TEXT // 2)
    assert parse(text.encode()) == text
    assert refused("河水" * 200_000) == ("large", {"bytes": 1_200_000, "largest": LARGEST})


def test_too_large_by_one():
    text = ("ab" * LARGEST)[:LARGEST]
    assert parse(text.encode()) == text
    for raw in (text + "a", text.encode() + b"a"):
        assert refused(raw) == ("large", {"bytes": LARGEST + 1, "largest": LARGEST})


@pytest.mark.parametrize(
    ("raw", "position", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, 8, 0),
        (PLAIN.encode() + b"\x00", len(PLAIN), 0),
        (PLAIN + "\x1b[31m", len(PLAIN), 0x1B),
        (PLAIN.encode("utf-16-le"), 1, 0),
        (PLAIN + "\x9c", len(PLAIN), 0x9C),
    ],
)
def test_binary(raw, position, code):
    assert refused(raw) == ("binary", {"position": position, "code": code})


@pytest.mark.parametrize(
    ("raw", "position", "byte"),
    [
        (PLAIN.encode() + "é".encode("latin-1") + b" " + PLAIN.encode(), len(PLAIN), "e9"),
        ("春天来了。".encode("gb18030") * 50, 0, "b4"),
        (PLAIN.encode() + "河".encode()[:2], len(PLAIN), "e6"),
        (PLAIN.encode("utf-16") + b"\x00", 2 * len(PLAIN) + 2, "00"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00" * 200, 2, "00"),
        (PLAIN + "\ud83d", len(PLAIN), "d83d"),
    ],
)
def test_a_wrong_encoding_names_the_byte(raw, position, byte):
    assert refused(raw) == ("encoding", {"position": position, "byte": byte})


@pytest.mark.parametrize("raw", ["a" * 400, "河" * 400, "\n" + "z" * 400 + "\n"])
def test_a_single_symbol_has_nothing_to_learn(raw):
    assert refused(raw) == ("uniform", {"symbol": raw.strip()[0]})


def test_two_symbols_are_enough(home):
    task = Characters(keep(parse("ab" * 200)), 1_000)
    assert task.symbols[1:] == ("a", "b")


def test_a_refusal_survives_another_process():
    error = OwnTextError("short", {"characters": 3, "shortest": 200})
    kind, arguments = error.__reduce__()[:2]
    assert kind(*arguments).values == error.values


def test_the_name_is_the_hash_of_the_content(home):
    name = keep(PLAIN)
    assert name == "own-" + hashlib.sha256(PLAIN.encode()).hexdigest()[:32]
    assert is_name(name)
    assert keep(PLAIN) == name
    assert [path.name for path in (home / "texts").iterdir()] == [f"{name}.txt"], "one file, nothing half written"


@pytest.mark.parametrize(
    "name",
    ["own-", "own-../../../../etc/passwd", "own-" + "g" * 32, "own-" + "A" * 32, f"own-{'a' * 32}\n", "tidy_code"],
)
def test_no_other_name_reaches_the_disk(name, home):
    (home / "texts").mkdir(parents=True)
    assert not is_name(name)
    with pytest.raises(TextUnavailable, match="missing"):
        load(name)


def test_a_spec_takes_an_own_text_by_name_only(home):
    name = keep(PLAIN)
    assert name not in texts
    assert Characters(RunSpec(options=(("text", name),)).option("text"), 10_000).corpus == PLAIN
    with pytest.raises(SpecError, match="text"):
        RunSpec(options=(("text", "own-x"),))


def test_a_text_that_is_not_here_is_missing(home):
    with pytest.raises(TextUnavailable, match="missing"):
        load("own-" + "0" * 32)


def test_a_changed_file_is_damaged_and_can_be_kept_again(home):
    name = keep(PLAIN)
    (home / "texts" / f"{name}.txt").write_text(PLAIN[:-1], encoding="utf-8")
    with pytest.raises(TextUnavailable, match="damaged"):
        load(name)
    assert keep(PLAIN) == name
    assert load(name) == PLAIN


def test_a_full_disk_is_said_and_leaves_nothing(home, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OwnTextError) as caught:
        keep(PLAIN)
    assert (caught.value.reason, caught.value.values) == ("unwritable", {"directory": str(home / "texts")})
    assert list((home / "texts").iterdir()) == []


def test_a_directory_that_cannot_be_made_is_said(home):
    (home / "texts").write_text("a file is in the way")
    with pytest.raises(OwnTextError, match="unwritable"):
        keep(PLAIN)


def test_a_kept_text_is_read_where_nothing_can_be_written(home, monkeypatch):
    name = keep(PLAIN)

    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", forbidden)
    assert load(name) == PLAIN


def test_the_longest_unused_go_when_the_room_is_full(home, monkeypatch):
    monkeypatch.setattr(own, "KEPT", 3 * len(PLAIN))
    names = [keep(f"{number}{PLAIN[1:]}") for number in range(3)]
    for age, name in enumerate(names):
        os.utime(home / "texts" / f"{name}.txt", (age, age))
    load(names[0])  # used now
    newest = keep(f"3{PLAIN[1:]}")
    kept = {path.stem for path in (home / "texts").iterdir()}
    assert kept == {names[0], names[2], newest}


def test_processes_that_keep_the_same_text_at_once_agree(home):
    code = f"from core.texts import own; print(own.keep({PLAIN!r}))"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert {process.communicate()[0].strip() for process in running} == {keep(PLAIN)}
    assert load(keep(PLAIN)) == PLAIN
    assert len(list((home / "texts").iterdir())) == 1
