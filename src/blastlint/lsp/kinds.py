"""What may stand at a place of an inventory, by the way there: fields, types and their words."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from blastlint.data import schema_path
from blastlint.inventory.shape import PART_FILE, ROOT, UNKNOWN, Type, shape
from blastlint.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from blastlint.inventory.shape import Field

    Pointer = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value."""

    type: Type
    part: str
    """The part that the nearest field above belongs to."""
    field: Field | None
    """That field; none for the file itself."""


def slot(pointer: Pointer, *, root: bool) -> Slot | None:
    """Return what may stand at a pointer; None where nothing may.

    Args:
        pointer: keys and positions from the top of the file.
        root: whether it is the root file of an inventory.
    """
    found = Slot(Type("part", part=ROOT if root else PART_FILE), "", None)
    for step in pointer:
        below = next(filter(None, (_below(found, kind, step) for kind in _options(found))), None)
        if below is None:
            return None
        found = below
    return found


def field_at(pointer: Pointer, *, root: bool) -> Slot | None:
    """Return the field that the last step of a pointer names; None if it names none."""
    found = slot(pointer, root=root)
    named = found is not None and found.field is not None and found.field.name == pointer[-1]
    return found if named else None


def _options(found: Slot) -> Iterator[Type]:
    yield from found.type.options or (found.type,)
    if found.field and found.field.may_be_open:
        yield Type("part", part=UNKNOWN)


def _below(found: Slot, kind: Type, step: str | int) -> Slot | None:
    """Return what stands one step below."""
    if kind.kind == "part" and isinstance(step, str):
        fields = shape().part(kind.part).fields
        return Slot(fields[step].type, kind.part, fields[step]) if step in fields else None
    if kind.kind == ("map" if isinstance(step, str) else "list") and kind.items:
        return Slot(kind.items, found.part, _within(found.field))
    return None


def _within(field: Field | None) -> Field | None:
    """Return a field as it counts for what is inside of it: that cannot be left open."""
    return replace(field, may_be_open=False, name="") if field else None


def example(part: str, field: str) -> object:
    """Return the example of a field, as the published schema has it; None if there is none."""
    schema = _published()
    said = schema if part in {ROOT, PART_FILE} else schema["$defs"].get(part, {})
    examples = said.get("properties", {}).get(field, {}).get("examples", ())
    return examples[0] if examples else None


@cache
def _published() -> dict[str, Any]:
    with open(schema_path("inventory"), encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found
