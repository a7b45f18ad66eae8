"""Writes first-hour sheets, for a terminal, for a comment or a runbook page, and as JSON."""

from __future__ import annotations

from textwrap import wrap

from blastlint.dossier.plain import as_plain
from blastlint.reporters.escape import shown
from blastlint.reporters.ink import ink as painter
from blastlint.reporters.json import dumps
from blastlint.reporters.markdown import code, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.reporters.ink import Ink
    from blastlint.sheet import Line, Sheet

SCHEMA = "blastlint.sheet/v1"
"""Names the form of the JSON and its version."""
WIDTH = 100
"""Columns of a terminal line."""
VALUE = 2_000
"""Characters of one line that are shown: a command must not be cut short."""
MARKS = {
    "can": ("you can", "good"),
    "cannot": ("you cannot", "error"),
    "unclear": ("unclear", "warning"),
    "open": ("not stated", "cannot-tell"),
    "": ("", "faint"),
}
"""Mark of a line to its words, and the style that they are painted in."""
_MARGIN = 14
_NOTE = "note: "


def render(sheets: Sequence[Sheet], form: str, *, colour: bool = False) -> str:
    """Return sheets as `text`, `markdown` or `json`; colour is for text alone."""
    if form == "json":
        return dumps({"schema": SCHEMA, "sheets": [as_plain(sheet) for sheet in sheets]})
    if form == "markdown":
        return "\n".join("\n".join(_markdown(sheet)) + "\n" for sheet in sheets)
    ink = painter(colour=colour)
    return "\n".join("\n".join(_text(sheet, ink)) + "\n" for sheet in sheets)


def title(sheet: Sheet) -> str:
    """Return what a sheet is about: `First hour of refund-agent: T3, blocked`."""
    tool = f", tool {sheet.tool}" if sheet.tool else ""
    return f"First hour of {sheet.agent}{tool} ({sheet.inventory}): {sheet.tier}, {sheet.verdict}"


def dated(sheet: Sheet) -> str:
    """Return for whom a sheet is, when it started, and what it is made from."""
    reader = f"for {sheet.reader}, " if sheet.reader else "for nobody that is known, "
    started = f"started {sheet.started_at}, " if sheet.started_at else ""
    return (
        f"{reader}{started}local times in {sheet.time_zone}; from the report of {sheet.as_of} "
        f"(blastlint {sheet.version}, policy {sheet.policy_digest[:19]})"
    )


def _text(sheet: Sheet, ink: Ink) -> Iterator[str]:
    yield ink("strong", shown(title(sheet)))
    yield from _wrapped(dated(sheet), WIDTH)
    for note in sheet.notes:
        first, *more = _wrapped(note, WIDTH - len(_NOTE))
        yield f"{_NOTE}{first}"
        yield from (f"{'':{len(_NOTE)}}{rest}" for rest in more)
    for question in sheet.questions:
        yield ""
        yield ink("strong", f"{question.number} {question.title}")
        for line in question.lines:
            yield from _line(line, ink)


def _line(line: Line, ink: Ink) -> Iterator[str]:
    word, style = MARKS[line.mark]
    first, *more = _wrapped(line.text, WIDTH - _MARGIN)
    yield f"  {ink(style, word)}{'':{_MARGIN - 2 - len(word)}}{first}".rstrip()
    yield from (f"{'':{_MARGIN}}{rest}" for rest in more)
    commands = line.command.splitlines()
    yield from (f"{'':{_MARGIN}}> {shown(one, VALUE)}" for one in commands)


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text as printable lines; none of them starts a build runner's command."""
    lines = wrap(shown(text, VALUE), width, break_on_hyphens=False)
    return [shown(line) for line in lines] or [""]


def _markdown(sheet: Sheet) -> Iterator[str]:
    yield f"## {prose(title(sheet))}"
    yield ""
    yield prose(dated(sheet))
    yield ""
    yield from (f"- note: {prose(note, limit=VALUE)}" for note in sheet.notes)
    for question in sheet.questions:
        yield ""
        yield f"### {question.number}. {question.title}"
        yield ""
        for line in question.lines:
            word, _ = MARKS[line.mark]
            how = ": " + " ".join(map(_code, line.command.splitlines())) if line.command else ""
            yield f"- {f'**{word}** ' if word else ''}{prose(line.text, limit=VALUE)}{how}"


def _code(text: str) -> str:
    return code(text, limit=VALUE)
