"""What SchemaStore gets from us follows its catalogue, and takes our files and nobody else's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from blastlint.inventory.reading import Notes, read_file
from blastlint.inventory.shape import shape
from blastlint.source import parse

REPO = Path(__file__).resolve().parent.parent
STORE = REPO / "schemas" / "schemastore"
CATALOG: dict[str, Any] = json.loads((STORE / "catalog.json").read_bytes())
ENTRIES: list[dict[str, Any]] = CATALOG["schemas"]
SCHEMAS = {
    folder: json.loads((REPO / "schemas" / f"{name}.schema.json").read_bytes())
    for folder, name in (
        ("blastlint-inventory", "inventory"),
        ("blastlint-inventory-part", "inventory-part"),
    )
}
ADDRESS = {"type": "string", "pattern": "^https://[^ ]+$"}
FORM = {
    "type": "object",
    "required": ["$schema", "version", "schemas"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"const": "https://json.schemastore.org/schema-catalog.json"},
        "version": {"type": "number"},
        "schemas": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "description", "url"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "fileMatch": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {"type": "string"},
                    },
                    "url": ADDRESS,
                    "versions": {"type": "object", "additionalProperties": ADDRESS},
                },
            },
        },
    },
}
"""What the catalogue asks of its entries."""
OURS = {
    "blastlint/inventory.yaml": "blastlint inventory",
    "ops/blastlint/refund-agent/inventory.yaml": "blastlint inventory",
    "teams.blastlint.yaml": "blastlint inventory part",
    "ops/blastlint/refund-agent/systems/stripe.blastlint.yaml": "blastlint inventory part",
}
"""Path to the entry that takes it."""
NOT_OURS = (
    "inventory.yaml",
    "ansible/inventory.yaml",
    "blastlint/refund-agent/evidence/deep/inventory.yaml",
    "blastlint/refund-agent/evidence/rbac.yaml",
    "blastlint.yaml",
    "deploy/values.yaml",
)


def test_the_entries_follow_the_catalogue() -> None:
    """The pull request is not refused for its form: sorted, and with no word too many."""
    assert [error.message for error in Draft202012Validator(FORM).iter_errors(CATALOG)] == []
    names = [entry["name"] for entry in ENTRIES]
    assert names == sorted(names)
    assert [entry for entry in ENTRIES if entry["description"].endswith(".")] == []


def test_the_entries_name_the_published_schemas() -> None:
    """An entry leads to the schema that calls itself by that address."""
    assert [entry["url"] for entry in ENTRIES] == [schema["$id"] for schema in SCHEMAS.values()]


@pytest.mark.parametrize(("path", "name"), OURS.items())
def test_our_files_are_taken_by_one_entry(path: str, name: str) -> None:
    """An editor that finds two schemas for one file reports the faults of both."""
    assert taken(path) == [name]


@pytest.mark.parametrize("path", NOT_OURS)
def test_other_files_are_left_alone(path: str) -> None:
    """Many programs call a file inventory.yaml, and evidence is not ours to judge by a schema."""
    assert taken(path) == []


def test_patterns_are_those_that_every_editor_reads() -> None:
    """No braces and no negation: some editors take them for letters."""
    assert [p for entry in ENTRIES for p in entry["fileMatch"] if re.search(r"[{}!?\[\]]", p)] == []


def taken(path: str) -> list[str]:
    """Return the names of the entries that take a file."""
    return [
        entry["name"]
        for entry in ENTRIES
        if any(re.fullmatch(as_expression(p), path) for p in entry["fileMatch"])
    ]


def as_expression(pattern: str) -> str:
    """Return a pattern of the catalogue as a regular expression; a bare name is for any folder."""
    whole = pattern if "/" in pattern else f"**/{pattern}"
    return re.escape(whole).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


def files(kind: str) -> list[Path]:
    """Return the files to test with."""
    found = sorted((STORE / kind).glob("*/*.yaml"))
    assert {file.parent.name for file in found} == set(SCHEMAS)
    return found


def faults(file: Path) -> list[str]:
    """Return what the schema of a file's folder says against it."""
    (document,) = parse(file.read_bytes(), file.name)
    schema = SCHEMAS[file.parent.name]
    return [error.message for error in Draft202012Validator(schema).iter_errors(document.value)]


def problems(file: Path) -> list[str]:
    """Return what a check says against a file."""
    (document,) = parse(file.read_bytes(), file.name)
    notes = Notes()
    read_file(document, shape(), notes, root=file.parent.name == "blastlint-inventory")
    return [problem.message for problem in notes.problems]


@pytest.mark.parametrize("file", files("test"), ids=lambda file: file.stem)
def test_a_good_file_is_accepted(file: Path) -> None:
    """By the schema, and by a check."""
    assert (faults(file), problems(file)) == ([], [])


@pytest.mark.parametrize("file", files("negative_test"), ids=lambda file: file.stem)
def test_a_bad_file_is_refused(file: Path) -> None:
    """By the schema, and by a check."""
    assert faults(file)
    assert problems(file)
