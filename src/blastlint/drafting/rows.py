"""What a draft is made of: rows of an inventory, whose cells say where they come from."""

from __future__ import annotations

from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    Rows = dict[tuple[str, str], "Row"]

DAYS_TO_ANSWER = 14
"""Days that an open cell is given in a draft."""


UNLISTED = ".unlisted"
"""End of the id of a row that stands for tools that nobody has listed."""
_FEW = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a field, or a question in its place."""

    value: Any = None
    """Plain YAML value."""
    why: str = ""
    """Where it comes from; of an open cell, what is asked. It becomes the comment behind it."""
    asks: str = ""
    """Who must answer; empty if it is no question."""

    @property
    def is_open(self) -> bool:
        """Whether nobody can tell from the files."""
        return bool(self.asks)


@dataclass(frozen=True, slots=True)
class Row:
    """One entity of an inventory."""

    section: str
    id: str
    cells: Mapping[str, Cell]
    """By name of the field, in the order in which they are written."""
    about: tuple[str, ...] = ()
    """Lines of comment above it."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the worklist says beside the open cells."""

    weight: int
    """How grave it is: 0 is worst."""
    text: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was said on the command line."""

    agent: str
    """Id of the agent that is given the tools."""
    as_of: date
    """Day of the draft."""
    owner: str = ""
    """Team that answers for the agent; may be empty."""
    runs_as: str = ""
    """Principal that the agent acts as, as its platform writes it; may be empty."""

    @property
    def asker(self) -> str:
        """Who must answer where nobody else is known: the agent's team."""
        return self.owner or f"team of {self.agent}"


@dataclass(slots=True)
class Draft:
    """Everything that is drafted."""

    wishes: Wishes
    rows: Rows = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    servers: dict[str, None] = field(default_factory=dict)
    """Servers that a client is configured to start or call."""
    programs: dict[str, str] = field(default_factory=dict)
    """Those that it starts without giving them a credential, with where that is said."""

    def put(self, row: Row) -> None:
        """Add a row; where two tell of one thing, what is known stands over what is asked."""
        key = (row.section, row.id)
        known = self.rows.get(key)
        self.rows[key] = _joined(known, row) if known else row

    def forget(self, section: str, name: str, field: str) -> None:
        """Drop a cell, if it is there, so that another one can take its place."""
        row = self.rows.get((section, name))
        if row:
            cells = {key: cell for key, cell in row.cells.items() if key != field}
            self.rows[section, name] = replace(row, cells=cells)

    def note(self, weight: int, text: str) -> None:
        """Add something to the worklist."""
        self.notes.append(Note(weight, text))

    def section(self, name: str) -> list[Row]:
        """Return the rows of a section, in the order in which they came."""
        return [row for row in self.rows.values() if row.section == name]


def _joined(first: Row, second: Row) -> Row:
    cells = dict(first.cells)
    for name, cell in second.cells.items():
        if name not in cells or cells[name].is_open:
            cells[name] = cell
        elif isinstance(cell.value, list) and isinstance(cells[name].value, list):
            more = [one for one in cell.value if one not in cells[name].value]
            cells[name] = replace(cells[name], value=[*cells[name].value, *more])
    about = (*first.about, *(line for line in second.about if line not in first.about))
    return Row(first.section, first.id, cells, about)


def named_few(names: Sequence[str]) -> str:
    """Return a few of some names, and how many more there are."""
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"


def ask(who: str, question: str) -> Cell:
    """Return an open cell.

    Args:
        who: who must answer.
        question: what is asked.
    """
    return Cell(None, question, who)
