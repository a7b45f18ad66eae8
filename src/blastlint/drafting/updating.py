"""A draft held against an inventory that is there: only what nobody has touched is changed.

Three versions of every cell are compared: what was drafted last time, what stands in the file, and
what is drafted now. Where the file still says what was drafted, or asks what can now be answered,
the new draft is put in its place; everything else is people's, and stays.
"""

from __future__ import annotations

from blastlint.drafting.memory import OPEN, digest, digest_of
from blastlint.drafting.rows import UNLISTED
from blastlint.drafting.writing import (
    FILES,
    Given,
    plain_comment,
    row_lines,
    unwritable,
    value_of,
)
from blastlint.editing import Revision, written
from blastlint.source import parse
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.drafting.memory import Memory
    from blastlint.drafting.rows import Cell, Row
    from blastlint.inventory.loading import Inventory
    from blastlint.source import Document

_LONGEST = 100
"""Characters of a value that a line about it repeats."""


@dataclass(slots=True)
class Changes:
    """What a draft changes in an inventory."""

    files: dict[str, bytes] = field(default_factory=dict)
    """New content of every file that changes, by its path below the inventory."""
    said: list[str] = field(default_factory=list)
    """What was added, changed or left as people wrote it, in words."""


class _Update:
    """An inventory being brought up to date."""

    def __init__(self, inventory: Inventory, memory: Memory, days: Given) -> None:
        self.inventory = inventory
        self.memory = memory
        self.days = days
        self.revisions = {document.file: Revision(document) for document in inventory.documents}
        self.new: dict[str, list[Row]] = {}
        self.said: list[str] = []

    # --- rows -----------------------------------------------------------------------------------

    def take_in(self, row: Row) -> None:
        """Hold one row against what is written of it."""
        home = self._home(row)
        if home is None:
            self._absent(row)
            return
        revision = self.revisions[home]
        for name, cell in row.cells.items():
            self._cell(revision, row, name, cell)

    def _home(self, row: Row) -> str | None:
        """Return the file that a row stands in; none if it stands nowhere."""
        for document in self.inventory.documents:
            if row.id in _section(document, row.section):
                return document.file
        return None

    def _absent(self, row: Row) -> None:
        if self.memory.of(row):
            self.said.append(
                f"{row.section} {row.id}: somebody took it out, the files still tell it"
            )
        else:
            self.new.setdefault(row.section, []).append(row)

    def _cell(self, revision: Revision, row: Row, name: str, cell: Cell) -> None:
        stands = _section(revision.document, row.section)[row.id] or {}
        before = self.memory.of(row).get(name)
        if name not in stands:
            if before is None and (self.memory.of(row) or not cell.is_open):
                self._put(revision, row, name, cell, f"{self._now(cell)} (added)")
            return
        now = digest_of(stands[name])
        if now == digest(cell) or cell.is_open:
            return
        if now == (before or OPEN):
            self._put(revision, row, name, cell, self._instead(cell, stands[name]))
        elif before != digest(cell):
            self.said.append(
                f"{row.section} {row.id}.{name} says {_short(stands[name])}, which somebody wrote; "
                f"the files now say {_short(cell.value)} ({cell.why or 'as read'})"
            )

    def _now(self, cell: Cell) -> str:
        return _short(value_of(cell, self.days))

    def _instead(self, cell: Cell, before: object) -> str:
        """Say what a cell says now and said before; of a list, what has come and gone."""
        if not (isinstance(before, list) and isinstance(cell.value, list)):
            return f"{self._now(cell)} (was {_short(before)})"
        gone = [f"without {_short(item)}" for item in before if item not in cell.value]
        come = [f"with {_short(item)}" for item in cell.value if item not in before]
        return ", ".join((*gone, *come))

    def _put(self, revision: Revision, row: Row, name: str, cell: Cell, how: str) -> None:
        pointer = (row.section, row.id, name)
        try:
            revision.put(pointer, value_of(cell, self.days), plain_comment(cell))
        except ValueError as error:
            raise unwritable(row, error) from None
        self.said.append(f"{row.section} {row.id}.{name}: {how}")

    # --- what is new ----------------------------------------------------------------------------

    def add_new(self) -> None:
        """Write the rows that stand nowhere, each section in one go."""
        for section, rows in self.new.items():
            revision = self._revision_for(section)
            lines = [line for row in rows for line in ("", *row_lines(row, self.days))]
            if section not in (revision.document.value or {}):
                revision.add(
                    (), [f"{section}:", *(f"  {line}" if line else "" for line in lines[1:])]
                )
            else:
                revision.add((section,), lines)
            self.said += [f"{section} {row.id}: added" for row in rows]

    def _revision_for(self, section: str) -> Revision:
        """Return the file that takes new rows of a section: where others of them stand."""
        documents = self.inventory.documents
        holding = [one.file for one in documents if _section(one, section)]
        own = self.inventory.root.show(FILES[section])
        named = own if own in self.revisions else None
        file = named or next(iter(holding), own)
        if file not in self.revisions:
            (empty,) = parse(b"{}\n", file)
            self.revisions[file] = Revision(empty)
        return self.revisions[file]

    def changes(self) -> Changes:
        """Return everything that changes."""
        changed = {file: one for file, one in self.revisions.items() if one.is_changed}
        prefix = self.inventory.root.show("").rstrip("/") + "/"
        files = {file.removeprefix(prefix): one.data for file, one in changed.items()}
        return Changes(files, self.said)


def update(
    inventory: Inventory, rows: Iterable[Row], memory: Memory, read: Sequence[str], days: Given
) -> Changes:
    """Return what a draft changes in an inventory.

    Args:
        inventory: what is written.
        rows: what is drafted now.
        memory: what was drafted last time.
        read: ids of the evidence that was read now: what is gone from it is told.
        days: days of the draft.

    Raises:
        InputError: a file is laid out in a way that is not edited.
    """
    drafted = list(rows)
    work = _Update(inventory, memory, days)
    for row in drafted:
        work.take_in(row)
    work.add_new()
    work.said += _gone(inventory, drafted, memory, read)
    return work.changes()


def _gone(
    inventory: Inventory, rows: Sequence[Row], memory: Memory, read: Sequence[str]
) -> list[str]:
    """Say which tools are no longer offered; they stay, for somebody may know why."""
    known = {row.id for row in rows if row.section == "tools"}
    listed = [
        f"tools {name}: the tools of its server are listed now; take this row out"
        for name in inventory.tools
        if name.endswith(UNLISTED) and name not in known and f"tools {name}" in memory.cells
    ]
    return listed + [
        f"tools {name}: {tool.source} no longer offers it; it stays until somebody takes it out"
        for name, tool in inventory.tools.items()
        if name not in known and f"tools {name}" in memory.cells and tool.source in read
    ]


def _section(document: Document, name: str) -> dict[str, dict[str, object] | None]:
    value = document.value
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _short(value: object) -> str:
    text = written(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
