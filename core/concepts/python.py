"""What Python's own tokenizer says about every character of a program, or of a passage cut out of one."""

import io
import tokenize
from collections.abc import Iterator
from enum import IntEnum
from itertools import accumulate, product
from keyword import iskeyword
from typing import NamedTuple

import numpy as np

from core.once import once

OPENING_WORDS = ("def ", "class ", "async def ", "@")
"""What begins a definition in the first column. No string, comment or bracket is taken to be open there."""

DOCSTRINGS = ('"""', "'''")
OPENING, CLOSING = "([{", ")]}"
CUT_IN = (*DOCSTRINGS, *OPENING, *map("".join, product(OPENING, repeat=2)))
"""What may be open at the beginning of a text that was cut out of a file."""


class SyntaxPart(IntEnum):
    """What a character belongs to; quotation marks include the letters before them, as in ``rb"..."``."""

    UNREAD = 0
    OTHER = 1
    STRING = 2
    QUOTES = 3
    COMMENT = 4
    HASH = 5
    BRACKET = 6
    KEYWORD = 7


class Program(NamedTuple):
    """The part of each character, (time,) int8, and how many brackets are open there, (time,) int64."""

    part: np.ndarray
    depth: np.ndarray

    @property
    def unread(self) -> int:
        """How many characters could not be read as Python."""
        return int((self.part == SyntaxPart.UNREAD).sum())


class Token(NamedTuple):
    """Where a token stands in its text, and the tokenizer's name for its type."""

    name: str
    begin: int
    end: int


class _Unreadable(Exception):
    """A piece has an invalid token or a closing bracket too many."""


@once(megabytes=16)
def program(text: str) -> Program:
    """Return what each character belongs to and how many brackets are open, as far as the text can be read.

    The text is read in pieces that begin at the definitions of a module. A piece that Python's tokenizer refuses is
    UNREAD as a whole. There are two exceptions, for a text cut out of the middle of a file:

    - The first piece may be the rest of a docstring, or begin with one or two brackets open. Of several ways to read
      it, the one with the fewest names side by side, relative to what it reads, is taken: names stand side by side in
      prose but not in Python.
    - The last piece is read up to the token at which it is cut. If that token is a string in triple quotes, the piece
      is read to its end.

    A replacement field of an f-string belongs to the string, as in the tokenizer of Python 3.11.
    """
    pieces = _pieces(text)
    read = [_piece(piece, first=at == 0, last=at == len(pieces) - 1) for at, piece in enumerate(pieces)]
    none = Program(np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int64))
    return Program(*(np.concatenate(arrays) for arrays in zip(none, *read, strict=True)))


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for line in io.StringIO(text, newline="\n"):
        if line.startswith(OPENING_WORDS):
            pieces.append("")
        pieces[-1] += line
    return [piece for piece in pieces if piece]


def _piece(piece: str, *, first: bool, last: bool) -> Program:
    cut_in = CUT_IN if first and not piece.startswith(OPENING_WORDS) else ()
    ways = [_read(piece, before) for before in ("", *cut_in)]
    possible = [way for way in ways if way.whole or last]
    if not possible:
        return Program(np.zeros(len(piece), dtype=np.int8), np.zeros(len(piece), dtype=np.int64))
    return min(possible, key=lambda way: way.prose).program


class _Way(NamedTuple):
    """One way to read a piece, whether it reaches the end, and how often two names stand side by side in it."""

    program: Program
    whole: bool
    side_by_side: int

    @property
    def prose(self) -> float:
        """How much the characters that were read as code look like prose; high if none could be read."""
        return (self.side_by_side + 1) / (len(self.program.part) - self.program.unread + 1)


def _read(piece: str, before: str) -> _Way:
    """Read a piece up to the first token that cannot be read, or to its end, as if ``before`` preceded it.

    The piece is put in brackets, because indentation means nothing there. So it may begin at any depth.
    """
    begin = len(before) + 2
    text = f"({before}\n{piece}\n)"
    part, depth = np.zeros(len(text), dtype=np.int8), np.zeros(len(text), dtype=np.int64)
    at = opened = side_by_side = 0
    whole = named = False
    try:
        for token in _tokens(text):
            part[at : token.begin], depth[at : token.end] = SyntaxPart.OTHER, opened - 1
            opened += _mark(part, text, token)
            if opened < 1 and token.end < len(text):
                raise _Unreadable
            at = token.end
            names = token.name == "NAME" and not iskeyword(text[token.begin : token.end])
            side_by_side += names and named
            named = names
        whole = opened == 0
    except (tokenize.TokenError, SyntaxError, UnicodeError, _Unreadable):
        part[at:], depth[at:] = SyntaxPart.UNREAD, 0
        if at >= begin:
            _mark_open_string(part, text, at)
    inside = slice(begin, begin + len(piece))
    return _Way(Program(part[inside], depth[inside]), whole, side_by_side)


def _mark(part: np.ndarray, text: str, token: Token) -> int:
    """Write what each character of a token belongs to; return by how much it changes the number of open brackets."""
    name, begin, end = token
    string = text[begin:end]
    part[begin:end] = SyntaxPart.OTHER
    match name:
        case "STRING":
            before, width = _quotes(string)
            part[begin:end] = SyntaxPart.QUOTES
            part[begin + before + width : end - width] = SyntaxPart.STRING
        case "COMMENT":
            part[begin:end] = SyntaxPart.COMMENT
            part[begin] = SyntaxPart.HASH
        case "NAME" if iskeyword(string):
            part[begin:end] = SyntaxPart.KEYWORD
        case "OP" if string in (*OPENING, *CLOSING):
            part[begin:end] = SyntaxPart.BRACKET
            return 1 if string in OPENING else -1
        case "ERRORTOKEN" if "'" in string or '"' in string:  # from Python 3.12 on, the tokenizer raises
            raise _Unreadable
    return 0


def _mark_open_string(part: np.ndarray, text: str, at: int) -> None:
    """Write the parts of an unfinished string in triple quotes that begins at ``at`` or after blanks there."""
    begin = at + len(text[at:]) - len(text[at:].lstrip())
    letters = len(text[begin:]) - len(text[begin:].lstrip("rRbBfFuUtT"))
    inside = begin + letters + 3
    quotes = text[inside - 3 : inside]
    if quotes in DOCSTRINGS and quotes not in text[inside:]:
        part[at:begin], part[begin:inside], part[inside:] = SyntaxPart.OTHER, SyntaxPart.QUOTES, SyntaxPart.STRING


def _quotes(string: str) -> tuple[int, int]:
    """Return how many letters a string literal has before its quotation mark, and how wide the mark is."""
    before = min(string.find(quote) % len(string) for quote in "'\"")
    triple = string[before : before + 3] in DOCSTRINGS and len(string) >= before + 6
    return before, 3 if triple else 1


def _tokens(text: str) -> Iterator[Token]:
    """Yield the tokens that have characters; an f-string or t-string is one token, as before Python 3.12."""
    lines = io.StringIO(text, newline="\n")
    starts = [0, 0, *accumulate(len(line) for line in io.StringIO(text, newline="\n"))]
    opened: list[int] = []
    for token in tokenize.generate_tokens(lines.readline):
        if not token.string:
            continue
        name = "OP" if token.type == tokenize.OP else tokenize.tok_name[token.type]
        begin, end = (starts[row] + column for row, column in (token.start, token.end))
        if name.endswith("STRING_START"):
            opened.append(begin)
        elif name.endswith("STRING_END"):
            begin = opened.pop()
            if not opened:
                yield Token("STRING", begin, end)
        elif not opened:
            yield Token(name, begin, end)
