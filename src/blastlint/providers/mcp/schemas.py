"""Whether the input schema of a tool is a JSON Schema.

Nearly every tool uses a dozen keywords in their plain form; those are judged here, without a
library. Only a schema with anything else in it is given to `jsonschema`, which takes longer to load
than all the tools of a server take to read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Path = tuple[str | int, ...]

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_SHOWN = 120
"""Characters of a message about a schema, which may quote much of it."""

_PLAIN_DRAFTS = (
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2020-12/schema",
)


def fault(schema: object) -> tuple[Path, str] | None:
    """Where the schema is wrong and how; nothing if it is a schema for an object."""
    if not isinstance(schema, dict):
        return (), "expected a JSON Schema, a map"
    if schema.get("type") != "object":
        return ("type",), "the schema of a tool's input must say 'type: object'"
    return None if _plain(schema) else _judged(schema)


def _plain(schema: object) -> bool:
    """Whether only known keywords stand in it, each in its plain form."""
    return isinstance(schema, dict) and all(
        key in _KEYWORDS and _KEYWORDS[key](value) for key, value in schema.items()
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_type(value: object) -> bool:
    if isinstance(value, str):
        return value in _TYPES
    return isinstance(value, list) and bool(value) and _is_names(value) and _TYPES.issuperset(value)


def _is_names(value: object) -> bool:
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return texts and isinstance(value, list) and len(set(value)) == len(value)


def _is_dependencies(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_names, value.values()))


def _is_properties(value: object) -> bool:
    return isinstance(value, dict) and all(map(_plain, value.values()))


def _is_choice(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_plain, value))


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_rest(value: object) -> bool:
    return isinstance(value, bool) or _plain(value)


def _is_anything(_: object) -> bool:
    return True


_KEYWORDS: dict[str, Callable[[object], bool]] = {
    "$schema": _PLAIN_DRAFTS.__contains__,
    "additionalProperties": _is_rest,
    "anyOf": _is_choice,
    "const": _is_anything,
    "default": _is_anything,
    "dependentRequired": _is_dependencies,
    "description": _is_text,
    "enum": _is_list,
    "examples": _is_list,
    "exclusiveMaximum": _is_number,
    "exclusiveMinimum": _is_number,
    "format": _is_text,
    "items": _plain,
    "maxItems": _is_count,
    "maxLength": _is_count,
    "maximum": _is_number,
    "minItems": _is_count,
    "minLength": _is_count,
    "minimum": _is_number,
    "oneOf": _is_choice,
    "pattern": _is_text,
    "properties": _is_properties,
    "required": _is_names,
    "title": _is_text,
    "type": _is_type,
}


def _judged(schema: dict[str, object]) -> tuple[Path, str] | None:
    import jsonschema  # noqa: PLC0415 -- see above

    judge = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
    try:
        judge.check_schema(schema)
    except jsonschema.SchemaError as error:
        return tuple(error.path), f"not a valid JSON Schema: {_short(error.message)}"
    return None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
