"""No time in single precision anywhere in the sources (rule T1): at one hour its step is a quarter of a millisecond."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src" / "braid"
SINGLE = {"float32", "single", "half", "float16", "f4", "<f4", ">f4", "f2", "<f2", ">f2"}
A_TIME = re.compile(r"(^|_)(t|time|times|second|seconds|secs|stamp|stamps|pts|epoch)$|_(s|ns|us|ms)$")


def offences(source: str) -> Iterator[tuple[int, str]]:
    """(line, name) of every time that is stored in, annotated with, cast to or computed with a single-precision type."""
    for node in ast.walk(ast.parse(source)):
        for name in _times_of(node):
            if A_TIME.search(name):
                yield getattr(node, "lineno", 0), name


def _times_of(node: ast.AST) -> Iterator[str]:
    """The names that meet single precision in this node itself."""
    match node:
        case ast.Assign(targets=targets, value=value) if _is_single(value):
            yield from (name for target in targets for name in _named(target))
        case ast.AnnAssign(target=target) if _is_single(node):
            yield from _named(target)
        case ast.arg(arg=name, annotation=ast.expr() as annotation) if _is_single(annotation):
            yield name
        case ast.keyword(arg=str(name), value=value) if _is_single(value):
            yield name
        case ast.BinOp(left=left, right=right) if _is_single(node):
            yield from (*_named(left), *_named(right))
        case ast.Call(func=function, args=args) if _is_single(node):
            receiver = [function.value] if isinstance(function, ast.Attribute) else []
            yield from (name for part in (*receiver, *args) for name in _named(part))


def _named(node: ast.AST) -> Iterator[str]:
    """A name that stands by itself, a bare attribute, or the names of a tuple."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Tuple(elts=parts):
            yield from (name for part in parts for name in _named(part))


def _is_single(node: ast.AST) -> bool:
    return any(_says_single(part) for part in ast.walk(node))


def _says_single(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in SINGLE
    if isinstance(node, ast.Name):
        return node.id in SINGLE
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SINGLE


def test_T1_row_29_no_source_keeps_a_time_in_single_precision() -> None:
    found = [
        f"{path.relative_to(SOURCES)}:{line} {name}"
        for path in sorted(SOURCES.rglob("*.py"))
        for line, name in offences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        "t = np.float32(at)",
        "times_ns = np.asarray(rows, dtype='f4')",
        "def at(time_s: np.float32) -> None: ...",
        "columns = read(seconds=np.zeros(3, dtype=np.float32))",
        "def f(start_s: float) -> object:\n    return np.arange(9, dtype=np.float32) + start_s",
    ],
)
def test_T1_the_lint_sees_what_it_must_see(bad: str) -> None:
    assert list(offences(bad))
    assert not list(offences(bad.replace("float32", "float64").replace("'f4'", "'f8'")))


def test_T1_row_29_why_single_precision_is_forbidden() -> None:
    assert np.spacing(np.float32(3600)) == pytest.approx(0.000244140625)
    assert (3600.0001 + np.float32(0)).dtype == np.float32  # a Python float takes the array's type (NEP 50)
