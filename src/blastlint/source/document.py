"""Files to documents: plain values, and the place of everything in them."""

from __future__ import annotations

import gc
import re
from array import array
from bisect import bisect_right

from blastlint.source.discretion import discreet
from blastlint.source.encoding import prepare
from blastlint.source.limits import EVIDENCE, OWN
from blastlint.source.places import InputError, Location, Problem, Span
from blastlint.source.reader import grow
from blastlint.source.words import Refusal, suspect
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from blastlint.source.limits import Limits
    from blastlint.source.root import Root
    from blastlint.source.tree import Tree

_LINE = 500
"""Characters of a line that a location repeats."""


class _Text:
    """A file's text; its lines are counted when a place is first asked for."""

    __slots__ = ("_lines", "_seen", "_shown", "data", "file", "quotable", "shifts")

    def __init__(self, file: str, data: bytes, quotable: frozenset[str] | None = None) -> None:
        self.file = file
        self.data = data
        self.quotable = quotable
        self.shifts: Sequence[tuple[int, int]] = ()
        """Where the parser's offsets differ from the text's, and by how much from there on."""
        self._shown = ""
        self._lines = array("I")
        self._seen: dict[tuple[int, str], str] = {}
        """Lines that locations repeat, by number and key."""

    @property
    def shown(self) -> str:
        """The text without byte order mark; what is not UTF-8 in it is replaced."""
        if not self._lines:
            self._shown = self.data.decode("utf-8-sig", "replace")
            breaks = re.finditer("\r\n?|\n", self._shown)
            self._lines.extend((0, *(found.end() for found in breaks)))
        return self._shown

    def place(self, start: int, end: int, note: str = "", key: str = "") -> Location:
        """Return the location of two of the parser's offsets, and of the key above them."""
        start, end = self._trimmed(self._written(start), self._written(end))
        line, column = self._at(start)
        if (line, key) not in self._seen:
            self._seen[line, key] = self._line(line, key)
        return Location(self.file, Span(line, column, *self._at(end)), note, self._seen[line, key])

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Return the text's offsets for two of the parser's."""
        return self._written(start), self._written(end)

    def _written(self, offset: int) -> int:
        before = bisect_right(self.shifts, (offset, len(self.data)))
        return offset + (self.shifts[before - 1][1] if before else 0)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Leave out the space behind a block, and the space before what is empty."""
        text = self.shown
        start, end = min(start, len(text)), min(end, len(text))
        first = start if start < end else 0
        while end > first and text[end - 1] in " \t\r\n":
            end -= 1
        return min(start, end), end

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _line(self, number: int, key: str) -> str:
        start = self._lines[number - 1]
        end = self._lines[number] if number < len(self._lines) else len(self.shown)
        line = self.shown[start : min(end, start + _LINE)].rstrip("\r\n")
        return line if self.quotable is None else discreet(line, self.quotable, key)


class Document:
    """A value read from a file, and where everything in it stands."""

    __slots__ = ("_slot", "_tables", "_text", "_tree", "file", "home", "value")

    def __init__(self, text: _Text, tree: Tree, index: int) -> None:
        self.file = text.file
        """Path as shown to people."""
        self.value: Any = tree.values[index]
        """Maps, lists, text, numbers, truth values and null."""
        self.home: tuple[Root, str] | None = None
        """The folder that it was read from, and its path there; none: it was no file."""
        self._slot = tree.roots[index]
        self._text = text
        self._tree = tree
        self._tables: dict[int, dict[str | int, int]] = {}

    @property
    def digest(self) -> str:
        """Digest of the file's bytes: `sha256:…`."""
        from hashlib import sha256  # noqa: PLC0415 - few runs ask for it

        return "sha256:" + sha256(self._text.data).hexdigest()

    def at(
        self, pointer: Sequence[str | int] = (), note: str = "", *, key: bool = False
    ) -> Location:
        """Return where a value stands, or its key; for what is not written, what would hold it.

        What would hold it is shown by its key, if it has one: a map that begins a line below
        its name is found by its name.
        """
        slot, value, named, above = self._slot, self.value, -1, ""
        for step in pointer:
            child = self._children(slot, value).get(step)
            if child is None:
                key = True
                break
            named, slot = (child, child + 1) if isinstance(value, dict) else (-1, child)
            value = value[step]
            above = step if isinstance(step, str) else above
        chosen = named if key and named >= 0 else slot
        return self._text.place(self._tree.starts[chosen], self._tree.ends[chosen], note, above)

    @property
    def text(self) -> str:
        """The file's text, without byte order mark."""
        return self._text.shown

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self._text.data

    def extent(self, pointer: Sequence[str | int] = (), *, key: bool = False) -> tuple[int, int]:
        """Return where a value, or its key, begins and ends in the text, in characters.

        A text in the style of `|` or `>` ends where the line behind it begins; what is left
        empty takes no character.

        Raises:
            KeyError: nothing is written there.
        """
        slot, value, named = self._slot, self.value, -1
        for step in pointer:
            child = self._children(slot, value)[step]
            named, slot = (child, child + 1) if isinstance(value, dict) else (-1, child)
            value = value[step]
        if key and named < 0:
            raise KeyError(*pointer[-1:])
        return self._text.extent(*self._tree.extent(named if key else slot))

    def raw(self, container: object, key: str | int) -> str | None:
        """Return how a number, truth value or null is written; none for text and containers."""
        written = self._tree.raws.get((id(container), key))
        if written is not None or not isinstance(container, (dict, list)):
            return written
        value = container[key]  # type: ignore[index] # the caller took the key from the container
        if isinstance(value, (str, dict, list)):
            return None
        if value is None:
            return "null"
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _children(self, slot: int, value: object) -> dict[str | int, int]:
        if not isinstance(value, (dict, list)):
            return {}
        slot = self._tree.aliases.get(slot, slot)
        table = self._tables.get(slot)
        if table is None:
            table = self._tables[slot] = self._tree.children(slot, value)
        return table


def parse(data: bytes, file: str, limits: Limits = OWN) -> tuple[Document, ...]:
    """Read YAML or JSON text; where there is nothing but comments, there is no document."""
    text = _Text(file, data, limits.quotable)
    paused = gc.isenabled()
    gc.disable()  # a tree being built holds no garbage; looking for it costs a third of the time
    try:
        ready, text.shifts = prepare(data, limits)
        tree = grow(ready, limits)
    except Refusal as refusal:
        raise _refused(text, refusal) from None
    finally:
        if paused:
            gc.enable()
    return tuple(Document(text, tree, index) for index in range(len(tree.values)))


def _refused(text: _Text, refusal: Refusal) -> InputError:
    """Return the problem; a text that may hold secrets is not repeated where it is broken."""
    refusal = suspect(refusal, text.shown)
    if text.quotable is not None:
        text.quotable = frozenset()
    related = (text.place(*refusal.other),) if refusal.other else ()
    place = text.place(refusal.start, refusal.end)
    return InputError(Problem(refusal.message, place, refusal.advice, related, refusal.code))


def read(root: Root, relative: str, limits: Limits = OWN) -> Document:
    """Read a file that holds exactly one document."""
    found = read_all(root, relative, replace(limits, many=False))
    if not found:
        place = Location(root.show(relative), Span(1, 1, 1, 1))
        raise InputError(Problem("the file is empty", place, "fill it or remove it"))
    found[0].home = root, relative
    return found[0]


def read_all(root: Root, relative: str, limits: Limits = EVIDENCE) -> tuple[Document, ...]:
    """Read every document of a file."""
    return parse(root.read_bytes(relative, limits.max_bytes), root.show(relative), limits)
