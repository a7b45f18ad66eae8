"""One change of a document after the other, each held against what it was to give."""

from __future__ import annotations

from blastlint.editing.edit import revised
from blastlint.editing.meaning import (
    value_renamed,
    value_with,
    value_with_entries,
    value_without,
)
from blastlint.editing.putting import add, put, rename
from blastlint.editing.taking import take
from blastlint.source import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.editing.edit import Edit
    from blastlint.editing.layout import Pointer
    from blastlint.source import Document


class Revision:
    """A document that is changed step by step; the file itself stays as it is."""

    def __init__(self, document: Document) -> None:
        self.before = document
        self.document = document
        """What it says now."""

    @property
    def data(self) -> bytes:
        """The bytes that the file is to have."""
        return self.document.data

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before.data != self.document.data

    def put(self, pointer: Pointer, value: object, comment: str = "") -> None:
        """Set a value; see `put`."""
        meant = value_with(self.document.value, pointer, value)
        self._take_over(put(self.document, pointer, value, comment), meant)

    def add(self, pointer: Pointer, lines: list[str]) -> None:
        """Append entries; see `add`."""
        meant = value_with_entries(self.document.value, pointer, lines)
        self._take_over(add(self.document, pointer, lines), meant)

    def take(self, pointer: Pointer) -> None:
        """Remove an entry; see `take`."""
        meant = value_without(self.document.value, pointer)
        self._take_over(take(self.document, pointer), meant)

    def rename(self, pointer: Pointer, key: str) -> None:
        """Give a key another name; see `rename`."""
        meant = value_renamed(self.document.value, pointer, key)
        self._take_over(rename(self.document, pointer, key), meant)

    def _take_over(self, edits: Iterable[Edit], meant: object) -> None:
        data = revised(self.document, edits, meant)
        (self.document,) = parse(data, self.before.file)
