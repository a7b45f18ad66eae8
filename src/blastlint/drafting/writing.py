"""Rows as the files of a new inventory."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from blastlint.data import schema_address
from blastlint.drafting.rows import DAYS_TO_ANSWER, Cell
from blastlint.editing import entry
from blastlint.source import InputError, Problem, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from blastlint.drafting.rows import Row

ROOT = "inventory.yaml"
FILES = {
    "evidence": ROOT,
    "agents": ROOT,
    "retry_profiles": ROOT,
    "tools": "tools.yaml",
    "systems": "systems.yaml",
    "credentials": "credentials.yaml",
    "teams": "teams.yaml",
}
"""The file that a section is written to."""


class Given(NamedTuple):
    """Days that a draft is written with."""

    today: date
    answer_by: date

    @classmethod
    def from_day(cls, today: date) -> Given:
        """Return the days of a draft of one day."""
        return cls(today, today + timedelta(days=DAYS_TO_ANSWER))


def value_of(cell: Cell, days: Given) -> object:
    """Return what is written for a cell; an open one is an `unknown` with who answers by when."""
    if not cell.is_open:
        return cell.value
    return {"unknown": True, "owner": cell.asks, "resolve_by": days.answer_by}


def new_files(name: str, rows: Iterable[Row], days: Given) -> dict[str, str]:
    """Return the text of every file of a new inventory, by its name.

    Args:
        name: name of the inventory.
        rows: its rows, in the order in which they are written.
        days: day of the draft, and day by which open cells are answered.
    """
    sections: dict[str, list[Row]] = {section: [] for section in FILES}
    for row in rows:
        sections[row.section].append(row)
    texts = {ROOT: _head(name, days)}
    for section, file in FILES.items():
        if sections[section]:
            text = texts.setdefault(file, _modeline("inventory-part"))
            texts[file] = f"{text}\n{_section(section, sections[section], days)}"
    return texts


def _modeline(schema: str) -> str:
    return f"# yaml-language-server: $schema={schema_address(schema)}\n"


def _head(name: str, days: Given) -> str:
    return (
        f"{_modeline('inventory')}"
        f"# Drafted by blastlint init on {days.today}. Every comment behind a value says where\n"
        "# it comes from; every unknown asks a question of somebody. What you write is kept when\n"
        "# init runs again.\n"
        f"{entry('version', 1)[0]}\n{entry('name', name)[0]}\n"
        "policy:\n"
        "  profile: pilot  # asks least, to begin with; a launch is asked what production asks\n"
    )


def _section(section: str, rows: Iterable[Row], days: Given) -> str:
    lines = [line for row in rows for line in ("", *row_lines(row, days))][1:]
    return "\n".join([f"{section}:", *(f"  {line}" if line else "" for line in lines)]) + "\n"


def row_lines(row: Row, days: Given) -> list[str]:
    """Return the lines of a row, its id first, not indented."""
    about = [f"# {plain_comment(Cell(why=line))}" for line in row.about]
    if not row.cells:
        return [*about, *entry(row.id, {})]
    head = entry(row.id, {})[0].removesuffix(" {}")
    return [*about, head, *(f"  {line}" for line in _cells(row, days))]


def _cells(row: Row, days: Given) -> list[str]:
    try:
        return [
            line
            for name, cell in row.cells.items()
            for line in entry(name, value_of(cell, days), plain_comment(cell))
        ]
    except ValueError as error:
        raise unwritable(row, error) from None


def plain_comment(cell: Cell) -> str:
    """Return the comment behind a cell, without characters that cannot be seen."""
    return "".join(letter if letter.isprintable() else "?" for letter in cell.why)


def unwritable(row: Row, error: ValueError) -> InputError:
    """Return why a row cannot be written: what it was read from holds strange characters."""
    message = f"{row.section} {shown(row.id)} cannot be written: {error}"
    return InputError(Problem(message, help="take it out of the file that it was read from"))
