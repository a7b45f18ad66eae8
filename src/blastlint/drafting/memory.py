"""What was drafted last time: so a later draft changes what nobody has touched, and nothing else.

The file lies among the evidence, and holds a short digest of every cell that was drafted and of
every file that was read. Whoever deletes it loses nothing: all that is written is people's then.
"""

from __future__ import annotations

import json
from hashlib import sha256

from blastlint.drafting.files import Named
from blastlint.inventory.shape import EVIDENCE_FOLDER
from blastlint.source import InputError, Problem, read
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from blastlint.drafting.rows import Cell, Row
    from blastlint.source import Root

FILE = "evidence/drafted.json"
_DIGITS = 12
"""Of a digest: enough to tell one cell's values apart, and the file stays readable."""
OPEN = "open"
"""Stands for every question."""


@dataclass(frozen=True, slots=True)
class Read:
    """A source that was read."""

    digest: str
    """Digest of its files."""
    observed_at: str
    """Day on which they were first seen so; empty for what becomes no evidence."""


@dataclass(slots=True)
class Memory:
    """Everything that is remembered of a draft."""

    wishes: dict[str, str] = field(default_factory=dict)
    """What was said on the command line."""
    given: list[Named] = field(default_factory=list)
    """What was named, in that order; paths are relative to the inventory."""
    sources: dict[str, Read] = field(default_factory=dict)
    """By the id of the evidence."""
    copies: list[str] = field(default_factory=list)
    """Files that were copied, below the inventory."""
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    """Digests of what was drafted: by `SECTION ID`, by field."""

    def of(self, row: Row) -> dict[str, str]:
        """Return the digests of a row; none if it was never drafted."""
        return self.cells.get(f"{row.section} {row.id}", {})

    def keep(self, row: Row) -> None:
        """Remember a row as drafted."""
        self.cells[f"{row.section} {row.id}"] = {
            name: digest(cell) for name, cell in row.cells.items()
        }


def digest(cell: Cell) -> str:
    """Return what stands for a cell; all questions are alike."""
    return OPEN if cell.is_open else digest_of(cell.value)


def digest_of(value: Any) -> str:  # noqa: ANN401 -- any plain value
    """Return what stands for a value as it is written in an inventory."""
    if isinstance(value, dict) and value.get("unknown") is True:
        return OPEN
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def remembered(root: Root) -> Memory:
    """Return what is remembered in an inventory's folder; nothing if there is no such file.

    Raises:
        InputError: the file is not what was written.
    """
    if not root.exists(FILE):
        return Memory()
    document = read(root, FILE)
    value = document.value
    try:
        given = [Named(**row) for row in value["given"]]
        sources = {
            name: Read(row["digest"], row["observed_at"]) for name, row in value["sources"].items()
        }
        cells = {str(name): dict(row) for name, row in value["cells"].items()}
        copies = [_checked(str(file)) for file in value["copies"]]
        return Memory(dict(value["wishes"]), given, sources, copies, cells)
    except (TypeError, KeyError, AttributeError, ValueError):
        help_ = "restore it, or delete it: then all that is written counts as yours"
        raise InputError(
            Problem("this is not what init remembered", document.at(), help_)
        ) from None


def _checked(file: str) -> str:
    """Return the path of a copy; raises a ValueError if it names anything but a file of evidence.

    A copy is removed with its source, so nothing else may be called one.
    """
    parts = file.split("/")
    below = len(parts) > 2 and parts[0] == EVIDENCE_FOLDER  # noqa: PLR2004 -- evidence, source, file
    if not below or {"", ".", ".."} & {*parts}:
        raise ValueError(file)
    return file


def as_text(memory: Memory) -> str:
    """Return the text of the file: a line for each thing, sorted, so that its changes read well."""
    given = [
        {"path": one.path, "name": one.name, "kind": one.kind, "system": one.system}
        for one in memory.given
    ]
    sources = {
        name: {"digest": one.digest, "observed_at": one.observed_at}
        for name, one in memory.sources.items()
    }
    parts = [
        f'"wishes": {_line(memory.wishes)}',
        f'"given": {_list(given)}',
        f'"sources": {_table(sources)}',
        f'"copies": {_list(memory.copies)}',
        f'"cells": {_table(memory.cells)}',
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _list(rows: Sequence[object]) -> str:
    return "[\n" + ",\n".join(map(_line, rows)) + "\n]"


def _table(rows: Mapping[str, object]) -> str:
    lines = (f"{_line(name)}: {_line(row)}" for name, row in sorted(rows.items()))
    return "{\n" + ",\n".join(lines) + "\n}"


def _line(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
