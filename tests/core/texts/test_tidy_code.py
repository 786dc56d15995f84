"""Tidy generated code is code: Python itself reads it."""

import ast
import io
import tokenize
from collections import Counter

import pytest

from core.texts import texts

LONG = texts["tidy_code"](100_000, 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("length", [*range(60), 200, 201, 202, 333, 2_000, 4_001, 20_003])
def test_python_compiles_it_wherever_it_is_cut(length, seed):
    compile(texts["tidy_code"](length, seed), "tidy", "exec")


def test_it_ends_with_a_line():
    assert LONG.endswith("\n")


def test_it_has_what_there_is_to_find_in_code():
    kinds = Counter(type(node) for node in ast.walk(ast.parse(LONG)))
    wanted = (
        ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Return, ast.Call, ast.List,
        ast.Dict, ast.Subscript, ast.Compare,
    )  # fmt: skip
    assert {kind.__name__ for kind in wanted if kinds[kind] < 20} == set()
    tokens = Counter(token.type for token in tokenize.generate_tokens(io.StringIO(LONG).readline))
    assert tokens[tokenize.COMMENT] > 100
    assert tokens[tokenize.STRING] > 100
    functions = [node for node in ast.walk(ast.parse(LONG)) if isinstance(node, ast.FunctionDef)]
    assert 0.1 < sum(ast.get_docstring(one) is not None for one in functions) / len(functions) < 0.9


def test_brackets_stand_within_brackets():
    deepest = depth = 0
    for token in tokenize.generate_tokens(io.StringIO(LONG).readline):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            deepest = max(deepest, depth)
    assert deepest >= 2


def test_lines_are_indented_by_four_spaces_to_every_depth_up_to_five():
    lines = [line for line in LONG.split("\n") if line]
    assert all(line.strip() for line in lines), "a blank line is empty"
    spaces = Counter(len(line) - len(line.lstrip(" ")) for line in lines)
    assert sorted(spaces) == [0, 4, 8, 12, 16, 20]
    assert min(spaces.values()) > len(lines) / 100
    assert max(map(len, lines)) <= 120


def test_few_lines_are_said_twice_so_that_there_is_something_to_predict():
    lines = [line.strip() for line in LONG.split("\n") if line.strip()]
    assert len(set(lines)) > len(lines) / 2


def test_what_is_held_out_was_not_read_before():
    """Three lines in a row hardly ever come back: what is held out cannot be known by heart."""
    lines = [line for line in LONG.split("\n") if line.strip()]
    begun = int(0.9 * len(lines))
    read = set(zip(lines[:begun], lines[1:begun], lines[2:begun], strict=False))
    unseen = list(zip(lines[begun:], lines[begun + 1 :], lines[begun + 2 :], strict=False))
    assert len(unseen) > 200
    assert sum(one in read for one in unseen) < len(unseen) / 50
