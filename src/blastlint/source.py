"""Text with places: opens every input file safely and says where each value stands."""

from __future__ import annotations

import errno
import gc
import os
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass, replace

from blastlint.yamltext import Refusal, Tree, grow, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "EVIDENCE",
    "OWN",
    "Document",
    "InputError",
    "Limits",
    "Location",
    "Problem",
    "Root",
    "Span",
    "did_you_mean",
    "parse",
    "read",
    "read_all",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text; lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end_line: int
    end_column: int
    """The column after the last character."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file."""

    file: str
    """Path as shown to people, with forward slashes."""
    span: Span
    note: str = ""
    """What is to be seen there."""
    text: str = ""
    """The line where the span starts."""

    def noted(self, note: str) -> Location:
        """Return the same place with a note."""
        return replace(self, note=note)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an input cannot be judged."""

    message: str
    """What was found and what was expected."""
    location: Location | None = None
    help: str = ""
    """The next step."""
    related: tuple[Location, ...] = ()
    """Further places, each with its note."""

    def __str__(self) -> str:
        """Return the problem in one line."""
        span = self.location.span if self.location else None
        place = (
            f"{self.location.file}:{span.line}:{span.column}: " if self.location and span else ""
        )
        return place + self.message + (f"; {self.help}" if self.help else "")


class InputError(Exception):
    """Inputs that cannot be judged, with every problem found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return one line a problem."""
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a text may be to be read."""

    max_bytes: int
    """Size of the file."""
    max_depth: int
    """Maps and lists within each other."""
    max_events: int
    """Keys and values."""
    max_scalar: int
    """Characters of one text."""
    max_aliases: int
    """Characters that aliases and merge keys may add; 0: neither they nor anchors are read."""
    many: bool
    """Several documents in one file."""
    strict: bool
    """Nothing invisible, no directives, no numbers that cannot be kept exactly."""


OWN = Limits(
    max_bytes=4 * 2**20,
    max_depth=64,
    max_events=1_000_000,
    max_scalar=100_000,
    max_aliases=0,
    many=False,
    strict=True,
)
"""Files that people write for blastlint."""

EVIDENCE = Limits(
    max_bytes=16 * 2**20,
    max_depth=200,
    max_events=8_000_000,
    max_scalar=4 * 2**20,
    max_aliases=1_000_000,
    many=True,
    strict=False,
)
"""Files that other programs write."""


class _Text:
    """A file's text; lines are counted when a place is first asked for."""

    def __init__(self, file: str, data: bytes, shifts: Sequence[tuple[int, int]] = ()) -> None:
        self.file = file
        self.data = data
        self.shifts = shifts
        """Where the text that was parsed differs: offset after the difference, and by how much."""
        self.text = ""
        self.lines: list[int] = []

    def place(self, start: int, end: int, note: str = "") -> Location:
        """Return the location of two offsets of the parsed text."""
        if not self.lines:
            self.text = self.data.decode("utf-8-sig", "replace")
            self.lines = [0, *(found.end() for found in re.finditer("\r\n?|\n", self.text))]
        start, end = self._trim(self._written(start), self._written(end))
        line, column = self._at(start)
        span = Span(line, column, *self._at(end))
        return Location(self.file, span, note, self._line(line))

    def slice(self, start: int, end: int) -> str:
        """Return what is written between two offsets of the parsed text."""
        return self.text[self._written(start) : self._written(end)]

    def _written(self, offset: int) -> int:
        if not self.shifts:
            return offset
        index = bisect_right(self.shifts, (offset, 2**32)) - 1
        return offset + (self.shifts[index][1] if index >= 0 else 0)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        """Leave out the space behind a block, and the space before what is empty."""
        text = self.text
        start, end = min(start, len(text)), min(end, len(text))
        empty = start >= end
        while end > (0 if empty else start) and text[end - 1] in " \t\r\n":
            end -= 1
        return (end, end) if empty else (start, end)

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def _line(self, line: int) -> str:
        start = self.lines[line - 1]
        end = self.lines[line] if line < len(self.lines) else len(self.text)
        return self.text[start : min(end, start + 500)].rstrip("\r\n")


class Document:
    """A value read from a file, and where everything in it stands."""

    __slots__ = ("_slot", "_tables", "_text", "_tree", "file", "value")

    def __init__(self, text: _Text, tree: Tree, index: int) -> None:
        self.file = text.file
        """Path as shown to people."""
        self.value = tree.values[index]
        """Maps, lists, text, numbers, truth values and null."""
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
        """Return where a value stands (or its key); if it is not written, what would hold it.

        What would hold it is shown by its key, if it has one: a map that starts a line below
        its name is found by its name.
        """
        slot, value, named = self._slot, self.value, -1
        for step in pointer:
            child = self._child(slot, value, step)
            if child < 0:
                key = True
                break
            named, slot = (child, child + 1) if isinstance(value, dict) else (-1, child)
            value = value[step]  # type: ignore[index] # `_child` has found it
        chosen = named if key and named >= 0 else slot
        return self._text.place(self._tree.starts[chosen], self._tree.ends[chosen], note)

    def raw(self, container: object, key: str | int) -> str | None:
        """Return how a number, truth value or null is written; none for text and containers."""
        if (id(container), key) in self._tree.raws:
            return self._tree.raws[id(container), key]
        value = container[key] if isinstance(container, (dict, list)) else ""  # type: ignore[index] # the caller holds the key
        if isinstance(value, (str, dict, list)):
            return None
        if value is None:
            return "null"
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _child(self, slot: int, value: object, step: str | int) -> int:
        """Return the slot of a child, or -1."""
        if not isinstance(value, (dict, list)):
            return -1
        slot = self._tree.aliases.get(slot, slot)
        if slot not in self._tables:
            self._tables[slot] = self._tree.children(slot, value)
        return self._tables[slot].get(step, -1)


def parse(data: bytes, file: str, limits: Limits = OWN) -> tuple[Document, ...]:
    """Read YAML or JSON text; nothing but comments gives no document."""
    text = _Text(file, data)
    paused = gc.isenabled()
    gc.disable()  # a tree being built holds no garbage; looking for it costs a third of the time
    try:
        tree = grow(data.removeprefix(b"\xef\xbb\xbf"), limits)
    except Refusal as refusal:
        raise _refused(text, refusal) from None
    finally:
        if paused:
            gc.enable()
    return tuple(Document(text, tree, index) for index in range(len(tree.values)))


def _refused(text: _Text, refusal: Refusal) -> InputError:
    related = (text.place(*refusal.other),) if refusal.other else ()
    place = text.place(refusal.start, refusal.end)
    return InputError(Problem(refusal.message, place, refusal.advice, related))


def read(root: Root, relative: str, limits: Limits = OWN) -> Document:
    """Read a file that holds exactly one document."""
    limits = replace(limits, many=False) if limits.many else limits
    found = read_all(root, relative, limits)
    if not found:
        place = Location(root.show(relative), Span(1, 1, 1, 1))
        raise InputError(Problem("the file is empty", place, "fill it or remove it"))
    return found[0]


def read_all(root: Root, relative: str, limits: Limits = EVIDENCE) -> tuple[Document, ...]:
    """Read every document of a file."""
    return parse(root.read_bytes(relative, limits.max_bytes), root.show(relative), limits)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the closest candidate, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    near = get_close_matches(word[:100], sorted(set(candidates)), n=1)
    return f"did you mean {shown(near[0])}?" if near else ""


class Root:
    """A directory; everything read from it is a regular file inside it, reached by no link."""

    def __init__(self, directory: str, shown: str = "") -> None:
        self.directory = directory
        """Where it is."""
        self.shown = shown
        """How people call it: the prefix of every path shown."""

    def show(self, relative: str) -> str:
        """Return a path as shown to people."""
        return "/".join(part for part in (self.shown, relative) if part) or "."

    def read_bytes(self, relative: str, max_bytes: int) -> bytes:
        """Return the content of a regular file, or raise InputError."""
        self._check_name(relative)
        handle = self._open(relative)
        try:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise self._error(relative, "is not a regular file")
            if found.st_size > max_bytes:
                raise self._too_large(relative, max_bytes)
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(max_bytes + 1)
        finally:
            os.close(handle)
        if len(data) > max_bytes:
            raise self._too_large(relative, max_bytes)
        return data

    def walk(
        self, relative: str = "", suffixes: tuple[str, ...] = (".yaml", ".yml")
    ) -> Iterator[str]:
        """Yield the sorted paths of files with a suffix; names that start with a dot are skipped."""
        found: list[str] = []
        left = [relative]
        while left:
            here = left.pop()
            for entry in self._entries(here):
                name = f"{here}/{entry.name}" if here else entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    if entry.name.endswith(suffixes) or entry.is_dir():
                        raise self._error(name, "is a link", "links are not followed")
                elif entry.is_dir(follow_symlinks=False):
                    left.append(name)
                elif entry.name.endswith(suffixes):
                    found.append(name)
        yield from sorted(found)

    def _entries(self, relative: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.directory, relative)) as entries:  # noqa: PTH118 - no pathlib on this path
                return list(entries)
        except OSError as error:
            raise self._error(relative, (error.strerror or "cannot be read").lower()) from None

    def _check_name(self, relative: str) -> None:
        parts = relative.split("/")
        if (
            not relative.isprintable()
            or "\\" in relative
            or any(p in {"", ".", ".."} for p in parts)
        ):
            raise self._error(relative, "is not a path inside the directory")

    def _open(self, relative: str) -> int:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        parts = relative.split("/")
        here = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for index, part in enumerate(parts):
                last = index == len(parts) - 1
                there = os.open(part, flags if last else flags | os.O_DIRECTORY, dir_fd=here)
                os.close(here)
                here = there
        except OSError as error:
            os.close(here)
            raise self._error(relative, self._reason(error)) from None
        return here

    def _reason(self, error: OSError) -> str:
        words = {
            errno.ENOENT: "does not exist",
            errno.ELOOP: "is a link, and links are not followed",
            errno.ENOTDIR: "goes through a link or something that is not a directory",
            errno.EACCES: "may not be read: permission denied",
        }
        return words.get(error.errno or 0, (error.strerror or "cannot be read").lower())

    def _too_large(self, relative: str, max_bytes: int) -> InputError:
        return self._error(relative, f"is larger than {max_bytes} bytes")

    def _error(self, relative: str, reason: str, advice: str = "") -> InputError:
        name = self.show(relative)
        place = Location(name, Span(1, 1, 1, 1))
        return InputError(Problem(f"{shown(name)} {reason}", place, advice))
