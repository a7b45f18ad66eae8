"""Where an inventory names its ids: each once where it is declared, and wherever it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blastlint.inventory.shape import ROOT, UNKNOWN, shape
from blastlint.subjects.entities import SECTIONS
from blastlint.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from blastlint.inventory.merging import Draft
    from blastlint.inventory.shape import Type
    from blastlint.source import Document, Location

    Pointer = tuple[str | int, ...]

RULE = "rule"
"""What stands for a section where a rule is named."""
_KINDS = {kind: section for section, (kind, _) in SECTIONS.items()} | {"waiver": "waivers"}
"""Kind of a subject to the section that it stands in."""
_TEAMS = frozenset({(UNKNOWN, "owner"), ("Attestation", "by")})
"""Cells of free words that name a team where they can."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an id stands."""

    section: str
    """Section that the id belongs to, or `rule`."""
    id: str
    location: Location
    """The key or the value that holds it."""
    declares: bool
    """Whether this is where the thing itself is described."""


def mentions(draft: Draft) -> tuple[Mention, ...]:
    """Return every place of an inventory that names an id."""
    return (*_declared(draft), *_meant(draft), *_in_words(draft))


def _declared(draft: Draft) -> Iterator[Mention]:
    """Yield where ids are declared, and where the policy names a rule."""
    for what, document in draft.origins.items():
        if what[0] in shape().sections:
            section, name = what
            yield Mention(section, name, document.at(what, key=True), declares=True)
        elif what[:2] == ("policy", "rules"):
            yield Mention(RULE, what[2], document.at(what, key=True), declares=False)


def _meant(draft: Draft) -> Iterator[Mention]:
    """Yield the cells that refer to an id."""
    for one in draft.notes.references:
        if one.section in shape().sections:
            place = one.document.at(one.pointer)
            yield Mention(one.section, one.id, place, declares=False)


def _in_words(draft: Draft) -> Iterator[Mention]:
    """Yield the cells of free words that name an id: waivers, and who finds something out."""
    teams = draft.sections.get("teams", {})
    for document in draft.documents:
        for part, name, pointer, value in cells(document):
            if not isinstance(value, str):
                continue
            if (part, name) in _TEAMS and value in teams:
                yield Mention("teams", value, document.at(pointer), declares=False)
            elif (part, name) == ("Waiver", "rule"):
                yield Mention(RULE, value, document.at(pointer), declares=False)
            elif (part, name) == ("Waiver", "subject"):
                yield from _subject(draft, document, pointer, value)


def _subject(draft: Draft, document: Document, pointer: Pointer, value: str) -> Iterator[Mention]:
    kind, _, name = value.partition(":")
    section = _KINDS.get(kind, "")
    if name in draft.sections.get(section, {}):
        yield Mention(section, name, document.at(pointer), declares=False)


def cells(document: Document) -> Iterator[tuple[str, str, Pointer, Any]]:
    """Yield every cell of a file: its part, its field, where it stands, what it says."""
    yield from _cells(ROOT, document.value, ())


def _cells(part: str, written: Any, pointer: Pointer) -> Iterator[tuple[str, str, Pointer, Any]]:  # noqa: ANN401 -- as written
    if not isinstance(written, dict):
        return
    fields = shape().part(part).fields
    for name, value in written.items():
        if name in fields:
            yield part, name, (*pointer, name), value
            yield from _below(fields[name].type, value, (*pointer, name))


def _below(kind: Type, value: Any, pointer: Pointer) -> Iterator[tuple[str, str, Pointer, Any]]:  # noqa: ANN401 -- as written
    """Yield the cells inside of a value."""
    if isinstance(value, dict) and value.get("unknown") is True:
        yield from _cells(UNKNOWN, value, pointer)
    elif kind.kind == "part":
        yield from _cells(kind.part, value, pointer)
    elif kind.items and isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in inside:
            yield from _below(kind.items, item, (*pointer, step))
