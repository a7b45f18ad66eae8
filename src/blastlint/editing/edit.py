"""Replacements in a text: applied all at once, held against what they were to give, shown."""

from __future__ import annotations

from blastlint.editing.writing import plain
from blastlint.source import InputError, Problem, parse
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.source import Document

_MARK = b"\xef\xbb\xbf"
_BY_HAND = "make this change by hand"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in a file."""

    file: str
    """Path as shown to people."""
    start: int
    """Offset of the first character that goes, in the text without byte order mark."""
    end: int
    """Offset after the last one; the same: something is inserted."""
    text: str
    """What comes instead."""


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text after all edits; what is inserted at one place stands in the order given.

    Raises:
        ValueError: two edits overlap, or one lies outside of the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"the edit at {edit.start} overlaps another one or the text's end")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))


def revised(document: Document, edits: Iterable[Edit], value: object) -> bytes:
    """Return a file's bytes after edits, if they say what they were meant to say.

    Args:
        document: the file, read as one that people write.
        edits: what is to change in it.
        value: what the file is to say then.

    Raises:
        InputError: the result would say something else; its place is the document's.
        ValueError: two edits overlap.
    """
    mark = _MARK if document.data.startswith(_MARK) else b""
    data = mark + applied(document.text, edits).encode()
    try:
        found = [read.value for read in parse(data, document.file)]
    except InputError:
        found = []
    if not _same(found, [plain(value)]):
        message = "this file is laid out in a way that cannot be edited safely"
        raise InputError(Problem(message, document.at(), _BY_HAND))
    return data


def _same(one: object, other: object) -> bool:
    """Whether two values are equal, in type too: 1, 1.0 and true are not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other
