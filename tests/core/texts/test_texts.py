"""What every registered text promises."""

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from core.choices.registry import UnknownName
from core.tasks.characters import Characters
from core.texts import PROBE_LENGTH, Concepts, TextUnavailable, about, own, passage, probe, texts, title

ROOT = Path(__file__).parents[3]
CODE = [name for name in texts if about(name).concepts is Concepts.CODE]


@pytest.fixture(params=texts.names())
def name(request) -> str:
    return request.param


def test_the_files_beside_the_texts_are_none():
    assert {"own", "draw"}.isdisjoint(texts.names())
    assert {"tidy_code", "standard_library", "english", "chinese"} <= set(texts.names())


@pytest.mark.parametrize("length", [0, 1, 199, 200, 2_000, 12_345])
def test_a_text_is_as_long_as_asked(name, length):
    assert len(texts[name](length, 0)) == length


def test_a_text_can_be_a_million_characters_long(name):
    assert len(texts[name](1_000_000, 0)) == 1_000_000


def test_a_text_does_not_keep_a_page_waiting(name):
    texts[name](1_000, 0)  # what is done once: importing, listing files
    begun = time.process_time()
    texts[name](100_000, 0)
    assert time.process_time() - begun < 0.3


def test_another_process_reads_the_same_characters(name):
    code = f"from core.texts import texts; print(ascii(texts[{name!r}](5_000, 7)))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    other = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert other.stdout.decode().strip() == ascii(texts[name](5_000, 7))


def test_another_seed_reads_other_characters(name):
    assert texts[name](2_000, 0) != texts[name](2_000, 1)


def test_characters_are_printable_or_layout(name):
    assert {one for one in texts[name](50_000, 0) if not one.isprintable()} <= set("\n\t\f")


def test_no_text_imports_torch():
    code = (
        "import sys; from core.texts import texts; [texts[n](300, 0) for n in texts]; sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_text_says_where_it_comes_from(name):
    described = about(name)
    assert described.source
    assert described.licence
    assert described.concepts in Concepts
    sources = (ROOT / "assets/SOURCES.md").read_text(encoding="utf-8")
    assert f"`{name}`" in sources
    assert described.licence in sources


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_text_has_a_title_in_both_languages(name, language):
    labels = tomllib.loads((ROOT / f"assets/labels/{language}/controls.toml").read_text(encoding="utf-8"))
    assert labels[title(name)]


def test_an_unknown_text_is_told_apart():
    with pytest.raises(UnknownName):
        about("nowhere")


def test_a_probe_is_a_passage_that_no_training_has_seen(name):
    seen = Characters(name, 1_000_000).training_text
    passage_to_look_at = probe(name)
    assert PROBE_LENGTH // 2 < len(passage_to_look_at) <= PROBE_LENGTH
    assert not any(passage_to_look_at[start : start + 100] in seen for start in range(0, PROBE_LENGTH // 2, 25))
    assert passage_to_look_at == probe(name)


def test_a_probe_begins_and_ends_where_a_line_or_sentence_does(name):
    first, last = probe(name)[0], probe(name)[-1]
    assert not first.isspace()
    assert last in '\n.!?。！？”"'


@pytest.mark.parametrize("name", CODE)
def test_a_probe_of_code_begins_with_a_definition(name):
    assert probe(name).startswith(("def ", "class ", "@"))


def test_a_probe_of_an_own_text_lies_in_what_is_held_out(home):
    text = "".join(f"Line {number} of a text that a reader wrote.\n" for number in range(400))
    name = own.keep(own.parse(text))
    assert probe(name) in Characters(name, 1_000_000).held_out_text
    assert len(probe(name)) > PROBE_LENGTH // 2


def test_a_probe_of_a_short_own_text_is_short(home):
    name = own.keep(own.parse("ab" * 150))
    assert probe(name) == "ab" * 15


def test_a_missing_text_says_its_name_and_survives_another_process():
    with pytest.raises(TextUnavailable, match=r"own-0{32}") as caught:
        probe("own-" + "0" * 32)
    kind, arguments = caught.value.__reduce__()[:2]
    assert str(kind(*arguments)) == str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tail\n\nclass A:\n    b = 1\n\ndef f():\n    return 1\n", "class A:\n    b = 1\n\ndef f():\n"),
        ("cut off. A sentence ends. Another one. And", "A sentence ends. Another one."),
        ("掉的。" + "这是一句话。" * 3 + "那是“一句话。”还有一句很长的话", "这是一句话。" * 3 + "那是“一句话。”"),
        ("one long stretch without any end", "one long stretch without any end"[:30]),
    ],
)
def test_a_passage_keeps_what_belongs_together(text, expected):
    assert passage(text, 30) == expected
