"""The reference of fields, as Markdown: what an inventory can say, and what a condition can ask."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from blastlint.inventory.shape import PART_FILE, ROOT, UNKNOWN, shape
from blastlint.subjects import KINDS
from blastlint.subjects.vocabulary import records
from meanings import MEANINGS
from rule_pages import marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from blastlint import expression
    from blastlint.inventory.shape import Field, PartShape, Type

_THRESHOLDS = "Thresholds"
_COLUMNS = ("field", "written as", "in a condition", "meaning")
_HEAD = """\
# Fields

This page is printed from the models. The first part is what an inventory can say, section by
section; `blastlint schema inventory` prints the same as a JSON Schema. The last part is what
blastlint works out and a [condition](writing-rules.md) can ask for.

**Needed** marks a cell that a launch cannot do without: left out, it is a finding. **Required**
marks a field without which its part has no meaning: left out, the file is refused. Every other cell
may be left out. [How to write an inventory](inventory.md) says what a missing cell means, and what
`null` and `unknown` mean.
"""
_FACTS = """\
In the tables above, rows marked *worked out* are such facts, too. `policy` in a condition is
[Thresholds](#thresholds): what the inventory says, or else the defaults."""
_WORDS = {
    "text": "text",
    "words": "some words",
    "flag": "`true` or `false`",
    "whole": "a whole number",
    "number": "a number",
    "duration": "a duration",
    "day": "a day",
    "local-time": "a local time",
    "rate": "a rate",
    "time-zone": "a time zone",
    "clock": "a time of day",
    "hours": "hours",
    "week-hours": "hours of the week",
    "currency": "a currency",
    "id": "an id",
    "subject": "`KIND:ID`",
    "action": "an action",
}
"""Scalar type to words."""


def fields() -> str:
    """Return the page of all fields."""
    return "\n".join(_page()) + "\n"


def kinds() -> str:
    """Return the table of what a rule can look at."""
    rows = (
        (f"`{kind.name}`", marked(kind.about), _link(kind.record, "fields.md"))
        for kind in KINDS.values()
    )
    return "\n".join(_table(("`each`", "the rule looks at", "fields"), rows)) + "\n"


def _page() -> Iterator[str]:
    entities = dict.fromkeys(shape().sections.values())
    parts = sorted(set(shape().names) - {ROOT, PART_FILE, UNKNOWN, *entities})
    yield _HEAD
    yield "## The file"
    yield from _parts((ROOT, UNKNOWN))
    yield from ("", "## What it names")
    yield from _parts(entities)
    yield from ("", "## What these are made of")
    yield from _parts(parts)
    yield from ("", "## What blastlint works out", "", _FACTS)
    for name in (_THRESHOLDS, *(name for name in MEANINGS if name not in shape().names)):
        rows = ((fact, asked, meaning) for fact, _, asked, meaning in _facts(name))
        yield from ("", f"### {name}", "", *_table(("fact", "in a condition", "meaning"), rows))


def _parts(names: Iterable[str]) -> Iterator[str]:
    for part in map(shape().part, names):
        told = MEANINGS.get(part.name, {})
        rows = [_row(part, field, told.get(field.name, "")) for field in part.fields.values()]
        yield from ("", f"### {part.name}", "", marked(part.description), "")
        yield from _table(_COLUMNS, [*rows, *_facts(part.name, besides=part.fields)])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


# --- rows ---------------------------------------------------------------------------------------


def _row(part: PartShape, field: Field, told: str) -> tuple[str, str, str, str]:
    """Return the row of a cell; `told` is what else a condition finds under its name."""
    mark = "**Required.** " if field.required else "**Needed.** " if field.needed else ""
    more = f" In a condition: {marked(told)}" if told else ""
    asked = _asked(records()[part.name][field.name].type) if part.name in askable() else ""
    meaning = f"{mark}{marked(field.description)}{more}"
    return (f"`{field.name}`", _written(field.type), asked, meaning)


def _facts(name: str, besides: Collection[str] = ()) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of what is worked out for a record."""
    told = dict(MEANINGS.get(name, {}))
    if name == _THRESHOLDS:
        limits = shape().part("Policy").fields
        told = {limit: limits[limit].description for limit in records()[name]}
    elif "id" in records()[name] and "id" not in told:
        yield ("`id`", "the key", "string", "Its id.")
    for fact, meaning in told.items():
        if fact not in besides:
            asked = _asked(records()[name][fact].type, spelled=True)
            yield (f"`{fact}`", "*worked out*", asked, marked(meaning))


def _written(kind: Type) -> str:
    """Say what to write into a cell."""
    if kind.ref or kind.prefixes:
        return _reference(kind)
    if kind.choices:
        return ", ".join(f"`{str(c).lower() if c is True else c}`" for c in kind.choices)
    if kind.kind == "part":
        return _link(kind.part)
    if kind.kind == "either":
        return " or ".join(map(_written, kind.options))
    if kind.items:
        what = f"map by {kind.keys.kind}" if kind.keys else "list"
        return f"{what}: {_written(kind.items)}"
    bounds = " from 0 to 1" if kind.high == 1 else ""
    return _WORDS[kind.kind] + bounds


def _reference(kind: Type) -> str:
    prefixes = (kind.prefixes or {}).items()
    words = [f"`{prefix}:{'ID' if section else 'NAME'}`" for prefix, section in prefixes]
    own = [f"id in `{kind.ref}`"] if kind.ref else []
    none = [f"`{kind.none}`"] if kind.none else []
    return ", ".join([*own, *words, *none])


def _asked(kind: expression.Type, *, spelled: bool = False) -> str:
    """Say what a condition finds; the values of an enum are spelled only where it is told to."""
    if kind.arguments:
        return f"{kind.kind} of {_asked(kind.arguments[0])}"
    if kind.kind == "enum" and spelled:
        return ", ".join(f'`"{value}"`' for value in kind.values)
    return _link(kind.record) if kind.record else kind.kind


def _link(name: str, file: str = "") -> str:
    return f"[{name}]({file}#{name.lower()})"


@cache
def askable() -> frozenset[str]:
    """Return the records that some condition can ask."""
    found = [_THRESHOLDS, *(kind.record for kind in KINDS.values())]
    for name in found:
        for field in records()[name].values():
            kind = field.type
            while kind.arguments:
                kind = kind.arguments[0]
            if kind.record and kind.record not in found:
                found.append(kind.record)
    return frozenset(found)
