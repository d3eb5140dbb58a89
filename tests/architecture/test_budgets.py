"""How long files and functions may be, and how many parameters a function may have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parents[2] / "src/kohl"
FILES = sorted(SOURCE.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", node


def length(function: Function) -> int:
    """Lines from def to the end, without the docstring."""
    first = function.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


LENGTHS = {name: length(function) for name, function in functions()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_is_longer_than_600_lines(path: Path):
    assert len(path.read_text().splitlines()) <= 600


def test_files_are_short_as_a_rule():
    lengths = [len(path.read_text().splitlines()) for path in FILES]
    assert median(lengths) <= 200
    assert percentile(lengths, 0.95) <= 400


def test_no_function_is_longer_than_80_lines():
    assert {name: lines for name, lines in LENGTHS.items() if lines > 80} == {}


def test_functions_are_short_as_a_rule():
    lengths = list(LENGTHS.values())
    assert percentile(lengths, 0.95) <= 40
    assert sum(lines <= 20 for lines in lengths) / len(lengths) >= 0.8


def test_functions_take_few_parameters_as_a_rule():
    counts = [len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]) for _, node in functions()]
    assert percentile(counts, 0.95) <= 6


def test_functions_are_typed():
    untyped = [
        name
        for name, node in functions()
        if node.returns is None or any(arg.annotation is None for arg in [*node.args.args, *node.args.kwonlyargs] if arg.arg not in ("self", "cls"))
    ]
    assert untyped == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert [path for path in FILES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []
