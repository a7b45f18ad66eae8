"""A record is one map of an inventory as it was read: its cells by name, each with its place.

For the type checker a record is the model it was read by (`Tool`, `Agent`, …). At run time it has
the same attributes: a cell that is missing, unknown or null is None, a part is a record, a list is
a tuple, a map by id is a dict. `state` tells the three kinds of None apart.
"""

# ruff: noqa: SLF001 -- a record's public names are the inventory's; this module speaks for it

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal, cast

    from blastlint.inventory.models import Part, Unknown
    from blastlint.inventory.shape import PartShape
    from blastlint.source import Document, Location

    State = Literal["value", "null", "unknown", "missing"]
else:

    def cast(_kind: object, value: object) -> object:
        """Return the value: only the type checker learns something."""
        return value


NOTHING: dict[str, Record] = {}
"""The cells that nobody knows, of a record that has none."""


class Record:
    """One map of the inventory; equal only to itself.

    Its `__dict__` is the cells that hold a value, so that Python finds them by itself.
    """

    __slots__ = ("__dict__", "_document", "_open", "_part", "_pointer", "_written")

    _part: PartShape
    _open: Mapping[str, Record]
    _written: Mapping[str, Any]
    _document: Document
    _pointer: tuple[str | int, ...]

    def __init__(  # noqa: PLR0917 -- built once per map of a file, in one place
        self,
        part: PartShape,
        values: dict[str, Any],
        unknown: Mapping[str, Record],
        written: Mapping[str, Any],
        document: Document,
        pointer: tuple[str | int, ...],
    ) -> None:
        self._part = part
        self.__dict__ = values
        self._open = unknown
        self._written = written
        self._document = document
        self._pointer = pointer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- any cell
        """Return a cell that holds no value, or whose name is a word of Python."""
        part = self._part
        if name in part.fields:
            return None
        plain = name.removesuffix("_")
        if plain in part.fields:
            return self.__dict__.get(plain)
        raise AttributeError(f"{part.name} has no field {plain!r}")

    def __repr__(self) -> str:
        return f"<{self._part.name} at {'.'.join(map(str, self._pointer))}>"


def state(part: Part, field: str) -> State:
    """Tell whether a cell holds a value, null (there is none), `unknown`, or was not written."""
    record = cast("Record", part)
    name = _field(record, field)
    if name in record.__dict__:
        return "value"
    if name in record._open:
        return "unknown"
    return "null" if name in record._written else "missing"


def unknown(part: Part, field: str) -> Unknown | None:
    """Return who finds out a cell that is unknown, and by when; None if it is not unknown."""
    record = cast("Record", part)
    return cast("Unknown | None", record._open.get(_field(record, field)))


def is_field(part: Part, name: str) -> bool:
    """Tell whether a part has a field of this name."""
    return name.removesuffix("_") in cast("Record", part)._part.fields


def may_be_unknown(part: Part, field: str) -> bool:
    """Tell whether a cell may say that nobody knows it yet."""
    record = cast("Record", part)
    return record._part.fields[_field(record, field)].may_be_open


def open_cells(part: Part) -> Iterator[tuple[Part, str]]:
    """Yield every cell that is unknown in a record and in what lies below it."""
    record = cast("Record", part)
    yield from ((part, field) for field in record._open)
    for value in record.__dict__.values():
        held = tuple(value.values()) if isinstance(value, dict) else value
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Record):
                yield from open_cells(cast("Part", one))


def at(part: Part, *fields: str | int, note: str = "", key: bool = False) -> Location:
    """Return the place of a record, or of what lies below it; the nearest written ancestor's."""
    record = cast("Record", part)
    below = (field.removesuffix("_") if isinstance(field, str) else field for field in fields)
    return record._document.at((*record._pointer, *below), note, key=key)


def id_of(part: Part) -> str:
    """Return the id of a record that stands in a map by id; an AttributeError for others."""
    found: str = cast("Record", part).id
    return found


def kind_of(part: Part) -> str:
    """Return the name of the model that a record was read by, such as `Tool`."""
    return cast("Record", part)._part.name


def as_written(part: Part) -> Mapping[str, Any]:
    """Return a record as plain data: what the file says, unconverted."""
    return cast("Record", part)._written


def cells(part: Part) -> Mapping[str, Any]:
    """Return the cells of a record that hold a value, by name; `id` among them, if it has one."""
    return cast("Record", part).__dict__


def document_of(part: Part) -> Document:
    """Return the file that a record was read from."""
    return cast("Record", part)._document


def _field(record: Record, name: str) -> str:
    """Return the written name of a field; an AttributeError if the part has no such field."""
    plain = name.removesuffix("_")
    if plain not in record._part.fields:
        raise AttributeError(f"{record._part.name} has no field {plain!r}")
    return plain


def path_of(part: Part) -> tuple[str | int, ...]:
    """Return the keys and positions that lead to a record in its file."""
    return cast("Record", part)._pointer
