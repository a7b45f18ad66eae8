"""The code stays small: short flat functions, files that fit a sitting, types said everywhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

REPO = Path(__file__).resolve().parents[1]
MEDIAN, NINETY_FIFTH, LONGEST = 8, 30, 60
"""Lines of a function, its docstring left out: half of all, nearly all, all."""
DEEPEST = 3
"""Blocks inside each other in one function."""
LONGEST_FILE = 400
LAST_DEFENCE = "cli.py"
"""The one file that may catch whatever goes wrong."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Block = ast.If | ast.For | ast.While | ast.With | ast.Try | ast.TryStar | ast.Match | ast.AsyncFor


class Source(NamedTuple):
    """One file of the package."""

    name: str
    text: str
    tree: ast.Module

    def functions(self) -> list[Function]:
        """Return every function and method in it."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def place(self, node: ast.stmt | ast.ExceptHandler) -> str:
        """Return file and line, and the name of a function."""
        return f"{self.name}:{node.lineno} {getattr(node, 'name', '') or ''}".rstrip()


SOURCES = [
    Source(str(path.relative_to(REPO / "src" / "blastlint")), text, ast.parse(text))
    for path in sorted((REPO / "src" / "blastlint").rglob("*.py"))
    for text in (path.read_text(encoding="utf-8"),)
]
FUNCTIONS = [(source, function) for source in SOURCES for function in source.functions()]


def lines(function: Function) -> int:
    """Return how many lines a function has, from `def` to its end, its docstring left out."""
    first = function.body[0]
    described = ast.get_docstring(function) is not None
    spoken = (first.end_lineno or 0) - first.lineno + 1 if described else 0
    return (function.end_lineno or 0) - function.lineno + 1 - spoken


def depth(node: ast.AST) -> int:
    """Return how many blocks stand inside each other; `elif` is beside its `if`."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            continue
        chained = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        own = isinstance(child, Block) and not chained
        deepest = max(deepest, own + depth(child))
    return deepest


def test_functions_are_short() -> None:
    """Half of them fit a glance, and none needs scrolling."""
    sizes = [lines(function) for _, function in FUNCTIONS]
    long = [s.place(f) for s, f in FUNCTIONS if lines(f) > LONGEST]
    assert long == []
    assert median(sizes) <= MEDIAN
    assert quantiles(sizes, n=100)[94] <= NINETY_FIFTH


def test_functions_are_flat() -> None:
    """Whoever reads a line keeps at most three conditions in mind."""
    assert [source.place(f) for source, f in FUNCTIONS if depth(f) > DEEPEST] == []


def test_files_are_short() -> None:
    """A file has one subject."""
    sizes = {source.name: source.text.count("\n") for source in SOURCES}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_every_module_says_what_it_is() -> None:
    """Its first line is a sentence that a newcomer can repeat."""
    first = {s.name: (ast.get_docstring(s.tree) or "").partition("\n")[0] for s in SOURCES}
    assert [name for name, said in first.items() if not said.endswith(".")] == []


def test_every_function_says_what_it_returns() -> None:
    """Types are for readers first."""
    assert [source.place(f) for source, f in FUNCTIONS if f.returns is None] == []


def test_every_ignored_type_error_is_named() -> None:
    """What the type checker is told to pass over has a code, so that nothing else hides there."""
    bare = re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+(, ?[a-z-]+)*\])")
    files = [*(REPO / "src").rglob("*.py"), *(REPO / "tests").rglob("*.py")]
    found = {
        f"{path.relative_to(REPO)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line) and path != Path(__file__)
    }
    assert found == set()


def test_only_the_last_defence_catches_everything() -> None:
    """A fault is never mistaken for an answer."""
    broad = [
        source.place(node)
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and source.name != LAST_DEFENCE
    ]
    assert broad == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    names = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {}
    )
    return handler.type is None or bool({"Exception", "BaseException"} & set(names))
