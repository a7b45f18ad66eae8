"""The shape: what the published schema says, as a table, and at no cost to a check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blastlint import data
from blastlint.inventory import models
from blastlint.inventory.loading import Inventory
from blastlint.inventory.scalars import PATTERNS
from blastlint.inventory.schema import inventory_schema
from blastlint.inventory.shape import PART_FILE, ROOT, Type, shape

KINDS = {"text", "choice", "flag", "whole", "number", "part", "list", "map", "either", "target"}


def types(kind: Type) -> list[Type]:
    """Return a type and every type inside it."""
    inside = [item for item in (kind.items, kind.keys, *kind.options) if item]
    return [kind, *(below for item in inside for below in types(item))]


ALL = [
    kind
    for name in shape().names
    for field in shape().part(name).fields.values()
    for kind in types(field.type)
]


def test_every_kind_is_known() -> None:
    """The reader and the condition language know all there are."""
    assert {kind.kind for kind in ALL} <= KINDS | PATTERNS.keys()


def test_every_reference_names_a_section() -> None:
    """A reference to nothing would never dangle."""
    sections = {kind.ref for kind in ALL} | {
        section for kind in ALL for section in (kind.prefixes or {}).values()
    }
    assert sections - {""} <= shape().sections.keys()


def test_every_model_is_a_part() -> None:
    """What people can write is what the models say, field by field."""
    for name in shape().names:
        if name == PART_FILE:
            continue
        fields = getattr(models, name).model_fields
        assert [field.alias or key for key, field in fields.items()] == list(
            shape().part(name).fields
        )


def test_every_section_is_an_attribute_of_an_inventory() -> None:
    """A section that nobody can ask for would be read in vain."""
    assert shape().sections.keys() <= Inventory.__annotations__.keys()


def test_every_field_says_what_it_means() -> None:
    """The description is the manual, in an editor too."""
    for name in shape().names:
        for field in shape().part(name).fields.values():
            assert field.description.endswith("."), f"{name}.{field.name}"


def test_needed_cells_are_marked() -> None:
    """Whoever leaves one of these out gets a finding."""
    needed = {
        f"{name}.{field.name}"
        for name in shape().names
        for field in shape().part(name).fields.values()
        if field.needed
    }
    assert {"Agent.owner", "Tool.credential", "System.audit_log", "Credential.revocation"} <= needed
    assert all(
        name.split(".")[0] in {"Agent", "Tool", "System", "AuditLog", "Credential"}
        for name in needed
    )


def test_definitions_have_names_of_their_own() -> None:
    """A scalar never hides a part that is called the same."""
    said = inventory_schema()["$defs"]
    parts = {name for name, definition in said.items() if "properties" in definition}
    assert parts | {ROOT, PART_FILE} == set(shape().names)
    assert {name for name in said if hasattr(models, name)} == parts


def test_an_unknown_part_is_a_bug() -> None:
    """A misspelt name never gives an empty part."""
    with pytest.raises(KeyError):
        shape().part("Tol")


def test_data_lies_where_it_is_looked_for() -> None:
    """Rules and schemas are found from a checkout as from an installed package."""
    assert Path(data.schema_path("inventory")).is_file()
    assert Path(data.rules_directory()).name == "rules"


def test_reading_an_inventory_loads_nothing_heavy(tmp_path: Path) -> None:
    """The models are never built, and no library is loaded that reading does not need."""
    (tmp_path / "inventory.yaml").write_text("version: 1\nname: x\nagents: {a: {}}\n")
    program = (
        "import sys; from blastlint.inventory.loading import load; load(sys.argv[1:]);"
        "print(*sorted({'pydantic', 'jsonschema', 'networkx', 'jinja2', 'rich', 'logging',"
        " 'subprocess', 'zoneinfo', 'difflib', 'pathlib', 'typing', 'importlib.metadata',"
        " 'importlib.resources'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "\n"
