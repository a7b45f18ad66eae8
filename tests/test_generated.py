"""Generated files say what they are generated from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from blastlint.inventory.schema import inventory_schema, part_schema, schema_text

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
MADE = {"inventory": inventory_schema, "inventory-part": part_schema}


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_what_the_models_say(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    """Who changes a model sees the schema change in the same commit."""
    golden(SCHEMAS / f"{name}.schema.json", schema_text(MADE[name]()))


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_a_schema(name: str) -> None:
    """Every editor can read it: it is valid against its metaschema."""
    Draft202012Validator.check_schema(MADE[name]())
