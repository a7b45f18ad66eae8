"""Nothing of the catalogue is lost: each slug is a rule, or a page says what became of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from blastlint.cli import run

HERE = Path(__file__).resolve().parent
CHANGES = HERE.parent / "docs" / "rules-changes.md"
ROW = re.compile(r"^\| `?(?P<slug>[a-z0-9-]+)`? \| (?P<here>.*?) \| (?P<why>.*?) \|$", re.MULTILINE)
SIZE = 176


def slugs(name: str) -> list[str]:
    """Return the slugs that a list names."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


CATALOGUE = slugs("catalogue.txt")


@pytest.fixture
def rules(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the ids that the list of rules names."""
    assert run(["rules", "--format", "json"]) == 0
    return {rule["id"] for rule in json.loads(capsys.readouterr().out)}


def successors(rules: set[str]) -> dict[str, set[str]]:
    """Return the slugs that are written about, each with the rules that are named there."""
    text = CHANGES.read_text(encoding="utf-8")
    return {
        row["slug"]: set(re.findall(r"`([a-z0-9-]+)`", row["here"] + row["why"])) & rules
        for row in ROW.finditer(text)
    }


def test_the_catalogue_is_whole() -> None:
    """Every slug stands in the list once, in the form of a rule's id."""
    assert len(CATALOGUE) == len(set(CATALOGUE)) == SIZE
    assert [slug for slug in CATALOGUE if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", slug)] == []


def test_every_slug_is_a_rule_or_has_a_successor(rules: set[str]) -> None:
    """Whoever knows the catalogue finds each of its questions."""
    told = successors(rules)
    assert [slug for slug in CATALOGUE if slug not in rules and not told.get(slug)] == []


def test_the_page_of_changes_is_one_sorted_table(rules: set[str]) -> None:
    """A rule is looked up there by its slug: each has one row, and what was added is named."""
    text = CHANGES.read_text(encoding="utf-8")
    heads = [line for line in text.splitlines() if line.startswith(("#", "|--"))]
    assert heads == ["# Where the rules differ from the catalogue", "|---|---|---|"]
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    named = [match[1] for match in map(re.compile("`([a-z0-9-]+)`").search, rows) if match]
    assert named == sorted(set(named))
    assert len(named) == len(rows)
    told = zip(named, rows, strict=True)
    added = {name for name, row in told if row.startswith("| \N{EN DASH} |")}
    assert added == rules - set(CATALOGUE)
