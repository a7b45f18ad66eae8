"""Tells from the text alone where in an inventory a cursor stands: half-written files, too.

A file that is being typed mostly does not parse. So this reads lines and brackets as a person does,
from the top to the cursor, and never gives up: what it cannot read it passes over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from blastlint.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    Pointer = tuple[str | int, ...]

_QUOTED = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'"""
_PLAIN = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^#\n]*?|-[^\s#][^#\n]*?"
_KEY = re.compile(rf"(?P<key>{_QUOTED}|{_PLAIN})\s*:(?=\s|$)")
_DASH = re.compile(r"-(?=\s|$)")
_FOLDED = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")
_TOKEN = re.compile(rf"{_QUOTED}|(?![\"'])[^\s,\[\]{{}}#:]+(?::(?![\s,\]}}]|$)[^\s,\[\]{{}}]*)*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a cursor stands."""

    on: Literal["key", "value"]
    pointer: Pointer
    """Of a key: to the map that it stands in. Of a value: to the value."""
    start: int
    """Offset at which the word under the cursor begins, its quote included."""
    end: int
    """Offset after that word."""
    word: str
    """The word, without quotes."""
    beside: frozenset[str]
    """Keys that the map has besides."""
    flow: bool
    """Whether it stands between brackets."""
    followed: bool
    """Whether a colon follows the word already."""


@dataclass(slots=True)
class _Level:
    """A map or a list that is not finished at the cursor."""

    column: int
    """Where its keys or dashes stand; -1 between brackets."""
    is_list: bool
    step: str | int | None = None
    """The key or the item that is being written."""
    keys: list[str] = field(default_factory=list)


def spot(text: str, offset: int) -> Spot:
    """Return where an offset of a text stands, in code points."""
    start, end, word = _word(text, offset)
    reader = _Reader(text, start)
    reader.read()
    on, pointer, beside = reader.stand(end)
    return Spot(
        on=on,
        pointer=pointer,
        start=start,
        end=end,
        word=word,
        beside=beside - {word},
        flow=reader.in_flow,
        followed=bool(re.compile(r"[ \t]*:(?=\s|$)").match(text, end)),
    )


def _word(text: str, offset: int) -> tuple[int, int, str]:
    """Return the word that a cursor stands in or behind: start, end, and its text."""
    begin = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    line = re.match(r"[^\r\n]*", text[begin:])
    for found in _TOKEN.finditer(text, begin, begin + len(line[0] if line else "")):
        if found.start() <= offset <= found.end():
            opened = text[begin : found.start()].endswith(("'", '"'))  # and closed by nobody yet
            return found.start() - opened, found.end(), _unquoted(found[0])
    if text[begin:offset].endswith(("'", '"')):
        return offset - 1, offset, ""
    return offset, offset, ""


def _unquoted(token: str) -> str:
    return token[1:-1] if len(token) > 1 and token[0] in "\"'" and token[-1] == token[0] else token


class _Reader:
    """Reads a text up to an offset."""

    def __init__(self, text: str, stop: int) -> None:
        self.text = text
        self.stop = stop
        self.levels: list[_Level] = []
        self.at = 0
        """Offset up to which everything is read."""
        self.begun = 0
        """Column of the line on which the brackets were opened."""

    # --- block style ---

    def read(self) -> None:
        """Read line by line; what stands between brackets may take several lines."""
        while self.at < self.stop:
            line, after = self._line(self.at)
            if line.strip() and not line.lstrip().startswith("#"):
                self._entry(line)
            else:
                self.at = after
            if self.in_flow:
                return
        return

    def _line(self, start: int) -> tuple[str, int]:
        """Return the text of the line from an offset on, and where the next line begins."""
        found = re.compile(r"([^\r\n]*)(\r\n?|\n|\Z)").match(self.text, start)
        return (found[1], found.end()) if found else ("", len(self.text))

    def _entry(self, line: str) -> None:
        """Read the dashes and the key that a line begins with."""
        first = self.at
        column = len(line) - len(line.lstrip(" "))
        while dash := _DASH.match(line, column):
            if first + column >= self.stop:
                break
            self._dash(column)
            column = dash.end() + len(line[dash.end() :]) - len(line[dash.end() :].lstrip(" "))
        key = _KEY.match(line, column)
        if key is None or first + column >= self.stop:
            self._plain(line, first, column)
            return
        self._key(_unquoted(key["key"]), column)
        self._value(line, first, key.end(), column)

    def _dash(self, column: int) -> None:
        """Begin an item of a list."""
        self._leave(column, keep_maps=True)
        if not (self.levels and self.levels[-1].is_list and self.levels[-1].column == column):
            self.levels.append(_Level(column, is_list=True))
        level = self.levels[-1]
        level.step = level.step + 1 if isinstance(level.step, int) else 0

    def _key(self, name: str, column: int) -> None:
        """Begin an entry of a map."""
        self._leave(column, keep_maps=False)
        if not (self.levels and self.levels[-1].column == column):
            self.levels.append(_Level(column, is_list=False))
        self.levels[-1].step = name
        self.levels[-1].keys.append(name)

    def _leave(self, column: int, *, keep_maps: bool) -> None:
        """Leave what stands further right than a column, and lists at it unless a dash follows."""
        while self.levels:
            last = self.levels[-1]
            beside = last.column == column and last.is_list and not keep_maps
            if last.column <= column and not beside:
                return
            self.levels.pop()

    def _value(self, line: str, first: int, after: int, column: int) -> None:
        """Read over what follows a key on its line."""
        rest = line[after:].lstrip(" \t")
        start = first + len(line) - len(rest)
        self.at = self._line(first)[1]
        if rest[:1] in {"[", "{"} and rest:
            self.begun = column
            self._flow(start)
        elif _FOLDED.match(rest):
            self._skip_block(column)

    def _plain(self, line: str, first: int, column: int) -> None:
        """Read over a line without a key: an item of a list, or more of a text."""
        rest = line[column:]
        self.at = self._line(first)[1]
        if rest[:1] in {"[", "{"} and rest:
            self.begun = column
            self._flow(first + column)

    def _skip_block(self, column: int) -> None:
        """Read over a text of several lines below its key."""
        while self.at < self.stop:
            line, after = self._line(self.at)
            inside = not line.strip() or len(line) - len(line.lstrip(" ")) > column
            if not inside:
                return
            self.at = after

    # --- between brackets ---

    @property
    def in_flow(self) -> bool:
        """Whether the stop stands between brackets."""
        return bool(self.levels) and self.levels[-1].column < 0

    def _flow(self, start: int) -> None:
        """Read from an opening bracket to its end, or to the stop."""
        at = start
        depth = len(self.levels)
        while at < self.stop:
            at = self._piece(at)
            if len(self.levels) == depth:
                self.at = max(self.at, self._line(at)[1])
                return
            if self._is_forgotten(at):
                del self.levels[depth:]
                self.at = at
                return
        self.at = self.stop

    def _piece(self, at: int) -> int:
        """Read one piece between brackets; return where the next one begins."""
        character = self.text[at]
        if character in "[{":
            self.levels.append(_Level(-1, is_list=character == "["))
            self.levels[-1].step = 0 if character == "[" else None
        elif character in "]}":
            self.levels.pop()
        elif character == ",":
            self._comma()
        elif character == "#" and self.text[at - 1] in " \t\r\n":
            return self._line(at)[1] - 1 if self._line(at)[1] > at + 1 else at + 1
        elif found := _TOKEN.match(self.text, at):
            return self._token(found)
        return at + 1

    def _comma(self) -> None:
        level = self.levels[-1]
        level.step = level.step + 1 if level.is_list and isinstance(level.step, int) else None

    def _token(self, found: re.Match[str]) -> int:
        """Read a word between brackets: a key, if a colon follows."""
        level = self.levels[-1]
        colon = re.compile(r"[ \t]*:").match(self.text, found.end())
        if colon and not level.is_list and level.step is None and found.end() <= self.stop:
            level.step = _unquoted(found[0])
            level.keys.append(_unquoted(found[0]))
            return colon.end()
        return found.end()

    def _is_forgotten(self, at: int) -> bool:
        """Tell whether a bracket was never closed: a key begins a line as far left as its own."""
        if self.text[at - 1 : at] not in {"\n", "\r"}:
            return False
        line, _ = self._line(at)
        column = len(line) - len(line.lstrip(" "))
        return column <= self.begun and bool(_KEY.match(line, column) or _DASH.match(line, column))

    # --- what was found ---

    def stand(self, end: int) -> tuple[Literal["key", "value"], Pointer, frozenset[str]]:
        """Return what stands at the stop, up to an offset: what it is, the way there, its kin."""
        if self.in_flow:
            level = self.levels[-1]
            if level.is_list or level.step is not None:
                return "value", self._pointer(self.levels), frozenset()
            return "key", self._pointer(self.levels[:-1]), self._beside_flow(end)
        begin = max(self.text.rfind("\n", 0, self.stop), self.text.rfind("\r", 0, self.stop)) + 1
        before = self.text[begin : self.stop]
        if before.strip(" -"):
            return "value", self._pointer(self.levels), frozenset()
        return self._key_in_block(before, end)

    def _key_in_block(
        self, before: str, end: int
    ) -> tuple[Literal["key", "value"], Pointer, frozenset[str]]:
        """Return where a word stands that begins a line."""
        column = len(before)
        if not before.rstrip().endswith("-"):
            self._leave(column, keep_maps=False)
        top = self.levels[-1] if self.levels else None
        within = top is not None and top.column == column and not top.is_list
        levels = self.levels[:-1] if within else self.levels
        beside = frozenset([*(top.keys if within and top else ()), *self._after(end, column)])
        return "key", self._pointer(levels), beside

    def _pointer(self, levels: Sequence[_Level]) -> Pointer:
        return tuple(level.step for level in levels if level.step is not None)

    def _after(self, end: int, column: int) -> list[str]:
        """Return the keys that follow in the same map."""
        found = []
        at = self._line(end)[1]
        while at < len(self.text):
            line, at = self._line(at)
            indent = len(line) - len(line.lstrip(" "))
            if not line.strip() or line.lstrip().startswith("#") or indent > column:
                continue
            key = _KEY.match(line, indent)
            if indent < column or key is None:
                break
            found.append(_unquoted(key["key"]))
        return found

    def _beside_flow(self, end: int) -> frozenset[str]:
        """Return the keys between the same brackets, as far as they are closed on this line."""
        after: list[str] = []
        depth = 0
        for found in re.finditer(r"[\[{\]}]|[,{]\s*([\w.-]+)\s*:(?=\s)", self._line(end)[0]):
            if depth == 0 and found[1]:
                after.append(found[1])
            depth += (found[0][0] in "[{") - (found[0][0] in "]}")
            if depth < 0:
                break
        return frozenset([*self.levels[-1].keys, *after])
