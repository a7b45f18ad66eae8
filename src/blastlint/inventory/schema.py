"""The JSON Schemas of an inventory, made from the models: for editors, and for a check to read by.

pydantic writes the first draft. This module makes it say what the reader does: every cell that
need not be stated may be `unknown`, ids of a map have a form, and nothing is said twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blastlint.data import schema_address
from blastlint.inventory import models
from blastlint.inventory.scalars import EXPECTED, PATTERNS
from blastlint.inventory.shape import ROOT_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL = {"type": "null"}
_UNKNOWN = {"$ref": "#/$defs/Unknown"}
_NOISE = ("title", "default")


def inventory_schema() -> dict[str, Any]:
    """Return the schema of an inventory's root file."""
    return _document("inventory", "An inventory of blastlint", _root(), _definitions())


def part_schema() -> dict[str, Any]:
    """Return the schema of a file that merges into an inventory: sections, but no name."""
    root = _root()
    properties = {k: v for k, v in root["properties"].items() if k not in ROOT_ONLY}
    description = "Some sections of an inventory, in a file of their own."
    part = {**root, "description": description, "properties": properties}
    del part["required"]
    title = "A part of an inventory of blastlint"
    return _document("inventory-part", title, part, _definitions())


def schema_of(
    name: str, model: type[models.Part], title: str, parts: dict[str, type[models.Part]]
) -> dict[str, Any]:
    """Return the schema of another kind of file.

    Args:
        name: what the schema is called.
        model: the whole file.
        title: what the file is, in words.
        parts: the models of its parts, by name.
    """
    draft = model.model_json_schema()
    drafts = draft.pop("$defs")
    definitions = {name: _part(parts[name], drafts[name]) for name in sorted(parts)}
    return _document(name, title, _part(model, draft), definitions | _scalars())


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as it is published, byte for byte."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _document(
    name: str, title: str, root: dict[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    head = {"$schema": DIALECT, "$id": schema_address(name), "title": title}
    return {**head, **root, "$defs": definitions}


def _root() -> dict[str, Any]:
    draft = models.Inventory.model_json_schema()
    del draft["$defs"]
    return _part(models.Inventory, draft)


def _definitions() -> dict[str, Any]:
    drafts = models.Inventory.model_json_schema()["$defs"]
    drafts["Unknown"] = models.Unknown.model_json_schema()
    parts = {name: _part(getattr(models, name), drafts[name]) for name in sorted(drafts)}
    return parts | _scalars()


def _part(model: type[models.Part], draft: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one model, with cells that may be unknown."""
    required = draft.get("required", [])
    properties = {
        name: _cell(_tidy(field), required=name in required, settled=model.settled)
        for name, field in draft["properties"].items()
    }
    said = {"description": draft["description"], "type": "object", "properties": properties}
    return said | ({"required": required} if required else {}) | {"additionalProperties": False}


def _cell(field: dict[str, Any], *, required: bool, settled: bool) -> dict[str, Any]:
    """Return the schema of one field: what it may hold, and whether it may be left open."""
    words = _words(field)
    itself = {key: value for key, value in field.items() if key not in words}
    stated = [option for option in itself.get("anyOf", [itself]) if option != _NULL]
    if not required and not settled:
        stated += [_UNKNOWN, _NULL]
    return words | (stated[0] if len(stated) == 1 else {"anyOf": stated})


def _tidy(node: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Return part of a draft without noise, with shared scalars and maps that check their keys."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if _is_shared(node):
        return {"$ref": f"#/$defs/{_scalar_name(node['x-type'])}"} | _words(node)
    return dict(_tidied(node))


def _tidied(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword, value in node.items():
        if keyword == "patternProperties":
            yield "additionalProperties", _tidy(next(iter(value.values())))
        elif keyword not in _NOISE and not (keyword == "type" and _says_itself(node)):
            yield keyword, _tidy(value)


def _is_shared(node: dict[str, Any]) -> bool:
    """Tell a scalar that many fields have in common from a reference, which names its section."""
    return "x-type" in node and "x-ref" not in node and "x-prefixes" not in node


def _says_itself(node: dict[str, Any]) -> bool:
    return "const" in node or "enum" in node


def _words(field: dict[str, Any]) -> dict[str, Any]:
    return {key: field[key] for key in ("description", "x-needed") if key in field}


def _scalar_name(kind: str) -> str:
    return "".join(word.title() for word in kind.split("-"))


def _scalars() -> dict[str, Any]:
    """Return the definitions of the scalars, by name."""
    text = {"type": ["string", "number"], "maxLength": 4096, "x-type": "text"}
    words = {
        kind: {
            "description": f"{EXPECTED[kind].capitalize()}.",
            "type": "string",
            "pattern": pattern,
            "x-type": kind,
        }
        for kind, pattern in PATTERNS.items()
    }
    return {_scalar_name(kind): said for kind, said in {"text": text, **words}.items()}
