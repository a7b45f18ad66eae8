"""Reads one file of an inventory into records, and collects everything that is wrong with it.

The table of `shape` says what each cell may hold. A cell that cannot be read becomes a problem
with its place, what was expected and, where it can be told, what was meant; reading goes on.
"""

from __future__ import annotations

import re

from blastlint.inventory import wording
from blastlint.inventory.record import NOTHING, Record
from blastlint.inventory.scalars import PARSERS
from blastlint.inventory.shape import PART_FILE, ROOT, UNKNOWN
from blastlint.source import InputError, Meant, Problem
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from blastlint.inventory.shape import Field, PartShape, Shape, Type
    from blastlint.source import Document

    Pointer = tuple[str | int, ...]

MOST_PROBLEMS = 200
"""Problems listed for one file; whoever has more has one that causes the others."""


@dataclass(slots=True)
class Reference:
    """A cell that names something else: the id of an entity, or a time zone."""

    section: str
    """Section that must have the id, or `time-zone`."""
    id: str
    document: Document
    pointer: Pointer


class Notes:
    """What reading files leaves behind besides records."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.references: list[Reference] = []


def read_file(document: Document, shape: Shape, notes: Notes, *, root: bool) -> Record | None:
    """Return what a file says, as far as it can be read; None if it is no map of sections.

    A root file has a version and a name; every other file has sections only.
    """
    reader = _Reader(document, shape)
    part = shape.part(ROOT if root else PART_FILE)
    record = None if reader.is_foreign() else reader.part(part, document.value, ())
    notes.problems += reader.problems
    notes.references += reader.references
    return record


def read_as(document: Document, shape: Shape, part: str) -> Record:
    """Return what a file says that holds one part, such as a rule.

    Raises:
        InputError: the file does not fit the shape; with every problem.
    """
    reader = _Reader(document, shape)
    record = reader.part(shape.part(part), document.value, ())
    if record is None or reader.problems:
        # nothing corrects a rule by itself: it is somebody's judgement
        raise InputError(*(replace(problem, meant=None) for problem in reader.problems))
    return record


class _Reader:
    """One file being read."""

    def __init__(self, document: Document, shape: Shape) -> None:
        self.document = document
        self.shape = shape
        self.references: list[Reference] = []
        self.problems: list[Problem] = []

    # --- problems ---

    @property
    def full(self) -> bool:
        """True if further problems of this file are not listed."""
        return len(self.problems) > MOST_PROBLEMS

    def problem(
        self,
        message: str,
        pointer: Pointer,
        advice: str = "",
        *,
        key: bool = False,
        near: tuple[str | bool, bool] = ("", False),
    ) -> None:
        """Remember what is wrong at a place, and what was meant, with whether that is sure."""
        if self.full:
            return
        if len(self.problems) == MOST_PROBLEMS:
            message, advice = "more problems follow in this file", "solve those above first"
        word, sure = near
        meant = None if word == "" else Meant(self.document, pointer, key, word, sure)
        place = self.document.at(pointer, key=key)
        self.problems.append(Problem(message, place, advice, meant=meant))

    def wrong(self, kind: Type, value: object, pointer: Pointer, *, key: bool = False) -> None:
        """Remember that a cell does not hold what it may."""
        if not self.full:
            advice, near = wording.advice(kind, value), wording.meant(kind, value)
            self.problem(wording.mismatch(kind, value), pointer, advice, key=key, near=near)

    # --- parts ---

    def is_foreign(self) -> bool:
        """Tell a file that was written for something else, and say so once."""
        found = wording.foreign(self.document.value)
        if found:
            key, message, advice = found
            self.problem(message, (key,), advice, key=True)
        return found is not None

    def part(
        self, part: PartShape, written: object, pointer: Pointer, *, named: bool = False
    ) -> Record | None:
        """Read a map with fixed fields; a named one knows the key it stands under as its id."""
        if not isinstance(written, dict):
            self.problem(wording.no_map(written, pointer), pointer, wording.see(part))
            return None
        values: dict[str, Any] = {"id": pointer[-1]} if named else {}
        unknown: dict[str, Record] = NOTHING
        fields = part.fields
        for key, cell in written.items():
            field = fields.get(key)
            if field is None:
                self.unknown_field(part, written, key, pointer)
            elif cell is None:
                self.empty(field, pointer)
            elif field.may_be_open and type(cell) is dict and cell.get("unknown") is True:
                unknown = unknown | self.open_cell(key, cell, pointer)
            else:
                values[key] = self.cell(field.type, cell, (*pointer, key))
        self.missing(part, written, pointer)
        return Record(part, values, unknown, written, self.document, pointer)

    def missing(self, part: PartShape, written: dict[str, Any], pointer: Pointer) -> None:
        """Remember the fields without which a part has no meaning."""
        for name in part.required:
            if name not in written:
                message = f"the field '{name}' is missing"
                self.problem(message, pointer, wording.purpose(part, name), key=True)

    def unknown_field(
        self, part: PartShape, written: dict[str, Any], key: str, pointer: Pointer
    ) -> None:
        """Remember a key that means nothing here, and guess what was meant."""
        if not self.full:
            message, advice = wording.unknown_field(self.shape, part, written, key)
            near = wording.field_meant(part, written, key)
            self.problem(message, (*pointer, key), advice, key=True, near=near)

    def empty(self, field: Field, pointer: Pointer) -> None:
        """Accept null as the claim that there is none, where that can be claimed."""
        if not field.may_be_open:
            self.wrong(field.type, None, (*pointer, field.name))

    def open_cell(self, key: str, cell: dict[str, Any], pointer: Pointer) -> dict[str, Record]:
        """Read who finds out a cell, and by when."""
        record = self.part(self.shape.part(UNKNOWN), cell, (*pointer, key))
        return {key: record} if record else {}

    # --- cells ---

    def cell(self, kind: Type, value: object, pointer: Pointer) -> object:
        """Read one value by its type; None if it cannot be read."""
        return _READERS.get(kind.kind, _Reader.word)(self, kind, value, pointer)

    def text(self, kind: Type, value: object, pointer: Pointer) -> str | None:
        """Read free words; a number counts as it is written."""
        if isinstance(value, str):
            if len(value) > kind.longest:
                self.problem(wording.too_long(kind, value), pointer)
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(kind, value, pointer)
            return None
        return self.document.raw(self.holder(pointer), pointer[-1]) or str(value)

    def holder(self, pointer: Pointer) -> Any:  # noqa: ANN401 -- a map or a list
        """Return the map or list in which a value stands."""
        holder: Any = self.document.value
        for step in pointer[:-1]:
            holder = holder[step]
        return holder

    def word(self, kind: Type, value: object, pointer: Pointer) -> str | None:
        """Read a text of a certain form, and remember what it refers to."""
        if not isinstance(value, str) or not re.fullmatch(kind.pattern, value):
            self.wrong(kind, value, pointer)
            return None
        if kind.ref or kind.prefixes or kind.kind == "time-zone":
            self.refer(kind, value, pointer)
        elif kind.kind == "week-hours" and "/" in value:
            zone = value.rpartition(" ")[2]
            self.references.append(Reference("time-zone", zone, self.document, pointer))
        return value

    def refer(self, kind: Type, value: str, pointer: Pointer) -> None:
        """Remember a reference, to be looked up when every file is read."""
        section, id_ = kind.ref or kind.kind, value
        prefix, colon, rest = value.partition(":")
        if kind.prefixes and colon and prefix in kind.prefixes:
            section, id_ = kind.prefixes[prefix], rest
        if section and not (kind.none and value == kind.none):
            self.references.append(Reference(section, id_, self.document, pointer))

    def parsed(self, kind: Type, value: object, pointer: Pointer) -> object:
        """Read a text that becomes another Python value."""
        try:
            return PARSERS[kind.kind](value)
        except ValueError:
            self.wrong(kind, value, pointer)
            return None

    def choice(self, kind: Type, value: object, pointer: Pointer) -> object:
        """Read one of a few values; true is not 1."""
        for choice in kind.choices:
            if value == choice and isinstance(value, bool) is isinstance(choice, bool):
                return choice
        self.wrong(kind, value, pointer)
        return None

    def flag(self, kind: Type, value: object, pointer: Pointer) -> bool | None:
        """Read true or false."""
        if isinstance(value, bool):
            return value
        self.wrong(kind, value, pointer)
        return None

    def number(self, kind: Type, value: object, pointer: Pointer) -> float | None:
        """Read a number within its bounds."""
        if isinstance(value, int | float) and not isinstance(value, bool) and _within(kind, value):
            return float(value)
        self.wrong(kind, value, pointer)
        return None

    def whole(self, kind: Type, value: object, pointer: Pointer) -> int | None:
        """Read a whole number within its bounds; 3.0 is one too."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            whole = int(value)
            if whole == value and _within(kind, whole):
                return whole
        self.wrong(kind, value, pointer)
        return None

    def list(self, kind: Type, value: object, pointer: Pointer) -> tuple[Any, ...] | None:
        """Read a list; what cannot be read is left out."""
        if not isinstance(value, list) or kind.items is None:
            self.wrong(kind, value, pointer)
            return None
        read = [self.cell(kind.items, item, (*pointer, at)) for at, item in enumerate(value)]
        return tuple(item for item in read if item is not None)

    def map(self, kind: Type, value: object, pointer: Pointer) -> dict[str, Any] | None:
        """Read a map by id; what cannot be read is left out."""
        if not isinstance(value, dict) or kind.items is None or kind.keys is None:
            self.wrong(kind, value, pointer)
            return None
        for id_ in value:
            if not re.fullmatch(kind.keys.pattern, id_):
                self.wrong(kind.keys, id_, (*pointer, id_), key=True)
        entries = (
            (id_, self.entry(kind.items, entry, (*pointer, id_))) for id_, entry in value.items()
        )
        return {id_: entry for id_, entry in entries if entry is not None}

    def entry(self, kind: Type, value: object, pointer: Pointer) -> object:
        """Read an entry of a map by id; a part knows its id."""
        if kind.kind == "part":
            return self.part(self.shape.part(kind.part), value, pointer, named=True)
        return self.cell(kind, value, pointer)

    def group(self, kind: Type, value: object, pointer: Pointer) -> Record | None:
        """Read a part that has no id of its own."""
        return self.part(self.shape.part(kind.part), value, pointer)

    def either(self, kind: Type, value: object, pointer: Pointer) -> object:
        """Read the first alternative that fits."""
        problems, references = len(self.problems), len(self.references)
        for option in kind.options:
            read = self.cell(option, value, pointer)
            if len(self.problems) == problems:
                return read
            del self.problems[problems:], self.references[references:]
        self.wrong(kind, value, pointer)
        return None


def _within(kind: Type, value: float) -> bool:
    return (kind.low is None or value >= kind.low) and (kind.high is None or value <= kind.high)


_READERS: dict[str, Callable[[_Reader, Type, object, Pointer], object]] = {
    "text": _Reader.text,
    "choice": _Reader.choice,
    "flag": _Reader.flag,
    "whole": _Reader.whole,
    "number": _Reader.number,
    "part": _Reader.group,
    "list": _Reader.list,
    "map": _Reader.map,
    "either": _Reader.either,
    **dict.fromkeys(PARSERS, _Reader.parsed),
}
"""Kind of a type to the method that reads it; every other kind is a word of some form."""
