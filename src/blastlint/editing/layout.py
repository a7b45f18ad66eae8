"""How a document is laid out: lines, columns, comments, and where each entry begins and ends."""

from __future__ import annotations

import re

from blastlint.source import InputError, Problem
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from blastlint.source import Document

    Pointer = Sequence[str | int]

_COMMENT = re.compile(r"([ \t]*)(#[^\r\n]*)?")
_FILLING = re.compile(r"(?:\s|#[^\r\n]*)*")
"""What may stand between two entries in braces or brackets, beside their comma."""
_HEADER = re.compile(r"[|>][-+\d]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or an item of a list."""

    start: int
    """Offset of its key; in a list of dashes, of its dash; else of its value."""
    mark: int
    """Offset after its colon or dash; after its key, if there is no colon."""
    value: int
    """Offset of its value."""
    end: int
    """Offset after its value, and after the space that follows a text of lines."""
    tail: int
    """Offset from which on nothing is its value's: after it, or where the next line begins."""


class Layout:
    """A document's text, and the places in it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        found = re.search("\r\n?|\n", self.text)
        self.newline = found[0] if found else "\n"
        """How its lines end."""

    def value(self, pointer: Pointer) -> Any:  # noqa: ANN401 - any value
        """Return what stands at a pointer, or raise KeyError."""
        found: Any = self.document.value
        for step in pointer:
            here = dict(enumerate(found)) if isinstance(found, list) else found
            if not isinstance(here, dict) or step not in here:
                raise KeyError(step)
            found = here[step]
        return found

    def line_start(self, offset: int) -> int:
        """Return the offset of the line's first character."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Return the offset of the break that ends a line, or of the text's end."""
        found = re.compile("[\r\n]").search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Return the offset where the next line begins, or of the text's end."""
        found = re.compile("\r\n?|\n").search(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
        """Return how many characters stand before an offset on its line."""
        return offset - self.line_start(offset)

    def begins_line(self, offset: int) -> bool:
        """Whether nothing but spaces stands before an offset on its line."""
        return not self.text[self.line_start(offset) : offset].strip(" ")

    def ends_line(self, offset: int) -> bool:
        """Whether nothing but a comment stands behind an offset on its line."""
        return self.comment(offset)[1] == self.line_end(offset)

    def comment(self, offset: int) -> tuple[str, int]:
        """Return the comment behind an offset with the space before it, and where it ends."""
        found = _COMMENT.match(self.text, offset)
        if found is None or not found[2] or not (found[1] or offset == self.line_start(offset)):
            end = found.end(1) if found else offset
            return "", end
        return found[0].rstrip(), found.end()

    def comma(self, offset: int) -> int:
        """Return the offset of the comma that follows behind an offset, or -1."""
        found = _FILLING.match(self.text, offset)
        end = found.end() if found else offset
        return end if self.text[end : end + 1] == "," else -1

    def is_flow(self, pointer: Pointer) -> bool:
        """Whether a container stands inside braces or brackets, its own or another one's."""
        return any(self._opens(pointer[:n]) for n in range(len(pointer) + 1))

    def in_braces(self, pointer: Pointer) -> bool:
        """Whether a container has braces or brackets of its own."""
        return self._opens(pointer)

    def is_quoted(self) -> bool:
        """Whether this is JSON, as far as can be seen: a map in braces with keys in quotes."""
        keys = list(self.document.value) if self._opens(()) else []
        if not keys or isinstance(self.document.value, list):
            return False
        return self.text[self.document.extent(keys[:1], key=True)[0]] == '"'

    def header(self, pointer: Pointer) -> int:
        """Return how long the sign of a text of lines is, such as `|-`; 0 for other values."""
        if not isinstance(self.value(pointer), str) or self.is_flow(pointer[:-1]):
            return 0
        found = _HEADER.match(self.text, self.document.extent(pointer)[0])
        return found.end() - found.start() if found else 0

    def entry(self, pointer: Pointer) -> Entry:
        """Return where an entry of a map or list stands."""
        start, end = self.document.extent(pointer)
        named = isinstance(pointer[-1], str)
        if named:
            first, over = self.document.extent(pointer, key=True)
            mark = self._colon(first, over)
        else:
            first = self._dash(pointer, start)
            mark = first if self.is_flow(pointer[:-1]) else first + 1
        if start == end:
            start = end = max(mark, start if self.is_flow(pointer[:-1]) else mark)
        tail = end if self._ends_in_lines(pointer) else start + len(self.text[start:end].rstrip())
        return Entry(first, mark, start, start + len(self.text[start:end].rstrip()), tail)

    def entries(self, pointer: Pointer) -> list[Entry]:
        """Return all entries of a container."""
        value = self.value(pointer)
        steps = list(value) if isinstance(value, dict) else range(len(value))
        return [self.entry((*pointer, step)) for step in steps]

    def indentation(self, pointer: Pointer) -> int:
        """Return the column of a block's entries."""
        return self.column(self.document.extent(pointer)[0])

    def refuse(self, pointer: Pointer, why: str, advice: str) -> InputError:
        """Return the error of a place that cannot be edited."""
        return InputError(Problem(why, self.document.at(pointer), advice))

    def _opens(self, pointer: Pointer) -> bool:
        value = self.value(pointer)
        start = self.document.extent(pointer)[0]
        return isinstance(value, (dict, list)) and self.text[start : start + 1] in {"{", "["}

    def _ends_in_lines(self, pointer: Pointer) -> bool:
        """Whether the last thing of a value is a text of lines, whose end is a line's beginning."""
        value = self.value(pointer)
        while value and isinstance(value, (dict, list)):
            step = next(reversed(value)) if isinstance(value, dict) else len(value) - 1
            pointer, value = (*pointer, step), value[step]
        return self.header(pointer) > 0

    def _colon(self, first: int, over: int) -> int:
        """Return the offset after the colon of a key, or after the key if it has none."""
        before = self.text[self.line_start(first) : first].rstrip()
        if before.endswith("?"):
            message = "a key that begins with '?' is not edited"
            place = self.document.at()
            raise InputError(Problem(message, place, "write it as 'key: value'"))
        found = re.compile(r"\s*:").match(self.text, over)
        return found.end() if found else over

    def _dash(self, pointer: Pointer, start: int) -> int:
        """Return the offset of an item's dash; in brackets, of the item."""
        above = pointer[:-1]
        if self.is_flow(above):
            return start
        first = self.document.extent(above)[0]
        column, line = self.column(first), self.line_start(start)
        while line > first:
            if re.compile(r" *-(?=\s|\Z)").match(self.text, line) and (
                self.text[line : line + column + 1] == " " * column + "-"
            ):
                return line + column
            line = self.line_start(line - 1)
        return first
