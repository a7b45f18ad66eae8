"""Shows places in files with their source line and a mark under what is meant."""

from __future__ import annotations

from blastlint.reporters.escape import pieces, shown, width
from blastlint.reporters.words import place
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.finding import Finding
    from blastlint.reporters.ink import Ink
    from blastlint.source import Location

SOURCE_WIDTH = 100
"""Longest stretch of a source line that is shown."""
TAB = "    "
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """A source line, printable and clipped around what it marks."""

    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        """The whole line as shown."""
        return f"{self.before}{self.marked}{self.after}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place to show and how it is underlined."""

    location: Location
    sign: str
    """`^` for the primary place, `-` for the others."""
    style: str


def framed(finding: Finding) -> list[Mark]:
    """Return the places to show; a path tells its own places step by step."""
    hops = finding.path.hops if finding.path else ()
    told = {(hop.location.file, hop.location.span) for hop in hops if hop.location}
    related = [
        Mark(location, "-", "frame")
        for location in finding.related
        if (location.file, location.span) not in told
    ]
    return [Mark(finding.location, "^", finding.severity), *related]


def source_line(location: Location, limit: int = SOURCE_WIDTH) -> Line:
    """Return the source line of a place, split around its span."""
    cells = [TAB if cell == "\\u{9}" else cell for cell in pieces(location.text)]
    start = min(location.span.column - 1, len(cells))
    end = _end(location, len(cells))
    if sum(map(len, cells)) <= limit:
        return Line("".join(cells[:start]), "".join(cells[start:end]), "".join(cells[end:]))
    marked = _head(cells[start:end], limit * 2 // 3)
    room = limit - len(marked)
    after = _head(cells[end:], max(room // 3, room - sum(map(len, cells[:start]))))
    before = _tail(cells[:start], room - len(after))
    return Line(before, marked, after)


def _end(location: Location, length: int) -> int:
    """Where the mark ends on its first line; a span over several lines goes to the line's end."""
    span = location.span
    end = span.end_column - 1 if span.end_line == span.line else len(location.text.rstrip())
    return max(min(end, length), min(span.column - 1, length))


def _head(cells: Sequence[str], room: int) -> str:
    text = "".join(cells)
    return text if len(text) <= room else text[: max(room - 1, 0)] + ELLIPSIS


def _tail(cells: Sequence[str], room: int) -> str:
    text = "".join(cells)
    return text if len(text) <= room else ELLIPSIS + text[len(text) - max(room - 1, 0) :]


def gutter(marks: Iterable[Mark]) -> int:
    """Return how wide the line numbers of a frame are."""
    return max((len(str(mark.location.span.line)) for mark in marks), default=1)


def frames(marks: Sequence[Mark], margin: int, ink: Ink) -> list[str]:
    """Return the lines that show some places, file by file in the order given."""
    files = dict.fromkeys(mark.location.file for mark in marks)
    lines: list[str] = []
    for file in files:
        if lines:
            lines.append(ink("frame", f"{'':{margin}} |"))
        lines += _file([mark for mark in marks if mark.location.file == file], margin, ink)
    return lines


def _file(marks: Sequence[Mark], margin: int, ink: Ink) -> list[str]:
    arrow = ink("frame", f"{'':{margin}}-->")
    untold = [mark.location for mark in marks[1:] if not mark.location.text]
    lines = [f"{arrow} {_named(one)}" for one in (marks[0].location, *untold)]
    bar = ink("frame", f"{'':{margin}} |")
    last = 0
    for mark in sorted((m for m in marks if m.location.text), key=lambda m: m.location.span):
        number = mark.location.span.line
        if last and number > last + 1:
            lines.append(ink("frame", f"{'...':{margin}}"))
        elif not last:
            lines.append(bar)
        line = source_line(mark.location)
        if number != last:
            lines.append(f"{ink('frame', f'{number:>{margin}} |')} {line.text}".rstrip())
        lines.append(f"{bar} {_underline(mark, line, ink)}")
        last = number
    return lines


def _named(location: Location) -> str:
    """The place in words, with its note if no line is there to carry it."""
    note = f" {shown(location.note)}" if location.note and not location.text else ""
    return f"{shown(place(location))}{note}"


def _underline(mark: Mark, line: Line, ink: Ink) -> str:
    note = f" {shown(mark.location.note)}" if mark.location.note else ""
    signs = mark.sign * max(1, width(line.marked))
    return f"{'':{width(line.before)}}{ink(mark.style, signs + note)}"
