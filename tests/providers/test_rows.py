"""Every edge and every trap of the platforms has a test that says so.

A docstring of a test that begins with names of rows (`K4: …`, `S24, S25: …`) is about those rows
of rows.txt, which lists them: edges of AWS (A), databases and services (D), GitHub (G) and
Kubernetes (K), and what goes wrong in reading the files (S).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
ROWS = (TESTS / "providers" / "rows.txt").read_text(encoding="utf-8").splitlines()
KNOWN = [row.partition(" ")[0] for row in ROWS]
NAMES = re.compile(r"((?:[ADGKS]\d+(?:, | with )?)+):? ")


def named() -> dict[str, set[str]]:
    """The rows that docstrings of tests begin with, and the tests."""
    found: dict[str, set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                begins = NAMES.match(ast.get_docstring(function) or "")
                for row in re.findall(r"\w\d+", begins[1] if begins else ""):
                    found.setdefault(row, set()).add(function.name)
    return found


NAMED = named()


@pytest.mark.parametrize("row", KNOWN)
def test_a_row_has_a_test_that_names_it(row: str) -> None:
    """A row without one would be forgotten."""
    assert NAMED.get(row)


def test_a_docstring_names_rows_that_there_are() -> None:
    """A slip of the pen is no row."""
    assert NAMED.keys() - set(KNOWN) == set()


def test_the_rows_stand_once_and_in_order() -> None:
    """With a few words on each."""
    assert sorted(set(KNOWN), key=lambda row: (row[0], int(row[1:]))) == KNOWN
    assert all(row.partition(" ")[2] for row in ROWS)
