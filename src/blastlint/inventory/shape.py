"""What an inventory may say, as a table: every part, its fields, and the type of each.

The table is read from the published JSON Schema, so that an editor, the reader of a check and the
condition language of the rules can never disagree. A part is built when it is first asked for.
"""

from __future__ import annotations

import json
from functools import cache

from blastlint.data import schema_path
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ROOT = "Inventory"
"""Name of the part that is the whole root file."""
PART_FILE = "PartFile"
"""Name of the part that is a file merged into an inventory: sections, but no name."""
ROOT_ONLY = ("version", "name", "include")
"""Fields of the root file that no other file may have."""
EVIDENCE_FOLDER = "evidence"
"""Name of the folders whose files are not ours."""
UNKNOWN = "Unknown"
"""Name of the part that stands for a cell which nobody knows yet."""

_PREFIX = len("#/$defs/")
_JSON_TYPES = {"boolean": "flag", "integer": "whole", "number": "number", "array": "list"}


@dataclass(frozen=True, slots=True)
class Type:
    """What a cell may hold."""

    kind: str
    """text, choice, flag, whole, number, part, list, map, either, or a name of `scalars.PATTERNS`,
    or `target` (a reference with a prefix)."""
    choices: tuple[str | int | bool, ...] = ()
    """The values of a choice."""
    pattern: str = ""
    """What the text must match, whole."""
    low: float | None = None
    """Smallest number."""
    high: float | None = None
    """Largest number."""
    longest: int = 0
    """Most characters of a text; 0: no limit of its own."""
    part: str = ""
    """Name of the part, for a map with fixed fields."""
    items: Type | None = None
    """What a list or a map by id holds."""
    keys: Type | None = None
    """What the keys of a map by id are."""
    ref: str = ""
    """Section whose ids the text names."""
    none: str = ""
    """The word that names nothing, for a reference."""
    prefixes: Mapping[str, str] | None = None
    """Prefix to the section whose ids follow it, or to nothing when free words do."""
    options: tuple[Type, ...] = ()
    """The alternatives of `either`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a part."""

    name: str
    """As it is written."""
    type: Type
    required: bool
    """Without it the part has no meaning."""
    needed: bool
    """A launch cannot do without it: when it is missing, that is a finding."""
    may_be_open: bool
    """It may be `unknown`, or null: the claim that there is none."""
    description: str


@dataclass(frozen=True, slots=True)
class PartShape:
    """A group of fields."""

    name: str
    """Name of the model, such as Tool."""
    description: str
    fields: Mapping[str, Field]
    """By name as written."""
    required: tuple[str, ...]
    """Names of the fields that must be there."""
    needed: tuple[str, ...]
    """Names of the fields that a launch cannot do without."""


class Shape:
    """Every part that an inventory may have."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._definitions: dict[str, dict[str, Any]] = {
            **schema["$defs"],
            ROOT: schema,
            PART_FILE: _without_name(schema),
        }
        self._parts: dict[str, PartShape] = {}
        self._scalars: dict[str, Type] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(name for name, said in self._definitions.items() if "properties" in said)

    def part(self, name: str) -> PartShape:
        """Return the part called `name`; a KeyError if there is none."""
        found = self._parts.get(name)
        if found is None:
            found = self._parts[name] = self._part(name, self._definitions[name])
        return found

    @property
    def sections(self) -> dict[str, str]:
        """Name of each section that is a map of entities, to the name of its part."""
        fields = self.part(ROOT).fields.values()
        return {f.name: f.type.items.part for f in fields if f.type.kind == "map" and f.type.items}

    def _part(self, name: str, schema: dict[str, Any]) -> PartShape:
        required = tuple(schema.get("required", ()))
        fields = {
            key: self._field(key, cell, required=key in required)
            for key, cell in schema["properties"].items()
        }
        needed = tuple(key for key, field in fields.items() if field.needed)
        return PartShape(name, schema["description"], fields, required, needed)

    def _field(self, name: str, cell: dict[str, Any], *, required: bool) -> Field:
        options = cell.get("anyOf", [cell])
        stated = [option for option in options if not _leaves_open(option)]
        return Field(
            name,
            self._either(stated),
            required=required,
            needed=cell.get("x-needed", False),
            may_be_open=len(stated) < len(options),
            description=cell.get("description", ""),
        )

    def _either(self, options: list[dict[str, Any]]) -> Type:
        if len(options) == 1:
            return self._type(options[0])
        return Type("either", options=tuple(map(self._type, options)))

    def _type(self, schema: dict[str, Any]) -> Type:
        if "anyOf" in schema:
            return self._either(schema["anyOf"])
        if "$ref" in schema:
            return self._named(schema["$ref"][_PREFIX:])
        if "const" in schema or "enum" in schema:
            return Type("choice", choices=tuple(schema.get("enum", [schema.get("const")])))
        if schema["type"] == "object":
            keys = self._type(schema["propertyNames"])
            return Type("map", keys=keys, items=self._type(schema["additionalProperties"]))
        if schema["type"] == "array":
            return Type("list", items=self._type(schema["items"]))
        return _scalar(schema)

    def _named(self, name: str) -> Type:
        """Return the type of a definition: a part, or a scalar that is built once."""
        if name not in self._scalars:
            said = self._definitions[name]
            self._scalars[name] = Type("part", part=name) if "properties" in said else _scalar(said)
        return self._scalars[name]


@cache
def shape(name: str = "inventory") -> Shape:
    """Return the shape of the files that this version reads: inventories, or rules."""
    with open(schema_path(name), encoding="utf-8") as file:
        return Shape(json.load(file))


def _without_name(root: dict[str, Any]) -> dict[str, Any]:
    properties = {key: cell for key, cell in root["properties"].items() if key not in ROOT_ONLY}
    return {"description": root["description"], "properties": properties}


def _leaves_open(option: dict[str, Any]) -> bool:
    return option.get("type") == "null" or option.get("$ref") == f"#/$defs/{UNKNOWN}"


def _scalar(schema: dict[str, Any]) -> Type:
    """Return the type of one piece of text or number."""
    kind = schema.get("x-type") or _JSON_TYPES.get(str(schema["type"]), "text")
    return Type(
        kind,
        pattern=schema.get("pattern", ""),
        low=schema.get("minimum"),
        high=schema.get("maximum"),
        longest=schema.get("maxLength", 0),
        ref=schema.get("x-ref", ""),
        none=schema.get("x-none", ""),
        prefixes=schema.get("x-prefixes"),
    )
