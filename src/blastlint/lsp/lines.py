"""Places of a check and places of an editor: the same text, counted in two ways.

A check counts lines and columns from 1, in code points, and knows no byte order mark. An editor
counts from 0, mostly in UTF-16 units.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lsprotocol.types import Position, Range

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

    from blastlint.source import Span

MARK = "\ufeff"
_BREAK = re.compile("\r\n?|\n")


class Lines:
    """A text as an editor holds it, by its lines."""

    def __init__(self, text: str, codec: PositionCodec) -> None:
        self._mark = text.startswith(MARK)
        self.text = text.removeprefix(MARK)
        """The text as a check reads it: without byte order mark."""
        self._codec = codec
        self._starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]

    def range(self, span: Span) -> Range:
        """Return where a place of a check stands in the editor."""
        return Range(
            self._position(span.line - 1, span.column - 1),
            self._position(span.end_line - 1, span.end_column - 1),
        )

    def between(self, start: int, end: int) -> Range:
        """Return the stretch between two offsets, in code points from the start of the text."""
        return Range(self.position(start), self.position(end))

    def position(self, offset: int) -> Position:
        """Return where an offset stands in the editor."""
        line = bisect_right(self._starts, offset) - 1
        return self._position(line, offset - self._starts[line])

    def offset(self, position: Position) -> int:
        """Return the offset of a place in the editor; the nearest one that there is."""
        if position.line >= len(self._starts):
            return len(self.text)
        line = self.line(position.line)
        units = max(0, position.character - self._shift(position.line))
        if units >= self._codec.client_num_units(line):
            return self._starts[position.line] + len(line)
        at = Position(0, units)
        return self._starts[position.line] + (
            self._codec.position_from_client_units([line], at).character
        )

    def start(self, span: Span) -> int:
        """Return the offset at which a place of a check begins."""
        return self._starts[min(span.line, len(self._starts)) - 1] + span.column - 1

    def end(self, span: Span) -> int:
        """Return the offset after the last character of a place of a check."""
        return self._starts[min(span.end_line, len(self._starts)) - 1] + span.end_column - 1

    def line(self, number: int) -> str:
        """Return a line, counted from 0, without its end."""
        last = number + 1 >= len(self._starts)
        end = len(self.text) if last else self._starts[number + 1]
        return self.text[self._starts[number] : end].rstrip("\r\n")

    def _position(self, line: int, column: int) -> Position:
        """Return the place of a line and a column, both from 0, in code points."""
        if line >= len(self._starts):
            line, column = len(self._starts) - 1, len(self.text)
        units = self._codec.client_num_units(self.line(line)[:column])
        return Position(line, units + self._shift(line))

    def _shift(self, line: int) -> int:
        """Return the units of the byte order mark, which an editor may keep in its text."""
        return self._codec.client_num_units(MARK) if self._mark and line == 0 else 0
