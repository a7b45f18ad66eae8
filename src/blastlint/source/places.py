"""Where something stands, and what is wrong with it, for people to read."""

from __future__ import annotations

from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.source.document import Document

_SHOWN = 60
"""Characters of a foreign text that a message repeats."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text; lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end_line: int
    end_column: int
    """The column after the last character."""


WHOLE_FILE = Span(1, 1, 1, 1)
"""Stands for a file that has no places, for it was not read."""


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

    def __str__(self) -> str:
        """Return `FILE:LINE:COLUMN`."""
        return f"{self.file}:{self.span.line}:{self.span.column}"


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant instead of what is written."""

    document: Document
    pointer: tuple[str | int, ...]
    is_key: bool
    """Whether the key is wrong, not its value."""
    value: str | bool
    """What to write."""
    is_sure: bool
    """Whether it can have been nothing else: only case, or `-` for `_`, makes the difference."""


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
    code: str = "schema-invalid"
    """Rule that tells more: schema-invalid, duplicate-id or dangling-reference."""
    meant: Meant | None = None

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = f"{self.location}: " if self.location else ""
        return place + self.message + (f"; {self.help}" if self.help else "")


class InputError(Exception):
    """Inputs that cannot be judged, with every problem found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return one line a problem."""
        return "\n".join(map(str, self.problems))


def shown(text: str) -> str:
    """Return a foreign text in quotes: one line, cut, nothing in it that acts on a terminal."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else f"<{code(c)}>" for c in cut) + "'"


def code(character: str) -> str:
    """Return the code point of a character, as people look it up."""
    return f"U+{ord(character):04X}"


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return "did you mean 'x'?" for the closest candidate, or nothing."""
    near, _ = nearest(word, candidates)
    return f"did you mean {shown(near)}?" if near else ""


def nearest(word: str, candidates: Iterable[str]) -> tuple[str, bool]:
    """Return the closest candidate, or nothing, and whether it can have been no other one."""
    names = sorted(set(candidates))
    folded = _folded(word)
    near = [name for name in names if _folded(name) == folded]
    if near:
        return near[0], len(near) == 1
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    near = get_close_matches(word[: 2 * _SHOWN], names, n=1)
    return (near[0] if near else ""), False


def _folded(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")
