"""What is said to people about a cell that cannot be read."""

from __future__ import annotations

import re

from blastlint.inventory.scalars import EXPECTED
from blastlint.inventory.shape import EVIDENCE_FOLDER, PART_FILE, ROOT, ROOT_ONLY
from blastlint.source import did_you_mean, nearest, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.inventory.shape import PartShape, Shape, Type

    Pointer = tuple[str | int, ...]

_KINDS = {
    "text": "text",
    "flag": "true or false",
    "list": "a list",
    "map": "a map by id",
    "part": "a map",
}
_LOOKS_LIKE_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}($|T)")
_FOREIGN = frozenset(
    {"apiVersion", "openapi", "swagger", "jsonrpc", "Version", "Statement", "each"}
)
"""Keys by which files that are no part of an inventory are known."""


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""What people write for a truth value, in quotes or as YAML 1.1 has it."""
_FEW = 26


def mismatch(kind: Type, value: object) -> str:
    """Say what was expected and what stands there instead."""
    if isinstance(value, str) and EXPECTED.get(kind.kind, "").startswith(("a day", "a local time")):
        day = _LOOKS_LIKE_A_DAY.match(value)
        if day:
            return f"{shown(value)} is no {'day' if kind.kind == 'day' else 'time'} of the calendar"
    return f"expected {expected(kind)}, found {found(value)}"


def expected(kind: Type) -> str:
    """Say what a cell may hold."""
    if kind.kind == "either":
        return " or ".join(map(expected, kind.options))
    if kind.choices:
        return _one_of([str(c).lower() if isinstance(c, bool) else str(c) for c in kind.choices])
    if kind.kind in {"whole", "number"}:
        return _number(kind)
    if kind.prefixes:
        words = [
            f"{prefix}:{'ID' if section else 'NAME'}" for prefix, section in kind.prefixes.items()
        ]
        return _one_of(["an id", *words] if kind.ref else words)
    return _KINDS.get(kind.kind) or EXPECTED[kind.kind]


def found(value: object) -> str:
    """Say what stands there."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    return "a list" if isinstance(value, list) else "a map"


def advice(kind: Type, value: object) -> str:
    """Say what to write instead, where it can be told."""
    if value is None:
        return "remove the line, or write a value"
    if isinstance(value, dict):
        return _open(value) if "unknown" in value else ""
    if isinstance(value, str) and kind.choices:
        return did_you_mean(value, [choice for choice in kind.choices if isinstance(choice, str)])
    if kind.kind == "map" and isinstance(value, list):
        return "write a map: the id is the key, its fields stand below it"
    return _form(kind, value)


def meant(kind: Type, value: object) -> tuple[str | bool, bool]:
    """Return what a cell was meant to say, or nothing, and whether it can be nothing else."""
    if not isinstance(value, str):
        return "", False
    if kind.kind == "flag":
        word = _FLAGS.get(value.strip().casefold())
        return ("", False) if word is None else (word, True)
    return nearest(value, [choice for choice in kind.choices if isinstance(choice, str)])


def _open(written: Mapping[str, object]) -> str:
    """Say why a cell does not count as unknown although it says so."""
    if written["unknown"] is True:
        return "this cannot be unknown: write it, or leave out what it belongs to"
    return "a cell that nobody knows yet says 'unknown: true'"


def _form(kind: Type, value: object) -> str:
    if kind.kind == "list":
        return "write it as a list: [...]"
    if kind.kind == "duration":
        return "write a number and a unit: ms, s, m, h or d"
    if kind.kind == "id" and isinstance(value, str):
        return "ids are made of letters, digits and . _ / : @ -, at most 128"
    quoted = isinstance(value, bool | int | float) and kind.kind in {"text", *EXPECTED}
    return "put it in quotes" if quoted else ""


def too_long(kind: Type, value: str) -> str:
    """Say that a text is longer than any that is meant for people."""
    return f"expected at most {kind.longest} characters, found {len(value)}"


def no_map(value: object, pointer: Pointer) -> str:
    """Say that a map with fixed fields was expected."""
    what = "a map" if pointer else "a map of sections"
    return f"expected {what}, found {found(value)}"


def purpose(part: PartShape, name: str) -> str:
    """Say what a missing field is for."""
    if part.name == ROOT and name == "version":
        return "write 'version: 1'; a part of an inventory is checked by naming its folder"
    words = part.fields[name].description.removesuffix(".")
    first = words[:1] if words[1:2].isupper() else words[:1].lower()
    return f"add '{name}': {first}{words[1:]}"


def foreign(written: object) -> tuple[str, str, str] | None:
    """Tell a file that was written for something else: the key that shows it, message, advice."""
    keys = [key for key in written if key in _FOREIGN] if isinstance(written, dict) else []
    if not keys:
        return None
    if keys[0] == "each":
        return keys[0], "a rule is no part of an inventory", "name its folder in policy.packs"
    advice = f"files of other programs belong in a folder named {EVIDENCE_FOLDER}"
    return keys[0], f"a file with {shown(keys[0])} is no part of an inventory", advice


def unknown_field(
    shape: Shape, part: PartShape, written: Mapping[str, object], name: str
) -> tuple[str, str]:
    """Say that a key means nothing here, and what was meant: message, advice."""
    if part.name == PART_FILE and name in ROOT_ONLY:
        return f"'{name}' stands only in the root file of an inventory", "remove the line"
    message = f"unknown field {shown(name)}"
    if name == "unknown":
        return message, _open(written)
    near, _ = field_meant(part, written, name)
    if near:
        return message, f"did you mean {shown(near)}?"
    return message, _elsewhere(shape, name) or see(part)


def field_meant(part: PartShape, written: Mapping[str, object], name: str) -> tuple[str, bool]:
    """Return the field that an unknown key was meant to be, or nothing, and whether it is sure."""
    if name == "unknown" or (part.name == PART_FILE and name in ROOT_ONLY):
        return "", False
    return nearest(name, [field for field in part.fields if field not in written])


def _elsewhere(shape: Shape, name: str) -> str:
    """Say in which sections a field belongs, if it is a field of something else."""
    owners = [
        section for section, part in shape.sections.items() if name in shape.part(part).fields
    ]
    return f"it is a field of {', '.join(owners)}" if owners else ""


def see(part: PartShape) -> str:
    """List the fields of a part, if they are few."""
    names = list(part.fields)
    return f"fields here: {', '.join(names)}" if len(names) <= _FEW else ""


def _one_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


def _number(kind: Type) -> str:
    noun = "a whole number" if kind.kind == "whole" else "a number"
    if kind.high is not None and kind.high <= 1:
        return f"{noun} from {kind.low:g} to {kind.high:g}"
    return f"{noun} from {kind.low:g}" if kind.low == 0 else noun
