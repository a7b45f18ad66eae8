"""Our reader, the models and the published schema give the same verdict on every inventory.

Three programs read an inventory: a check (by the table made from the schema), pydantic (by the
models the schema is made from) and an editor (by the schema itself). The corpus is made from the
schema: every field of every part, with values that are right and values that are wrong.

JSON Schema's patterns are ECMAScript's, where `$` is the end of the text; Python's `$` also
matches before a final line break, so the keyword is read here as the standard says.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators
from pydantic import ValidationError as ModelError
from referencing import Registry

from blastlint.inventory.models import Inventory
from blastlint.inventory.reading import Notes, read_file
from blastlint.inventory.schema import inventory_schema, part_schema
from blastlint.inventory.shape import ROOT, UNKNOWN, Type, shape
from blastlint.source import InputError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = Any
HEAD = {"version": 1, "name": "example"}


def _ecma_pattern(_: object, pattern: str, text: object, __: object) -> Iterator[ValidationError]:
    if isinstance(text, str) and not re.search(pattern.replace("$", r"\Z"), text):
        yield ValidationError(f"{text!r} does not match {pattern!r}")


_Validator = validators.extend(Draft202012Validator, {"pattern": _ecma_pattern})  # type: ignore[no-untyped-call] # jsonschema's
ROOT_VALIDATOR = _Validator(inventory_schema(), registry=Registry())
PART_VALIDATOR = _Validator(part_schema(), registry=Registry())

RIGHT: dict[str, list[Json]] = {
    "text": ["words", "", 36, 0.36, -1.5e3],
    "id": ["a", "an-id", "a.b/c:d@e_f"],
    "target": ["rotation:x"],
    "words": ["a reason", "two\nlines"],
    "flag": [True, False],
    "whole": [0, 3, 3.0, 10**15 - 1],
    "number": [0, 0.5, 1],
    "duration": ["24h", "0.5s", "250ms", "99999d", "0s"],
    "day": ["2026-06-02", "2024-02-29", "2026-06-02T10:00:00Z", "2026-06-02T23:30:00-05:00"],
    "local-time": ["2026-06-26T17:00", "2024-02-29T00:00:59"],
    "rate": ["20/min", "0/h", "1/s"],
    "time-zone": ["Europe/London", "UTC", "America/Argentina/Salta"],
    "clock": ["00:00", "23:59"],
    "hours": ["09:00-18:00", "00:00-24:00"],
    "week-hours": [
        "24x7",
        "09:00-18:00",
        "Mon-Fri 22:00-06:00 Europe/London",
        "Sat,Sun 10:00-24:00 UTC",
        "Mon-Thu,Sat 09:00-18:00; Fri 09:00-12:00 America/New_York",
    ],
    "currency": ["USD"],
    "action": ["s3:GetObject"],
    "subject": ["tool:stripe.refund.create"],
}
WRONG: dict[str, list[Json]] = {
    "text": [True, None, [], {}, "x" * 4097],
    "id": ["", "-a", "a:", "a b", "ä", "x" * 129, "a\n", 5, True],
    "target": ["no body", "rotation:", "agent:a\nb", "service:a\u2028b", 7],
    "words": ["", " ", "\t x", 5, "x" * 4097],
    "flag": [0, 1, "true", "yes", None, []],
    "whole": [-1, 3.5, "3", True, 10**15, 1e300],
    "number": ["0.5", True, 1e16, -2e15, []],
    "duration": ["24", 24, "24 h", "h", "-1h", "1w", "100000d", "24h\n", "1e3s", "٣h", "1.h", ""],
    "day": [
        "2026-02-30", "2023-02-29", "1900-02-29", "2100-02-29", "2026-13-01", "2026-04-31",
        "2026-6-2", "0226-06-02", "2026-06-02T25:00Z", "2026-06-02T10:00", "2026-06-02\n",
        "today", 20260602, "2026-06-02T10:00:60Z",
    ],
    "local-time": ["2026-06-26", "2026-06-26T17:00Z", "2026-02-30T10:00", "2026-06-26T24:00", 5],
    "rate": ["20", "20/m", "-1/s", "1.5/s", 20, "20/min\n"],
    "time-zone": ["+01:00", "europe/london", "utc", "../etc/passwd", 1, "Europe/"],
    "clock": ["24:00", "9:00", 900],
    "hours": ["9-18", "09:00", "25:00-26:00"],
    "week-hours": [
        "business", "24/7", "Mon-Fri", "09:00-24:30", "24:00-06:00", "mon 09:00-18:00", "24x7 UTC",
        "Mon 09:00-18:00;Tue 09:00-18:00", "09:00-18:00 BST\n", 24, "Mon - Fri 09:00-18:00",
    ],
    "currency": ["usd", "EURO", 5],
    "action": ["", "a\nb", "x" * 257],
    "subject": ["tool", "Tool:x", "tool:", ":x", "tool:a\nb"],
}  # fmt: skip


OPEN: list[Json] = [
    {"unknown": True},
    {"unknown": True, "owner": "team", "resolve_by": "2026-07-01"},
]
HALF_OPEN: list[Json] = [
    {"unknown": False},
    {"unknown": 1},
    {"unknown": True, "until": 1},
    {"unknown": True, "resolve_by": "soon"},
    {"unknown": True, "owner": None},
]


def right(kind: Type) -> list[Json]:
    """Return values that a cell may hold."""
    if kind.kind == "choice":
        return list(kind.choices)
    if kind.kind == "either":
        return [value for option in kind.options for value in right(option)]
    if kind.kind == "part":
        return [least(kind.part)]
    if kind.kind == "list" and kind.items:
        return [[], right(kind.items)]
    if kind.kind == "map" and kind.items:
        return [{}, {"an-id": right(kind.items)[0]}]
    return _targets(kind) if kind.prefixes else RIGHT[kind.kind]


def wrong(kind: Type) -> list[Json]:
    """Return values that a cell may not hold."""
    if kind.kind == "choice":
        return ["nonsense", 2, 1.5, [], not kind.choices[0]]
    if kind.kind == "either":
        return ["not an id", -1, True, None, []]
    if kind.kind == "part":
        return ["text", 5, [], {**least(kind.part), "nonsense": 1}, *_lacking(kind.part)]
    if kind.kind == "list" and kind.items:
        return ["text", {}, True, [None], *([value] for value in wrong(kind.items)[:3])]
    if kind.kind == "map" and kind.items:
        good = right(kind.items)[0]
        return ["text", [], [good], {"not an id\n": good}, {"": good}, {"an-id": None}]
    bare = ["nobody"] if kind.prefixes and not kind.ref else []
    return WRONG[kind.kind] + bare


def _targets(kind: Type) -> list[Json]:
    found = [f"{prefix}:some-name" for prefix in kind.prefixes or ()]
    return [*found, "an-id"] if kind.ref else found


def _lacking(part: str) -> list[Json]:
    """Return a part without each of the fields that it must have."""
    whole = least(part)
    return [{k: v for k, v in whole.items() if k != name} for name in shape().part(part).required]


def least(part: str) -> dict[str, Json]:
    """Return the smallest part."""
    said = shape().part(part)
    return {name: right(said.fields[name].type)[0] for name in said.required}


def paths() -> dict[str, tuple[str | int, ...]]:
    """Return a way to each part of an inventory."""
    found: dict[str, tuple[str | int, ...]] = {ROOT: ()}
    queue = [ROOT]
    for name in queue:
        for field in shape().part(name).fields.values():
            below, kind = (field.name,), field.type
            step: tuple[str | int, ...] = ()
            if kind.items:
                step, kind = ((0,) if kind.kind == "list" else ("an-id",)), kind.items
            if kind.part and kind.part not in found:
                found[kind.part] = (*found[name], *below, *step)
                queue.append(kind.part)
    return found


def around(part: str, cells: dict[str, Json]) -> Json:
    """Return an inventory in which one part has some cells."""
    return _wrapped(ROOT, paths()[part], {**least(part), **cells})


def _wrapped(outer: str, path: tuple[str | int, ...], inner: Json) -> Json:
    if not path:
        return inner
    name, *rest = path
    kind = shape().part(outer).fields[str(name)].type
    if kind.items:
        step, *rest = rest
        value = _wrapped(kind.items.part, tuple(rest), inner)
        return {**least(outer), name: [value] if step == 0 else {step: value}}
    return {**least(outer), name: _wrapped(kind.part, tuple(rest), inner)}


def verdicts(inventory: Json) -> tuple[bool, bool, bool]:
    """Return whether the reader, the models and the schema accept an inventory."""
    return _reader(inventory, root=True), _models(inventory), ROOT_VALIDATOR.is_valid(inventory)


def _reader(value: Json, *, root: bool) -> bool:
    notes = Notes()
    try:
        (document,) = parse(json.dumps(value).encode(), "inventory.yaml")
    except InputError:  # text that no file of ours may hold, such as a line break in a key
        return False
    read_file(document, shape(), notes, root=root)
    return not notes.problems


def _models(value: Json) -> bool:
    try:
        Inventory.model_validate(deepcopy(value))
    except ModelError:
        return False
    return True


def _cells(part: str) -> Iterator[tuple[str, Json, bool]]:
    """Yield a field, a value, and whether the value is right, for each field of a part."""
    for field in shape().part(part).fields.values():
        for value in right(field.type):
            yield field.name, value, True
        for value in wrong(field.type):
            if value is not None or not field.may_be_open:
                yield field.name, value, False
        for value in (
            {"unknown": True},
            {"unknown": True, "owner": "team", "resolve_by": "2026-07-01"},
        ):
            holds = field.may_be_open or field.type.part == UNKNOWN
            yield field.name, value, holds
        yield field.name, None, field.may_be_open
        for value in (
            {"unknown": False},
            {"unknown": True, "until": 1},
            {"unknown": True, "resolve_by": "soon"},
        ):
            yield field.name, value, False


@pytest.mark.parametrize("part", [name for name in shape().names if name in paths()])
def test_every_field_is_judged_alike(part: str) -> None:
    """Whatever a cell holds, the three readers agree on whether it may."""
    for name, value, fine in _cells(part):
        found = verdicts(around(part, {name: value}))
        assert found == (fine, fine, fine), f"{part}.{name}: {value!r}"


def test_every_part_is_reached() -> None:
    """No part of the schema is left out of the corpus."""
    assert set(shape().names) - set(paths()) <= {UNKNOWN, "PartFile"}


@pytest.mark.parametrize("part", [name for name in shape().names if name in paths()])
def test_unknown_fields_are_refused_at_every_level(part: str) -> None:
    """A misspelt field never passes in silence."""
    assert verdicts(around(part, {})) == (True, True, True)
    assert verdicts(around(part, {"nonsense": 1})) == (False, False, False)


@pytest.mark.parametrize(
    "value",
    [
        {}, [], "text", None, 5, {"version": 1}, {"name": "x"}, {"version": 2, "name": "x"},
        {"version": "1", "name": "x"}, {"version": True, "name": "x"}, {**HEAD, "agents": None},
        {**HEAD, "policy": {"max_attempts": None}}, {**HEAD, "tools": {"unknown": True}},
        {**HEAD, "teams": {"unknown": {"members": True}}},
    ],
)  # fmt: skip
def test_what_is_no_inventory_is_refused_alike(value: Json) -> None:
    """The outermost level fails closed as well."""
    assert verdicts(value) == (False, False, False)


@pytest.mark.parametrize(
    "value",
    [
        HEAD,
        {"version": 1.0, "name": "x"},
        {**HEAD, "teams": {"unknown": {"members": 3}}},
        {**HEAD, "agents": {"a": {"slo": {"hard_dependencies": {"unknown": 0.9}}}}},
    ],
)
def test_what_is_an_inventory_is_accepted_alike(value: Json) -> None:
    """An entity may even be called `unknown`: only `unknown: true` leaves a cell open."""
    assert verdicts(value) == (True, True, True)


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ({"teams": {"a": {}}}, True),
        ({"policy": {"max_attempts": 3}}, True),
        ({}, True),
        ({"version": 1}, False),
        ({**HEAD, "teams": {}}, False),
        ({"include": []}, False),
        ([], False),
    ],
)
def test_part_files_are_judged_alike(value: Json, fine: bool) -> None:  # noqa: FBT001 -- a table
    """A file that merges into an inventory has sections, but no name of its own."""
    assert _reader(value, root=False) is fine
    assert PART_VALIDATOR.is_valid(value) is fine
