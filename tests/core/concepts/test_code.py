"""Concepts of code: small examples by hand, and whole files of the standard library against Python's own parser."""

import ast
import io
import sysconfig
import tokenize
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.concepts import about, concepts, labelled, of_domain
from core.concepts.python import SyntaxPart, program
from core.texts import Concepts

FILES = ("bisect.py", "calendar.py", "textwrap.py", "configparser.py")


def drawn(name: str, text: str) -> str:
    """One sign for each character: its number, or ``-`` where it is not scored."""
    found = labelled(name, text)
    return "".join(f"{int(value)}" if scored else "-" for value, scored in zip(found.values, found.scored, strict=True))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("indentation", "a\n  b c\n\n\td", "0---2-2---8"),
        ("indentation", "f(a,\n  b)\n c", "0000------" + "-1"),
        ("indentation", 'x = """\n  y\n """\n c', "0-0-000-" + "----" + "-----" + "-1"),
        ("inside_string", "a = 'bc'\n", "0000-11-0"),
        ("inside_string", 'rb"x" ""', "---1-0--"),
        ("inside_string", '"""a\n"b"""', "---1111---"),
        ("inside_string", 'f"a{b!r:>{c}}" + d', "--11111111111-0000"),
        ("inside_comment", "a # '\n#b", "00-110-1"),
        ("inside_comment", "'# a'", "00000"),
        ("bracket_depth", "a(b[c]{d})e", "0-1-2--2--0"),
        ("bracket_depth", "'(' + ')'", "000000000"),
        ("column", "ab\n\nc", "01200"),
        ("inside_keyword", "if ifs: 'if'", "110000000000"),
        ("inside_keyword", "match = None", "000000001111"),
        ("blank_line_ahead", "a\nb\n \nc", "001100-"),
    ],
)
def test_a_small_example(name: str, text: str, expected: str) -> None:
    assert drawn(name, text) == expected


def test_a_cut_that_begins_inside_a_docstring_is_not_read_inside_out() -> None:
    cut = 'rest of it.\n    """\n    x = compute(1)\n\n  def g(self):\n    """Doc of g."""\n    return x\n'
    assert drawn("inside_string", cut).startswith("1" * len("rest of it.\n    ") + "---")
    at = cut.index("compute")
    assert drawn("inside_string", cut)[at] == "0"
    assert drawn("inside_keyword", cut)[cut.index("def")] == "1"
    within = drawn("inside_string", cut + '    y = """and so on')  # cut at its end as well
    assert within[at] == "0"
    assert within[0] == "1"


@pytest.mark.parametrize("name", concepts.names())
@pytest.mark.parametrize(
    "text", ["", "\n", "'", "((((", ")", "\x00", "\\", "'''", "a\r\nb", "“字”\U0001f600", "\f  \t#"]
)
def test_odd_texts_have_labels_too(name: str, text: str) -> None:
    found = labelled(name, text)
    assert len(found.values) == len(found.scored) == len(text)
    assert np.isfinite(found.values).all()
    assert not found.scored.sum() > len(text) - found.unread


def test_every_concept_says_what_it_is() -> None:
    assert {*of_domain(Concepts.CODE), *of_domain(Concepts.PROSE)} == set(concepts)
    for name in concepts:
        assert about(name).left_out


def source(name: str) -> str:
    return Path(sysconfig.get_path("stdlib"), name).read_text(encoding="utf-8")


def starts(text: str) -> list[int]:
    return [0, *accumulate(len(line) for line in io.StringIO(text, newline="\n"))]


@pytest.mark.parametrize("file", FILES)
def test_a_whole_file_is_read_as_pythons_parser_reads_it(file: str) -> None:
    text = source(file)
    read, lines = program(text), starts(source(file))
    assert read.unread == 0
    in_strings = np.zeros(len(text), dtype=bool)
    names = []
    for node in ast.walk(ast.parse(text)):
        if hasattr(node, "lineno"):
            span = slice(lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset)
            if isinstance(node, ast.JoinedStr) or (
                isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
            ):
                in_strings[span] = True
            elif isinstance(node, ast.Name):
                names.append(span)
    assert not (read.part == SyntaxPart.STRING)[~in_strings].any()
    outside = [span for span in names if not in_strings[span].any()]
    assert all((read.part[span] == SyntaxPart.OTHER).all() for span in outside)
    assert len(outside) > 50


@pytest.mark.parametrize("file", FILES)
def test_comments_keywords_and_brackets_stand_where_the_tokenizer_finds_them(file: str) -> None:
    text = source(file)
    read, lines = program(text), starts(text)
    depth = in_strings = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]  # from Python 3.12 on what stands inside an f-string has tokens as well
        in_strings += name.endswith("STRING_START") - name.endswith("STRING_END")
        if in_strings:
            continue
        begin = lines[min(token.start[0] - 1, len(lines) - 1)] + token.start[1]
        if token.type == tokenize.COMMENT:
            assert read.part[begin] == SyntaxPart.HASH
            assert (read.part[begin + 1 : begin + len(token.string)] == SyntaxPart.COMMENT).all()
        if token.type == tokenize.OP and token.string in "()[]{}":
            assert read.part[begin] == SyntaxPart.BRACKET
            depth += 1 if token.string in "([{" else -1
            assert read.depth[begin + 1] == depth or read.part[begin + 1] == SyntaxPart.BRACKET


def test_the_whole_standard_library_is_nearly_all_read() -> None:
    folder = Path(sysconfig.get_path("stdlib"))
    files = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("[a-c]*.py"))]
    assert sum(program(text).unread for text in files) < 0.01 * sum(map(len, files))


@pytest.mark.parametrize("cut", range(2_000, 22_000, 1_777))
def test_a_stretch_cut_out_of_a_file_is_labelled_as_the_file_is(cut: int) -> None:
    text = source("configparser.py")
    begin = text.index("\n", cut) + 1
    whole, part = program(text), program(text[begin : begin + 12_000])
    known = part.part != SyntaxPart.UNREAD
    assert (part.part == whole.part[begin : begin + 12_000])[known].mean() > 0.999
    assert known.mean() > 0.3


@pytest.mark.parametrize("file", ["asyncio/base_events.py", "http/cookies.py", "argparse.py", "random.py"])
@pytest.mark.thorough
def test_stretches_of_several_files_are_read_and_labelled_as_their_files_are(file: str) -> None:
    path = Path(sysconfig.get_path("stdlib"), file)
    text = path.read_text(encoding="utf-8") if path.exists() else source("configparser.py")
    whole = program(text).part == SyntaxPart.STRING
    read, wrong = [], []
    for cut in range(0, len(text) - 4_000, 1_999):
        begin = text.index("\n", cut) + 1
        part = program(text[begin : begin + 4_000]).part
        known = part != SyntaxPart.UNREAD
        read.append(known.mean())
        wrong.append(((part == SyntaxPart.STRING) != whole[begin : begin + 4_000])[known].mean() if known.any() else 0)
    assert np.mean(read) > 0.95
    assert np.mean(wrong) < 0.01


@pytest.mark.parametrize(
    ("cut", "depths"),
    [
        ("b, 2)\nx = [y]\n", "1111-00000-1-0"),
        ('"b"], 2)\n\nx\n', "222-111-0000"),
        ("a: 1},\n b)]\nx\n", None),
    ],
)
def test_a_cut_that_begins_inside_brackets_has_the_depth_of_what_it_closes(cut: str, depths: str | None) -> None:
    """Of three open brackets one too many is closed: that is left out from there on."""
    if depths is None:
        assert program(cut).unread == len(cut) - cut.index("]")
    else:
        assert program(cut).unread == 0
        assert drawn("bracket_depth", cut) == depths


def test_what_cannot_be_tokenised_is_left_out_and_counted() -> None:
    text = "def f():\n    return 1\n\ndef g():\n    it's\n\ndef h():\n    'x'\n"
    read = program(text)
    assert read.unread == len("def g():\n    it's\n\n")
    assert (read.part[: text.index("def g")] != SyntaxPart.UNREAD).all()
    assert drawn("inside_string", text).endswith("-1-0")


def test_a_string_in_triple_quotes_that_is_cut_at_the_end_is_one() -> None:
    assert drawn("inside_string", 'x = r"""of it\nand so').startswith("0000----" + "1" * len("of it\nand so"))
    assert program("x = 'of it").unread > 0, "a line ends such a string, so that it is none"


def test_the_rest_of_a_docstring_is_a_string() -> None:
    assert drawn("inside_string", 'of it\n"""\na\ndef f(): 0').startswith("111111---00")


def test_the_tokens_of_later_pythons_make_the_same_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 3.12 on an f-string comes in parts, and those in braces look like code; from 3.14 on a t-string too."""
    text = "f'a{b(1)}' + c"
    parts = [
        ("OP", 0, "("), ("NL", 1, "\n"), ("TSTRING_START", 2, "f'"), ("TSTRING_MIDDLE", 4, "a"), ("OP", 5, "{"),
        ("NAME", 6, "b"), ("OP", 7, "("), ("NUMBER", 8, "1"), ("OP", 9, ")"), ("OP", 10, "}"),
        ("TSTRING_END", 11, "'"), ("OP", 13, "+"), ("NAME", 15, "c"), ("NL", 16, "\n"), ("OP", 17, ")"),
    ]  # fmt: skip

    def place(at: int) -> tuple[int, int]:
        return (1, at) if at < 2 else (2, at - 2) if at < 17 else (3, at - 17)

    numbers = {name: 1_000 + number for number, name in enumerate(sorted({name for name, _, _ in parts}))}
    numbers["OP"] = tokenize.OP
    tokens = [
        SimpleNamespace(
            type=numbers[name], string=string, start=place(at), end=(place(at)[0], place(at)[1] + len(string))
        )
        for name, at, string in parts
    ]
    expected = program(text)
    monkeypatch.setattr(tokenize, "generate_tokens", lambda readline: iter(tokens))
    monkeypatch.setattr(tokenize, "tok_name", {number: name for name, number in numbers.items()})
    program.kept.clear()
    found = program(text)
    program.kept.clear()
    assert found.part.tolist() == expected.part.tolist()
    assert found.depth.tolist() == expected.depth.tolist()
